import { join } from 'node:path';
import { expect, test } from './test.ts';

const IMAGE = join(import.meta.dirname, '../demo/plans/hall.png');
const UID = 'e2e-calibration';
/** Placement of the image: 4 cm per pixel, lower-left corner at (−3, 2) m, no rotation. */
const METRES_PER_PIXEL = 0.04;
const ORIGIN = { x: -3, y: 2 };

const clickHouse = { type: 'grafana-clickhouse-datasource', uid: 'floorwatch-clickhouse' };
const rawSql = 'SELECT robot_id, x, y, map_id, age_seconds FROM warehouse.v_fleet_now';
const dashboard = {
  uid: UID,
  title: 'Calibration',
  panels: [
    {
      id: 1,
      type: 'floorwatch-floormap-panel',
      title: 'Floor',
      gridPos: { x: 0, y: 0, w: 24, h: 18 },
      datasource: clickHouse,
      targets: [{ refId: 'A', datasource: clickHouse, editorType: 'sql', queryType: 'table', format: 1, rawSql }],
      options: { planSource: 'url', planUrl: '/e2e-plan.png' },
    },
  ],
};

test.beforeEach(async ({ page, world }) => {
  const authorization = `Basic ${Buffer.from(`admin:${world.grafanaAdminPassword}`).toString('base64')}`;
  await page.setExtraHTTPHeaders({ authorization });
  await page.route('**/e2e-plan.png', (route) => route.fulfill({ path: IMAGE }));
  const saved = await page.request.post('/api/dashboards/db', {
    headers: { authorization },
    data: { dashboard, overwrite: true },
  });
  expect(saved.ok()).toBe(true);
});

test('three points with their metres calibrate a plan, and the options store it', async ({ page }) => {
  await page.goto(`/d/${UID}?editPanel=1`);
  await page.getByRole('button', { name: 'Calibrate on the image' }).click();
  const image = page.getByTestId('calibration-image');
  await expect(image).toBeVisible();
  const [width, height] = await image.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height] as const);
  const result = page.getByTestId('calibration-result');

  for (const [k, [right, down]] of [
    [0.1, 0.9],
    [0.9, 0.9],
    [0.1, 0.2],
  ].entries()) {
    const box = await image.boundingBox();
    if (box === null) throw new Error('the image is not on the page');
    await image.click({ position: { x: (right ?? 0) * box.width, y: (down ?? 0) * box.height } });
    const metres = {
      x: ORIGIN.x + (right ?? 0) * width * METRES_PER_PIXEL,
      y: ORIGIN.y + (1 - (down ?? 0)) * height * METRES_PER_PIXEL,
    };
    await page.getByLabel(`x of point ${k + 1}, metres`).fill(metres.x.toFixed(3));
    await expect(result).toContainText(`Type the metres of point ${k + 1}.`);
    await page.getByLabel(`y of point ${k + 1}, metres`).fill(metres.y.toFixed(3));
  }
  // A click has the precision of a screen pixel, which is some centimetres here.
  await expect(result).toContainText(/RMS error \d{1,2}\.\d cm, (3\.9|4\.0)\d* cm per pixel, turned -?0\.[0-2]\d°/);
  await page.getByRole('button', { name: 'Apply' }).click();

  await expect(page.getByRole('button', { name: 'Calibrated by 3 points' })).toBeVisible();
  const placed = page.getByRole('spinbutton', { name: 'Metres per pixel' });
  expect(Number(await placed.inputValue())).toBeCloseTo(METRES_PER_PIXEL, 3);
});
