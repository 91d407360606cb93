import { isOneOf } from '@floorwatch/contract/sql-text';
import type { Page } from '@playwright/test';
import {
  boxOf,
  findRobot,
  mapPanel,
  openDashboard,
  panelBeside,
  ROBOT_VARIABLE,
  table,
  viewOf,
} from './map-dashboard.ts';
import { countsOf, expect, ROBOTS, test } from './test.ts';
import type { World } from './world.ts';

const LINK = {
  title: 'Open ${__data.fields.robot_id}',
  url: '/a/floorwatch-fleet-app/fleet?var-robot=${__data.fields.robot_id:percentencode}',
};

async function openMap(page: Page, world: World): Promise<void> {
  const fieldConfig = { defaults: { links: [LINK] }, overrides: [] };
  const chosen = table(`SELECT robot_id FROM warehouse.v_fleet_now WHERE ${isOneOf('robot_id', 'robot')} ORDER BY 1`);
  const panels = [
    mapPanel({ options: { selectionVariable: 'robot' }, fieldConfig }),
    panelBeside('table', 'Chosen', chosen, 0),
  ];
  await openDashboard(page, world, 'e2e-map-tools', panels, { templating: { list: [ROBOT_VARIABLE] } });
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
}

test('a box with Shift selects robots, and another panel shows only these', async ({ page, world }) => {
  await openMap(page, world);
  const listed = () => page.getByRole('gridcell').filter({ hasText: /^e2e-/ }).allInnerTexts();
  // A table renders only visible rows.
  await expect.poll(async () => (await listed()).length).toBeGreaterThan(4);

  // The robots are in two rows from 0 m to 10.5 m. A box up to 5 m contains the left ones.
  await findRobot(page, 'e2e-00');
  const map = page.getByTestId('floormap-canvas');
  const { pxPerMetre } = await viewOf(map);
  const box = await boxOf(map);
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.keyboard.down('Shift');
  await page.mouse.move(middle.x - 20, middle.y + 20);
  await page.mouse.down();
  await page.mouse.move(middle.x + 2.2 * pxPerMetre, middle.y - 2 * pxPerMetre, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');

  await expect(page.getByTestId('floormap-announcement')).toHaveText('4 robots selected');
  await expect.poll(listed).toEqual(['e2e-00', 'e2e-01', 'e2e-08', 'e2e-09']);
});

test('clicks with the measuring tool show the distance in metres', async ({ page, world }) => {
  await openMap(page, world);
  await page.getByRole('button', { name: 'Measure' }).click();
  const map = page.getByTestId('floormap-canvas');
  const box = await boxOf(map);
  const { pxPerMetre } = await viewOf(map);
  for (const [x, y] of [
    [200, 200],
    [350, 200],
    [350, 300],
  ] as const) {
    await page.mouse.click(box.x + x, box.y + y);
  }
  const measured = Number.parseFloat(await page.getByTestId('floormap-announcement').innerText());
  expect(measured).toBeCloseTo(250 / pxPerMetre, 1);
});

test('the menu of a robot copies its coordinates, has data links and follows the robot', async ({
  page,
  world,
  robots,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openMap(page, world);
  await findRobot(page, 'e2e-02');
  const map = page.getByTestId('floormap-canvas');
  const box = await boxOf(map);
  const openMenu = () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: 'right' });

  await openMenu();
  await page.getByText('Copy coordinates').click();
  const [x = NaN, y = NaN] = (await page.evaluate(() => navigator.clipboard.readText())).split(',').map(Number);
  const { x: centreX, y: centreY } = await viewOf(map);
  // The pointer has a precision of one pixel.
  expect(x).toBeCloseTo(centreX, 1);
  expect(y).toBeCloseTo(centreY, 1);
  await expect(map).toBeFocused();

  await openMenu();
  const link = page.getByRole('link', { name: 'Open e2e-02' });
  await expect(link).toHaveAttribute('href', /\/a\/floorwatch-fleet-app\/fleet\?var-robot=e2e-02$/);

  await page.getByText('Follow', { exact: true }).click();
  robots.set('e2e-02', { x: 7, y: 5 });
  await expect.poll(async () => (await viewOf(map)).x).toBeCloseTo(7, 0);
  await expect.poll(async () => (await viewOf(map)).y).toBeCloseTo(5, 0);
  robots.set('e2e-02', { x: 3, y: 0 });
});

test('a small panel has its tools in a menu, and the keyboard alone is enough to use it', async ({ page, world }) => {
  const gridPos = { x: 0, y: 0, w: 6, h: 8 };
  await openDashboard(page, world, 'e2e-small-map', [mapPanel({ gridPos })]);
  const map = page.getByTestId('floormap-canvas');
  await expect(map).toHaveAccessibleName(/^Floor map of 12 robots, /);
  const tools = page.getByRole('button', { name: 'Map tools' });
  const [mapBox, toolsBox] = [await boxOf(map), await boxOf(tools)];
  // One row of tools at the top, and the robots below it.
  expect(toolsBox.y + toolsBox.height - mapBox.y).toBeLessThan(mapBox.height / 3);
  await expect(page.getByRole('button', { name: 'Zoom in' })).toHaveCount(0);

  const announcement = page.getByTestId('floormap-announcement');
  await map.focus();
  await page.keyboard.press('n');
  await expect(announcement).toContainText('e2e-00');
  await page.keyboard.press('Enter');
  await expect(announcement).toContainText('e2e-00 selected');
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  await expect(announcement).toHaveText('1.50 m');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  await expect(map).toBeFocused();

  await tools.click();
  await page.getByRole('menuitem', { name: 'Zoom in' }).click();
});

test('messages in a low panel scroll, and counts and tools stay visible', async ({ page, world }) => {
  const options = { planSource: 'url', planUrl: '/public/no-such-plan.png' };
  const gridPos = { x: 0, y: 0, w: 4, h: 6 };
  const rawSql = 'SELECT robot_id, y FROM warehouse.v_fleet_now';
  await openDashboard(page, world, 'e2e-low-map', [mapPanel({ rawSql, options, gridPos })]);
  const messages = page.getByTestId('floormap-messages');
  await expect(messages).toContainText('has no field x');
  await expect(messages).toContainText('no-such-plan.png');
  const [said, counts] = [await boxOf(messages), await boxOf(page.getByTestId('floormap-counts'))];
  expect(said.y + said.height).toBeLessThanOrEqual(counts.y);
});
