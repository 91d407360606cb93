import { asOwner } from './as-owner.ts';
import { expect, expectNoSidewaysScroll, FLEET_PAGE, test } from './test.ts';

const FLOOR_PAGE = '/a/floorwatch-fleet-app/floor-analytics';
const REPORT_PAGE = '/a/floorwatch-fleet-app/shift-report';
/** Its events are stored by the test alone. */
const ROBOT = 'hall/quiet 1';
const HOUR_MS = 3_600_000;
/** Three hours ago, in UTC; it reports for ten minutes, and is silent for eight of them. */
const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 3 * HOUR_MS;

test.beforeAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  await asOwner(
    world,
    `INSERT INTO warehouse.telemetry_raw (event_id, robot_id, ts, event_type, state, map_id, x, y, source, topic)
    SELECT generateUUIDv4(), '${ROBOT}', toDateTime64(${startMs / 1_000} + second, 3, 'UTC'), 'POSITION_UPDATE', 'blocked',
      'hall', 4.5, 2.5, 'backfill', 'seed'
    FROM (SELECT arrayJoin([0, 30, 60, 90, 570, 600]) AS second)`
  );
  for (const view of ['telemetry_minute_mv', 'telemetry_hour_mv', 'floor_cells_mv', 'floor_cells_hour_mv']) {
    for (const step of ['REFRESH', 'WAIT']) await asOwner(world, `SYSTEM ${step} VIEW warehouse.${view}`);
  }
});

// Remove the robot, because other tests count all robots.
test.afterAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  for (const name of ['telemetry_raw', 'robot_latest', 'telemetry_minute', 'telemetry_hour']) {
    await asOwner(world, `DELETE FROM warehouse.${name} WHERE robot_id = '${ROBOT}'`);
  }
});

test('a place where a robot fell silent is listed with a link to its playback, and the comparison is in the address', async ({
  page,
  ask,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const minutes = () => ask(`SELECT minute FROM warehouse.v_robot_minutes WHERE robot_id = '${ROBOT}' LIMIT 1`);
  await expect.poll(async () => (await minutes()).length, { timeout: 90_000 }).toBe(1);
  await page.goto(`${FLOOR_PAGE}?from=${startMs}&to=${startMs + 660_000}&measure=silence&refresh=`);
  const silence = page.getByTestId(/Panel header Where robots stop reporting/);
  await silence.scrollIntoViewIfNeeded();
  const row = silence.getByRole('row').filter({ hasText: ROBOT });
  await expect(row).toContainText('00:08:00');
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);

  await page.getByRole('combobox', { name: 'Compare with' }).click();
  await page.getByRole('option', { name: 'A week before' }).click();
  await expect.poll(() => page.url()).toContain('compare=7d');
  await page.goBack();
  await expect.poll(() => page.url()).not.toContain('compare=7d');

  await silence.scrollIntoViewIfNeeded();
  await row.getByRole('link', { name: 'play' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(FLEET_PAGE);
  const search = new URL(page.url()).searchParams;
  expect([search.get('var-robot'), search.get('playback')]).toEqual([ROBOT, String(startMs + 90_000)]);
  expect(errors).toEqual([]);
});

test('the shift report has the figures of its shift, on one sheet of A4 and on a phone', async ({ page, ask }) => {
  const hours = () => ask(`SELECT hour FROM warehouse.v_robot_hours WHERE robot_id = '${ROBOT}'`);
  await expect.poll(async () => (await hours()).length, { timeout: 90_000 }).toBe(1);
  const hour = new Date(startMs).getUTCHours();
  const shift = hour >= 6 && hour < 14 ? 'early' : hour >= 14 && hour < 22 ? 'late' : 'night';
  const day = new Date(startMs - (hour < 6 ? 6 * HOUR_MS : 0)).toISOString().slice(0, 10);
  await page.goto(`${REPORT_PAGE}?day=${day}&shift=${shift}&timezone=utc`);
  const report = page.getByTestId('shift-report');
  // The alert about its silence may be in the report too.
  await expect(report.getByRole('row', { name: new RegExp(`^${ROBOT} `) })).toContainText('00:04:00');
  await expect(report.getByRole('row').filter({ hasText: 'Time blocked' })).toBeVisible();

  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation').first()).toBeHidden();
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(3);
  await page.emulateMedia({ media: null });

  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page, 390);
  await page.goto(`${REPORT_PAGE}?day=2001-01-01&shift=early`);
  await expect(page.getByText('No robot reported in this shift')).toBeVisible();
  await expect(page.getByText('This shift is not over')).toHaveCount(0);

  // Of the shift that runs now, the sums are no result yet.
  const now = new Date();
  const nowHour = now.getUTCHours();
  const running = nowHour >= 6 && nowHour < 14 ? 'early' : nowHour >= 14 && nowHour < 22 ? 'late' : 'night';
  const since = new Date(now.getTime() - (nowHour < 6 ? 6 * HOUR_MS : 0)).toISOString().slice(0, 10);
  await page.goto(`${REPORT_PAGE}?day=${since}&shift=${running}&timezone=utc`);
  await expect(page.getByText('This shift is not over: the report is unfinished')).toBeVisible();
  await page.goto(`${REPORT_PAGE}?day=2100-01-01&shift=early&timezone=utc`);
  await expect(page.getByText('This shift has not started')).toBeVisible();
});
