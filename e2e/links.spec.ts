import { boxOf, mapPanel, openDashboard, ROBOT_VARIABLE, viewOf } from './map-dashboard.ts';
import { MAP_ID } from './robots.ts';
import { countsOf, expect, FLEET_PAGE, ROBOTS, test } from './test.ts';

/** On a busy machine, a query may take longer than the usual 5 s, and a refresh cancels it. */
const PAGE = `${FLEET_PAGE}?refresh=5m`;
const UPSTAIRS = { map_id: 'upstairs', x: 31, y: 17 };

test.beforeAll(({ robots }) => {
  robots.set('e2e-10', UPSTAIRS);
  robots.set('e2e-11', { state: 'error', error_code: 'E-STUCK', x: 9, y: 14 });
});

test.afterAll(({ robots }) => {
  robots.set('e2e-10', { map_id: MAP_ID, x: 3, y: 1.5 });
  robots.set('e2e-11', { state: 'working', error_code: null, x: 4.5, y: 1.5 });
});

test('a link to a robot shows it: on its floor, in the middle, named', async ({ page, ask }) => {
  const upstairs = () => ask("SELECT robot_id FROM warehouse.v_fleet_now WHERE map_id = 'upstairs'");
  await expect.poll(upstairs).toEqual([{ robot_id: 'e2e-10' }]);
  await page.goto(`${PAGE}&var-robot=e2e-10`);
  const map = page.getByTestId('floormap-canvas');
  await expect(page.getByTestId('floormap-announcement')).toContainText('e2e-10');
  await expect.poll(async () => (await viewOf(map)).x).toBeCloseTo(UPSTAIRS.x, 0);
  await expect.poll(async () => (await viewOf(map)).y).toBeCloseTo(UPSTAIRS.y, 0);
  await expect(page.getByTestId('floormap-tooltip')).toContainText('e2e-10');
  expect(await countsOf(page)).toEqual({ placed: 1, elsewhere: ROBOTS - 1, notPlaced: 0, robots: ROBOTS });
});

test('a robot that a link names but that is not there is said', async ({ page }) => {
  await page.goto(`${PAGE}&var-robot=e2e-99`);
  await expect(page.getByTestId('floormap-messages')).toContainText('e2e-99: selected, but not among these robots.');
});

test('a click on "Needs attention" moves the map to the robot, keeps the time range, and Back comes back', async ({
  page,
  ask,
}) => {
  const inError = () => ask("SELECT robot_id FROM warehouse.v_fleet_now WHERE status = 'error' AND y > 13");
  await expect.poll(inError).toEqual([{ robot_id: 'e2e-11' }]);
  await page.goto('/alerting/list');
  await page.goto(`${PAGE}&from=now-30m&to=now`);
  const map = page.getByTestId('floormap-canvas');
  await expect(page.getByRole('gridcell').filter({ hasText: 'E-STUCK' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'robot_id' })).toHaveCount(0);
  await page.getByRole('link', { name: 'e2e-11' }).click();
  await expect.poll(async () => (await viewOf(map)).x).toBeCloseTo(9, 0);
  await expect.poll(async () => (await viewOf(map)).y).toBeCloseTo(14, 0);
  expect(page.url()).toContain('var-robot=e2e-11');
  expect(page.url()).toContain('from=now-30m');
  await page.goBack();
  await expect(page.getByTestId(/Panel header Needs attention/)).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(FLEET_PAGE);
  expect(page.url()).not.toContain('e2e-11');
  await page.goBack();
  await expect.poll(() => new URL(page.url()).pathname).toBe('/alerting/list');
});

test('a selection on the map is a step that Back takes back, and does not move the map', async ({ page }) => {
  await page.goto(PAGE);
  const map = page.getByTestId('floormap-canvas');
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await map.focus();
  await page.keyboard.press('n');
  await expect(page.getByTestId('floormap-announcement')).toContainText('e2e-');
  const before = await map.getAttribute('data-view');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toMatch(/var-robot=e2e-/);
  await expect(page.getByTestId('floormap-announcement')).toContainText('selected');
  expect(await map.getAttribute('data-view')).toBe(before);
  await page.goBack();
  await expect.poll(() => page.url()).not.toMatch(/var-robot=e2e-/);
  expect(new URL(page.url()).pathname).toBe(FLEET_PAGE);
});

test('338 selected robots make no endless address, and the map says what that means', async ({ page, world }) => {
  const rawSql = `SELECT concat('ops-crowd-', leftPad(toString(number), 4, '0')) AS robot_id, number % 26 AS x,
    intDiv(number, 26) AS y FROM numbers(338)`;
  const panels = [mapPanel({ rawSql, options: { selectionVariable: 'robot' } })];
  await openDashboard(page, world, 'e2e-crowd', panels, { templating: { list: [ROBOT_VARIABLE] }, refresh: '' });
  await expect.poll(async () => (await countsOf(page)).robots).toBe(338);
  const box = await boxOf(page.getByTestId('floormap-canvas'));
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 4, box.y + 48);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 4, box.y + box.height - 4, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page.getByTestId('floormap-announcement')).toHaveText('338 robots selected');
  await expect(page.getByTestId('floormap-messages')).toContainText('The selection is too large for a link');
  expect(page.url().length).toBeLessThan(2_300);
});

test('filters narrow the Fleet page and go with its links, and Back takes each step back', async ({ page, ask }) => {
  const where = () =>
    ask("SELECT robot_id FROM warehouse.v_fleet_now WHERE map_id = 'upstairs' OR status = 'error' ORDER BY 1");
  await expect.poll(where).toEqual([{ robot_id: 'e2e-10' }, { robot_id: 'e2e-11' }]);
  const inError = page.getByRole('link', { name: 'e2e-11' });
  // As a dashboard links.
  await page.goto(`${PAGE}&var-map=upstairs&var-site=$__all`);
  await expect(page.getByTestId('kpi-online')).toContainText(/Online of 1\s*1/);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(1);
  await expect(page.getByTestId('filter-notice')).toContainText('The page is filtered.');
  await expect(page.getByText('No robot needs anybody')).toBeVisible();

  await page.getByRole('combobox', { name: 'Floor' }).click();
  await page.getByRole('option', { name: 'hall', exact: true }).click();
  await expect(page.getByTestId('kpi-online')).toContainText(`Online of ${ROBOTS - 1}`);
  await inError.click();
  await expect.poll(() => page.url()).toMatch(/map=hall.*var-robot=e2e-11|var-robot=e2e-11.*map=hall/);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS - 1);
  await page.goBack();
  await page.goBack();
  await expect.poll(() => page.url()).toContain('var-map=upstairs');
  await expect(page.getByTestId('kpi-online')).toContainText(/Online of 1\s*1/);
});

test('a filter of a floor that is gone is said, not shown as an empty fleet', async ({ page }) => {
  await page.goto(`${PAGE}&map=closed+hall`);
  await expect(page.getByTestId('unknown-filter')).toContainText('Floor “closed hall” does not exist, or not any more');
  await expect(page.getByTestId('filter-notice')).toContainText('No robot matches these filters');
  await page.getByRole('button', { name: 'Remove this filter' }).click();
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await expect(page.getByTestId('filter-notice')).toHaveCount(0);
});
