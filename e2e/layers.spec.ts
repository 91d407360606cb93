import type { Page } from '@playwright/test';
import { boxOf, mapPanel, openDashboard, table, viewOf } from './map-dashboard.ts';
import { expect, ROBOTS, test } from './test.ts';

/** Options without anything else on the canvas of the cells. */
const BARE = { planSource: 'none', showZones: false, trailPoints: 0 };

/** The colour of the canvas below the robots at a position: red, green, blue, opacity, each 0–255. */
async function colourAt(page: Page, xMetres: number, yMetres: number): Promise<number[]> {
  const map = page.getByTestId('floormap-canvas');
  await expect(map).toHaveAttribute('data-view', /,/);
  const { x, y, pxPerMetre } = await viewOf(map);
  const { width, height } = await boxOf(map);
  const at = { right: width / 2 + (xMetres - x) * pxPerMetre, down: height / 2 - (yMetres - y) * pxPerMetre };
  return map.locator('canvas[data-layer="plan"]').evaluate((element, { right, down }) => {
    const canvas = element as HTMLCanvasElement;
    const ratio = canvas.width / canvas.clientWidth;
    return [...(canvas.getContext('2d')?.getImageData(right * ratio, down * ratio, 1, 1).data ?? [])];
  }, at);
}

test('a built-in layer that is selected in the options paints the cells where robots stood', async ({
  page,
  world,
  ask,
}) => {
  test.setTimeout(270_000);
  // e2e-00 is at 0 m, 0 m from the first test on. The cells are computed every two minutes.
  const cells = "SELECT count() AS cells FROM warehouse.v_floor_cells WHERE map_id = 'hall' AND x = 0.5 AND y = 0.5";
  await expect
    .poll(async () => Number((await ask<{ cells: string }>(cells))[0]?.cells), { timeout: 180_000 })
    .toBeGreaterThan(0);
  const panel = mapPanel({ options: { ...BARE, layers: [] } });
  await openDashboard(page, world, 'e2e-layers', [panel], { time: { from: 'now-1h', to: 'now' } });
  await page.goto(`/d/e2e-layers?editPanel=${panel.id}`);
  await expect(page.getByTestId('floormap-counts')).toContainText(`= ${ROBOTS} robots`);
  expect((await colourAt(page, 0.8, 0.8))[3]).toBe(0);

  await page.getByRole('button', { name: 'Add layer' }).click();
  await page.getByRole('combobox', { name: 'Source' }).click();
  await page.getByText('Time that robots spent in each square metre').click();
  await page.getByLabel('Name', { exact: true }).fill('Where they stand');
  await page.getByLabel('Shown at first').check({ force: true });

  const legend = page.getByTestId('floormap-layers');
  await expect(legend).toContainText('Where they stand');
  await expect(legend).toContainText(/0 s.*\d+ (s|min|h)/);
  await expect.poll(async () => (await colourAt(page, 0.8, 0.8))[3]).toBeGreaterThan(100);
  // No robot was there.
  expect((await colourAt(page, 0.5, 8.5))[3]).toBe(0);
  await page.getByRole('button', { name: 'Hide Where they stand' }).click();
  await expect.poll(async () => (await colourAt(page, 0.8, 0.8))[3]).toBe(0);
});

test('a query layer has the colours of its scale and shows the value under the pointer', async ({ page, world }) => {
  const layers = [
    {
      name: 'Wear',
      source: { kind: 'query', refId: 'B' },
      compareWith: '',
      scheme: 'continuous-BlPu',
      opacity: 1,
      unit: 's',
      min: 0,
      max: 100,
      isShown: true,
    },
  ];
  const panel = mapPanel({ options: { ...BARE, layers } });
  const wear = "SELECT 'hall' AS map_id, number * 4 + 0.5 AS x, 6.5 AS y, number * 37.5 AS value FROM numbers(3)";
  panel.targets.push(table(wear, 'B'));
  await openDashboard(page, world, 'e2e-query-layer', [panel]);
  await expect(page.getByTestId('floormap-counts')).toContainText(`= ${ROBOTS} robots`);
  const colours = async () => Promise.all([0.5, 4.5, 8.5].map((x) => colourAt(page, x, 6.5)));
  await expect.poll(async () => (await colours()).every(([, , , opacity]) => opacity === 255)).toBe(true);
  expect(new Set((await colours()).map(String)).size).toBe(3);
  await expect(page.getByTestId('floormap-messages')).toBeEmpty();

  const map = page.getByTestId('floormap-canvas');
  const [{ x, y, pxPerMetre }, box] = [await viewOf(map), await boxOf(map)];
  await page.mouse.move(
    box.x + box.width / 2 + (8.5 - x) * pxPerMetre,
    box.y + box.height / 2 - (6.5 - y) * pxPerMetre
  );
  await expect(page.getByTestId('floormap-place')).toContainText(/Wear\s*1 min 15 s/);
});
