import { boxOf, findRobot, mapPanel, openDashboard, ROBOT_VARIABLE } from './map-dashboard.ts';
import { countsOf, expect, ROBOTS, test } from './test.ts';

const BESIDE = `SELECT robot_id, x + 500 AS x, y, map_id, state, age_seconds FROM warehouse.v_fleet_now`;
const THEN = `SELECT robot_id, argMax(x, ts) AS x, argMax(y, ts) AS y, max(ts) AS last_seen, argMax(state, ts) AS state
  FROM warehouse.v_events WHERE $__timeFilter(ts) GROUP BY robot_id`;
const NOW = 'SELECT robot_id, x, y, age_seconds FROM warehouse.v_fleet_now';

test('robots outside the plan are counted, and a button brings them into view', async ({ page, world }) => {
  await openDashboard(page, world, 'e2e-beside', [mapPanel({ rawSql: BESIDE, options: { mapId: 'hall' } })]);
  const beside = page.getByRole('button', { name: `${ROBOTS} beside the plan` });
  await expect(beside).toBeVisible();
  const sign = page.getByTestId('floormap-out-of-sight');
  await sign.getByRole('button').click();
  await expect(sign).toHaveCount(0);
  await expect(beside).toBeVisible();
});

test('for a past time range, the map shows its end, or a message that the query returns the current state', async ({
  page,
  world,
  ask,
}) => {
  await expect.poll(async () => (await ask('SELECT robot_id FROM warehouse.v_fleet_now')).length).toBe(ROBOTS);
  const to = Date.now();
  const time = { from: new Date(to - 600_000).toISOString(), to: new Date(to).toISOString() };
  await openDashboard(page, world, 'e2e-past', [mapPanel({ rawSql: THEN })], { time });
  await expect(page.getByTestId('floormap-counts')).toContainText(`= ${ROBOTS} robots · as of `);
  await expect(page.getByTestId('floormap-messages')).toBeEmpty();

  await openDashboard(page, world, 'e2e-past', [mapPanel({ rawSql: NOW })], { time });
  await expect(page.getByTestId('floormap-messages')).toContainText('the query returns the fleet of now');
  await expect(page.getByTestId('floormap-counts')).not.toContainText('as of');
});

test('the menu key opens the menu of the focused robot', async ({ page, world }) => {
  await openDashboard(page, world, 'e2e-menu-key', [mapPanel()]);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await findRobot(page, 'e2e-02');
  await page.keyboard.press('Shift+F10');
  const item = page.getByRole('menuitem', { name: 'Copy id' });
  const [map, menu] = [await boxOf(page.getByTestId('floormap-canvas')), await boxOf(item)];
  expect(Math.abs(menu.x - (map.x + map.width / 2))).toBeLessThan(60);
  await page.keyboard.press('Escape');
  await expect(item).toHaveCount(0);
});

test('a selection is drawn without a refresh of the dashboard', async ({ page, world }) => {
  const rest = { refresh: '', templating: { list: [ROBOT_VARIABLE] } };
  await openDashboard(page, world, 'e2e-still', [mapPanel({ options: { selectionVariable: 'robot' } })], rest);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  const box = await boxOf(page.getByTestId('floormap-canvas'));
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 10, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 10, box.y + box.height - 10, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page.getByTestId('floormap-announcement')).toHaveText(`${ROBOTS} robots selected`);
  // The canvas above the robots has the scale bar at the bottom. Pixels above it are selection rings.
  const ringed = () =>
    page.locator('canvas[data-layer="overlay"]').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height * 0.8).data;
      return pixels?.some((channel) => channel !== 0) ?? false;
    });
  await expect.poll(ringed).toBe(true);
});

test('a map that cannot be painted shows an error, keeps its counts current, and recovers', async ({ page, world }) => {
  await openDashboard(page, world, 'e2e-map-error', [mapPanel()]);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  const messages = page.getByTestId('floormap-messages');
  await page.evaluate(() => {
    const { prototype } = CanvasRenderingContext2D;
    const original = Object.getOwnPropertyDescriptor(prototype, 'drawImage') ?? {};
    Object.assign(globalThis, { restoreCanvas: () => Object.defineProperty(prototype, 'drawImage', original) });
    prototype.drawImage = () => {
      throw new Error('no memory left');
    };
  });
  // A picture that nothing changes stays right and is not painted again.
  await page.getByTestId('floormap-canvas').press('+');
  await expect(messages).toContainText('The map cannot be painted, its picture is out of date: no memory left.');
  expect((await countsOf(page)).robots).toBe(ROBOTS);
  await page.evaluate(() => {
    (globalThis as unknown as { restoreCanvas: () => void }).restoreCanvas();
  });
  await expect(messages).toBeEmpty();
});
