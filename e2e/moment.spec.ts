import { asOwner } from './as-owner.ts';
import { countsOf, expect, FLEET_PAGE, ROBOTS, test } from './test.ts';

test('a playback says that it is the past, in the address too, and leads back to live', async ({ page }) => {
  await page.goto(`${FLEET_PAGE}?refresh=30s`);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await page.getByRole('button', { name: 'Playback', exact: true }).click();
  const sign = page.getByTestId('floormap-past');
  await expect(sign).toContainText(/Playback: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, not now/);
  const notice = page.getByTestId('moment-notice');
  await expect(notice).toContainText(/Playback: the map shows \d{4}-.*Tiles, "Needs attention".* show now\./);
  await expect.poll(() => page.url()).toMatch(/playback=\d{13}/);

  const link = page.url();
  const [shown = ''] = (await sign.innerText()).split('\n');
  await page.goto(link);
  await expect(sign).toContainText(shown);
  await page.getByRole('button', { name: 'Return to now' }).click();
  await expect(sign).toHaveCount(0);
  await expect(notice).toHaveCount(0);
  expect(page.url()).not.toContain('playback');
  await page.goBack();
  await expect(sign).toBeVisible();
});

test('in a past time range, the numbers are those of its end', async ({ page, robots, ask }) => {
  robots.set('e2e-06', { state: 'blocked' });
  const isBlocked = async () =>
    (await ask("SELECT 1 FROM warehouse.v_events WHERE robot_id = 'e2e-06' AND state = 'blocked'")).length > 3;
  await expect.poll(isBlocked).toBe(true);
  const then = Date.now() - 2_000;
  robots.set('e2e-06', { state: 'working' });
  await expect.poll(async () => await ask("SELECT 1 FROM warehouse.v_fleet_now WHERE status = 'blocked'")).toEqual([]);

  await page.goto(`${FLEET_PAGE}?refresh=30s&from=${then - 600_000}&to=${then}`);
  await expect(page.getByTestId('moment-notice')).toContainText('The past: this page shows');
  await expect(page.getByTestId('floormap-counts')).toContainText(`= ${ROBOTS} robots · as of `);
  await expect(page.getByTestId('floormap-legend')).toContainText(/Blocked\s*1/);
  await expect(page.getByRole('gridcell').filter({ hasText: 'e2e-06' })).toBeVisible();
  await page.getByRole('button', { name: 'Return to now' }).click();
  await expect(page.getByTestId('moment-notice')).toHaveCount(0);
  await expect(page.getByTestId('floormap-legend')).not.toContainText('Blocked');

  // Before the first event, nothing is known: a 0 would be read as "none".
  const before = then - 30 * 86_400_000;
  await page.goto(`${FLEET_PAGE}?refresh=30s&from=${before - 600_000}&to=${before}`);
  await expect(page.getByText(/No robot in service reported in the 24 hours before/)).toBeVisible();
  for (const tile of [
    'online',
    'working',
    'silent',
    'not_placed',
    'low_battery',
    'tasks_per_hour',
    'events_per_second',
  ]) {
    await expect(page.getByTestId(`kpi-${tile}`)).toContainText('–');
  }
  // Nor is an empty list read as "all is well": "Needs attention" and batteries say the same.
  await expect(page.getByText(/^Nothing is known of this moment/)).toHaveCount(2);
  await expect(page.getByText('No robot needs anybody')).toHaveCount(0);
});

test('of a moment whose events are deleted, no panel says that all is well', async ({ page, world, robots, ask }) => {
  // Somebody must look at it now: a list that comes back with an old answer does not have it.
  robots.set('e2e-09', { state: 'blocked' });
  await expect
    .poll(() => ask("SELECT status FROM warehouse.v_fleet_now WHERE robot_id = 'e2e-09'"), { timeout: 30_000 })
    .toEqual([{ status: 'blocked' }]);
  // Minutes and hours are kept longer than the events.
  const then = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 100 * 86_400_000;
  const store = (table: string, ms: number) =>
    asOwner(
      world,
      `INSERT INTO warehouse.${table} (robot_id, minute, events, seconds_working, events_read, computed_at)
      VALUES ('e2e-00', toDateTime(${ms / 1_000}, 'UTC'), 60, 60, 60, toDateTime(${ms / 1_000}, 'UTC'))`
    );
  await store('telemetry_hour', then);
  await store('telemetry_minute', then + 600_000);
  await page.goto(`${FLEET_PAGE}?refresh=30s&from=${then}&to=${then + 900_000}`);
  await expect(page.getByTestId('kpi-unknown')).toContainText('The events of this moment are deleted');
  await expect(page.getByText(/^The data of this moment is no longer kept/)).toHaveCount(2);
  await expect(page.getByText('No robot needs anybody')).toHaveCount(0);
  await expect(page.getByTestId('floormap-counts')).toContainText('1 not placed = 1 robot');
  await expect(page.getByTestId('floormap-legend')).toContainText(/Unknown/);
  await expect(page.getByTestId('floormap-legend')).not.toContainText('Silent');
  await page.getByRole('button', { name: 'Return to now' }).click();
  await expect(page.getByText(/^The data of this moment is no longer kept/)).toHaveCount(0);
  const attention = page.getByTestId(/Panel header Needs attention/);
  await expect(attention.getByRole('gridcell').filter({ hasText: 'e2e-09' })).toBeVisible({ timeout: 30_000 });
  await expect(
    page
      .getByTestId(/Panel header Battery/)
      .locator('canvas')
      .first()
  ).toBeVisible({ timeout: 30_000 });
  robots.set('e2e-09', { state: 'working' });
});
