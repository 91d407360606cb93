import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { asOwner } from './as-owner.ts';
import { countsOf, expect, expectNoSidewaysScroll, FLEET_PAGE, ROBOTS, test } from './test.ts';

const ROBOT_PAGE = '/a/floorwatch-fleet-app/robot';
const ROBOTS_PAGE = '/a/floorwatch-fleet-app/robots';
/** Its events are stored by the test alone. */
const GAP = 'hall/gap 1';
const panel = (title: string) => new RegExp(`Panel header ${title}`);

test.beforeAll(({ robots }) => {
  robots.set('e2e-08', {
    state: 'error',
    error_code: 'E-STUCK',
    speed: 1.5,
    meta: { localized: true, note: 'from e2e' },
  });
});

// Remove the robot, because other tests count all robots.
test.afterAll(async ({ robots, world }) => {
  robots.set('e2e-08', { state: 'working', error_code: null, speed: 0, meta: null });
  if (world.clickHouseUrl === '') return;
  for (const name of ['telemetry_raw', 'robot_latest']) {
    await asOwner(world, `DELETE FROM warehouse.${name} WHERE robot_id = '${GAP}'`);
  }
});

test('a click on a robot in the list opens its page, with what it does and did; Back comes back', async ({
  page,
  ask,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const inError = () => ask("SELECT robot_id FROM warehouse.v_fleet_now WHERE error_code = 'E-STUCK'");
  await expect.poll(inError, { timeout: 30_000 }).toEqual([{ robot_id: 'e2e-08' }]);
  await page.goto(`${ROBOTS_PAGE}?refresh=5m&search=e2e-08`);
  await page.getByRole('link', { name: 'e2e-08' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(ROBOT_PAGE);
  await expect(page.getByRole('heading', { level: 1, name: 'e2e-08' })).toBeVisible();
  const sheet = page.getByTestId('robot-sheet');
  for (const text of ['error', 'E-STUCK', '72%', '1.50 m/s', 'hall']) await expect(sheet).toContainText(text);
  await expect(page.getByTestId('floormap-following')).toHaveText('Following e2e-08');
  for (const [tab, title] of [
    ['History', 'States, tasks, errors and gaps'],
    ['Telemetry', 'Events: live, late and missing'],
    ['Tasks', 'Tasks'],
    ['Anomaly', 'Last whole hour beside all robots'],
    ['Events', 'Events'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByTestId(panel(title)).first()).toBeVisible();
    await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  }
  expect(page.url()).toContain('tab=events');
  await expect(page.getByRole('gridcell').filter({ hasText: 'POSITION_UPDATE' }).first()).toBeVisible();
  await expect(page.getByTestId('events-shown')).toHaveText(/^1 to \d+ of \d+ events$/);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const file = await (await download).createReadStream();
  const text = (await file.toArray()).join('');
  expect(text).toMatch(/^\ufeffTime,Event,State,/);
  expect(text).toContain(',E-STUCK,');
  await page.goBack();
  await expect(page.getByRole('tab', { name: 'Anomaly' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('link', { name: 'Next robot: e2e-09' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'e2e-09' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Anomaly' })).toHaveAttribute('aria-selected', 'true');
  await page.goto(`${ROBOTS_PAGE}?refresh=5m&search=e2e-08`);
  await page.getByRole('link', { name: 'e2e-08' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(ROBOT_PAGE);
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  await page.goBack();
  await expect(page.getByTestId('robots-shown')).toHaveText('Robots 1 to 1 of 1');
  expect(page.url()).toContain('search=e2e-08');
  expect(errors).toEqual([]);
});

test('the page of a robot leads to the floor map', async ({ page }) => {
  await page.goto(`${ROBOT_PAGE}?id=e2e-01`);
  await page.getByRole('link', { name: 'Show on the map' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(FLEET_PAGE);
  expect(page.url()).toContain('var-robot=e2e-01');
});

test('"Needs attention" leads to the page of the robot', async ({ page }) => {
  await page.goto(`${FLEET_PAGE}?refresh=5m`);
  await page.getByRole('link', { name: 'E-STUCK' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(ROBOT_PAGE);
  await expect(page.getByRole('heading', { level: 1, name: 'e2e-08' })).toBeVisible();
});

test('an id that nobody has says so, whatever it holds, and asks for no other robot', async ({ page }) => {
  for (const { text } of HOSTILE.filter((_, k) => k % 6 === 1)) {
    await page.goto(`${ROBOT_PAGE}?${new URLSearchParams({ id: `none ${text}` }).toString()}`);
    await expect(page.getByText(/^No robot has the id none /), text).toBeVisible();
    await expect(page.getByTestId('robot-tabs'), text).toHaveCount(0);
    await expect(page.getByTestId(/Panel status error/), text).toHaveCount(0);
  }
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
});

test('an address without an id says so', async ({ page }) => {
  await page.goto(ROBOT_PAGE);
  await expect(page.getByText('The address names no robot')).toBeVisible();
  await page.getByRole('link', { name: 'See all robots' }).click();
  await expect(page.getByTestId('robots-shown')).toBeVisible();
});

test('a retired robot is neither silent nor offline: list, page and map say since when, by whom and why', async ({
  page,
  world,
  ask,
}) => {
  const retire = (retired: 0 | 1) =>
    asOwner(
      world,
      `INSERT INTO warehouse.robot_retirements (robot_id, retired, changed_by, reason)
      VALUES ('e2e-05', ${retired}, 'Ada Lovelace', 'wheel motor broken')`
    );
  const robotsAt = async (atMs: number) => {
    await page.goto(`${FLEET_PAGE}?refresh=30s&from=${atMs - 600_000}&to=${atMs}`);
    await expect(page.getByTestId('floormap-counts')).toContainText('as of');
    const tile = page.getByTestId('kpi-online');
    await expect(tile).toContainText(/Online of \d/);
    const inService = Number(/Online of (\d+)/.exec(await tile.innerText())?.[1]);
    return { shown: (await countsOf(page)).robots, inService };
  };
  const report = () => ask("SELECT count() AS robots FROM warehouse.v_fleet_now WHERE robot_id LIKE 'e2e-%'");
  await expect.poll(report).toEqual([{ robots: ROBOTS }]);
  const then = Date.now();
  const before = await robotsAt(then);
  await retire(1);
  try {
    const since = /Retired since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, by Ada Lovelace: wheel motor broken\./;
    await page.goto(`${ROBOTS_PAGE}?refresh=5s&search=e2e-05`);
    await page.getByRole('button', { name: 'Search the retired robots' }).click();
    await expect(page.getByTestId('robots-shown')).toHaveText('Robots 1 to 1 of 1');
    await expect(page.getByRole('gridcell', { name: 'retired' })).toBeVisible();
    await page.getByRole('link', { name: 'e2e-05' }).click();
    await expect(page.getByText(since)).toBeVisible();
    await expect(page.getByText('This robot is not on the live map.')).toBeVisible();
    await page.goto(`${FLEET_PAGE}?refresh=5s&var-robot=e2e-05`);
    await expect(page.getByTestId('retired-notice')).toContainText(since);
    // A past moment counts it up to then, and no longer.
    expect(await robotsAt(Date.now())).toEqual({ shown: before.shown - 1, inService: before.inService - 1 });
    expect(await robotsAt(then)).toEqual(before);
  } finally {
    await retire(0);
  }
});

test('an outage is a gap in the battery line and silence among the states', async ({ page, ask, world }) => {
  const minute = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
  await asOwner(
    world,
    `INSERT INTO warehouse.telemetry_raw (event_id, robot_id, ts, event_type, battery, state, source, topic)
    SELECT generateUUIDv4(), '${GAP}', toDateTime64(${minute / 1_000} + second, 3, 'UTC'), 'POSITION_UPDATE', 50,
      'working', 'backfill', 'seed'
    FROM (SELECT arrayJoin([0, 10, 20, 30, 630, 640, 650]) AS second)`
  );
  await expect
    .poll(() => ask(`SELECT count() AS events FROM warehouse.v_events WHERE robot_id = '${GAP}'`))
    .toEqual([{ events: 7 }]);

  const answers: Record<string, unknown[][]> = {};
  page.on('response', (response) => {
    if (!response.url().includes('/api/ds/query')) return;
    response.json().then(
      (json: { results: Record<string, { frames?: Frame[] }> }) => {
        const frame = json.results['A']?.frames?.[0];
        const names = frame?.schema.fields.map(({ name }) => name).join() ?? '';
        if (frame) answers[names] = frame.data.values;
      },
      () => undefined // The page was closed before the answer was read.
    );
  });
  const range = `from=${minute - 60_000}&to=${minute + 900_000}`;
  await page.goto(`${ROBOT_PAGE}?id=${encodeURIComponent(GAP)}&tab=history&${range}`);
  await expect(page.getByRole('heading', { level: 1, name: GAP })).toBeVisible();
  await expect
    .poll(() => answers['time,State']?.[1])
    .toEqual(['working', 'working', 'working', 'working', 'silent', 'working', 'working', 'working', 'silent']);
  await expect.poll(() => answers['time,Battery,Speed']?.[1]).toEqual([50, 50, 50, 50, null, 50, 50, 50, null]);
});

interface Frame {
  schema: { fields: { name: string }[] };
  data: { values: unknown[][] };
}

test('on a phone of 390 px, the page is not scrolled sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${ROBOT_PAGE}?id=e2e-08`);
  await expect(page.getByTestId('robot-sheet')).toBeVisible();
  await expectNoSidewaysScroll(page, 390);
});
