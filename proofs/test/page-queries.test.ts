import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { migrate } from '@floorwatch/ingestor/migrate/migrate';
import { rows, startTestServer, type TestServer } from '@floorwatch/ingestor/test/clickhouse';
import { dateTime, storeEvents, type TestEvent } from '@floorwatch/ingestor/test/stored-events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Every query of the Pipeline, Robot and Incidents pages on the real schema, as Grafana's data source sends it. */
type Queries = Record<string, unknown>;
/** Loads the queries at run time, because the plugin is compiled as another kind of module. */
const load = async (name: string): Promise<Queries> =>
  (await import(new URL(`../../plugin/src/queries/${name}.ts`, import.meta.url).href)) as Queries;
const of = (queries: Queries, name: string) => queries[name] as (...values: unknown[]) => string;

const [pipeline, letters, oneRobot, telemetry, events, anomaly, incidents] = await Promise.all(
  ['pipeline', 'deadLetters', 'oneRobot', 'robotTelemetry', 'robotEvents', 'robotAnomaly', 'incidents'].map(load)
);
const [kpis, tasks, pageFilters, floor, narrowing, fleetThen, robotList] = await Promise.all(
  ['kpis', 'tasks', 'pageFilters', 'floorAnalytics', 'narrowing', 'fleetAt', 'robotList'].map(load)
);
const ONE_ROBOT = [
  ...['robotSheet', 'robotStates', 'robotHistory', 'robotTasks', 'robotTaskSpans', 'robotErrorSpans'],
  ...['robotReportSpans', 'robotNeighbours', 'robotSurroundings'],
].map((name): [string, (robot: string) => string] => [name, of(oneRobot ?? {}, name)]);
const OF_ROBOT: [string, (robot: string) => string][] = [
  ...ONE_ROBOT,
  ...['robotRhythm', 'robotDelay', 'robotRhythmSummary'].map((name): [string, (robot: string) => string] => [
    name,
    of(telemetry ?? {}, name),
  ]),
  ...['robotAnomalyScores', 'robotBesidePeers'].map((name): [string, (robot: string) => string] => [
    name,
    of(anomaly ?? {}, name),
  ]),
  ['robotEvents', (robot) => of(events ?? {}, 'robotEvents')(robot, { type: '', page: 1 })],
  ['robotEventsForFile', (robot) => of(events ?? {}, 'robotEventsForFile')(robot, { type: 'ERROR' })],
];
/** Of the robots that a planned stop is about. */
function robotsOfList(address: string): string {
  return of(robotList ?? {}, 'robotsOfList')(of(robotList ?? {}, 'readChoice')(new URLSearchParams(address)));
}
const OF_FLEET: [string, string][] = [
  ...['PATHS', 'PARTITIONS', 'STORED_OVER_TIME', 'REJECTED_OVER_TIME', 'REASONS', 'CHECKS', 'ROLL_UPS'].map(
    (name): [string, string] => [name, pipeline?.[name] as string]
  ),
  ['TROUBLE_OVER_TIME', incidents?.['TROUBLE_OVER_TIME'] as string],
  ['flowBefore', of(incidents ?? {}, 'flowBefore')(Date.now())],
  ['commonTraits of no robot', of(incidents ?? {}, 'commonTraits')([], Date.now())],
  ['robotsOfList', robotsOfList('zone=z-1&search=a&status=online&sort=Battery&page=2')],
  ['deadLetters', of(letters ?? {}, 'deadLetters')({ reason: '', page: 1 })],
];

const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
const fromMs = nowMs - 3_600_000;
/** The time range of an hour, as the data source writes it. */
function expand(sql: string): string {
  const [from, to] = [fromMs / 1_000, nowMs / 1_000];
  return sql
    .replace(/\$__timeFilter\((\w+)\)/g, `$1 >= toDateTime(${from}) AND $1 <= toDateTime(${to})`)
    .replace(/\$__timeInterval\((\w+)\)/g, 'toStartOfInterval(toDateTime($1), INTERVAL 20 second)')
    .replaceAll('$__interval_s', '20')
    .replaceAll('$__fromTime', `toDateTime(${from})`)
    .replaceAll('$__toTime', `toDateTime(${to})`);
}

let clickhouse: TestServer;
const ask = (sql: string): Promise<Record<string, unknown>[]> => rows(clickhouse.as('reader'), expand(sql));

/** Ten minutes at 1 Hz, an outage of 47 minutes, then two events, of which the last is 40 s late. */
const OUTAGE = 'hall/gap 1';
const at = (second: number, columns: Record<string, unknown> = {}): TestEvent => ({
  ...{ robot_id: OUTAGE, tsMs: fromMs + second * 1_000, battery: 50, state: 'working', map_id: 'hall', x: 1, y: 2 },
  ...columns,
});

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
});

describe('an empty database', () => {
  test.each(OF_FLEET)('%s runs', async (_, sql) => {
    await ask(sql);
  });
  test.each(OF_ROBOT)('%s runs', async (_, sqlOf) => {
    await ask(sqlOf('amr-1'));
  });
  test('both paths have a row without figures', async () => {
    expect(await ask(pipeline?.['PATHS'] as string)).toMatchObject([
      { path: 'engine', seconds_since_received: null, newest_event_seconds: null, lag_messages: null },
      { path: 'ingestor', seconds_since_received: null, newest_event_seconds: null, lag_messages: null },
    ]);
  });
});

describe('a robot with an outage', () => {
  beforeAll(async () => {
    const outageSecond = 600 + 47 * 60;
    await storeEvents(clickhouse.as('owner'), [
      ...Array.from({ length: 600 }, (_, second) =>
        at(second, { received_at: dateTime(fromMs + second * 1_000 + 400) })
      ),
      at(30, { event_type: 'TASK_STARTED', task_id: 't-1', received_at: dateTime(fromMs + 30_400) }),
      at(90, { event_type: 'TASK_COMPLETED', task_id: 't-1', received_at: dateTime(fromMs + 90_400) }),
      at(outageSecond, {
        error_code: 'E-1',
        state: 'error',
        received_at: dateTime(fromMs + outageSecond * 1_000 + 400),
      }),
      at(outageSecond + 1, { received_at: dateTime(fromMs + (outageSecond + 41) * 1_000) }),
    ]);
  });

  test('no line is drawn over it: battery and speed are NULL from the last event on', async () => {
    const points = await ask(of(oneRobot ?? {}, 'robotHistory')(OUTAGE));
    const gap = points.findIndex((point) => point['Battery'] === null);
    expect(gap).toBeGreaterThan(10);
    expect(Date.parse(`${String(points[gap]?.['time'])}Z`)).toBe(fromMs + 600_000);
  });

  test('it is one stretch without a report, and its task one stretch from start to end', async () => {
    const reports = await ask(of(oneRobot ?? {}, 'robotReportSpans')(OUTAGE));
    expect(reports.filter((row) => row['Reports'] === 'no report').length).toBe(2);
    expect((await ask(of(oneRobot ?? {}, 'robotTaskSpans')(OUTAGE))).map((row) => row['Task'])).toEqual(['t-1', null]);
    const errors = await ask(of(oneRobot ?? {}, 'robotErrorSpans')(OUTAGE));
    expect(errors.filter((row) => row['Error'] === 'E-1').length).toBe(1);
  });

  test('its rhythm counts what came live, what came late, and what is missing', async () => {
    const rhythm = await ask(of(telemetry ?? {}, 'robotRhythm')(OUTAGE));
    const sum = (name: string) => rhythm.reduce((all, row) => all + Number(row[name]), 0);
    expect(sum('Live')).toBe(603);
    expect(sum('Late')).toBe(1);
    // An hour at 1 Hz: the outage, and the end of the hour.
    expect(sum('Missing')).toBeGreaterThan(2_980);
    expect(sum('Missing')).toBeLessThan(3_020);
    expect(await ask(of(telemetry ?? {}, 'robotRhythmSummary')(OUTAGE))).toMatchObject([
      { late: 1, usual_gap_seconds: 1, longest_gap_seconds: 2_821, shortest_delay_seconds: 0.4 },
    ]);
  });

  test('a robot that reports each second while it drives, and each five seconds while it stands, misses nothing', async () => {
    const seconds = Array.from({ length: 3_500 }, (_, second) => second).filter(
      (second) => second % 120 < 60 || second % 5 === 0
    );
    await storeEvents(
      clickhouse.as('owner'),
      // Not exactly: its timer is late by up to half a second.
      seconds.map((second, k) => at(second + (k % 6) / 12, { robot_id: 'well' }))
    );
    const rhythm = await ask(of(telemetry ?? {}, 'robotRhythm')('well').replaceAll('$__interval_s', '1'));
    // The end of the hour, in which it did not report, is missing.
    const missing = rhythm
      .filter(({ Missing }) => Number(Missing) > 0)
      .map(({ time }) => Date.parse(`${String(time)}Z`));
    expect(missing.filter((timeMs) => timeMs < fromMs + 3_480_000)).toEqual([]);
    expect(missing.length).toBeGreaterThan(80);
  });

  test('its neighbours are none, and a page behind the last is empty', async () => {
    expect(await ask(of(oneRobot ?? {}, 'robotNeighbours')(OUTAGE))).toEqual([
      { previous: null, next: 'well', site: null },
    ]);
    expect(await ask(of(events ?? {}, 'robotEvents')(OUTAGE, { type: '', page: 99 }))).toEqual([]);
    const [first] = await ask(of(events ?? {}, 'robotEvents')(OUTAGE, { type: '', page: 1 }));
    expect(Number(first?.['events'])).toBe(604);
  });

  test.each(HOSTILE.filter((_, k) => k % 3 === 0).map(({ why, text }) => [why, text]))(
    '%s is an id that nobody has',
    async (_, text) => {
      for (const [name, sqlOf] of [...OF_ROBOT.slice(0, 1), ...OF_ROBOT.slice(-1)]) {
        expect([name, await ask(sqlOf(text))]).toEqual([name, []]);
      }
    }
  );
});

test('what affected robots have in common is what few others have, and what all have is nothing', async () => {
  const robot = (id: string, columns: Record<string, unknown>): TestEvent => ({
    ...{ robot_id: id, tsMs: nowMs - 60_000, state: 'idle', map_id: 'hall', site_id: 'here', firmware: '1.0' },
    ...columns,
  });
  await storeEvents(clickhouse.as('owner'), [
    ...['s-1', 's-2'].map((id) => robot(id, { firmware: '2.0' })),
    ...['s-3', 's-4', 's-5'].map((id) => robot(id, {})),
  ]);
  const [first] = await ask(of(incidents ?? {}, 'commonTraits')(['s-1', 's-2'], nowMs));
  // Seven robots: these five, and the two of the tests above.
  expect(first).toMatchObject({ trait: 'firmware', value: '2.0', lift: 3.5 });
  expect([first?.['affected'], first?.['all_affected'], first?.['fleet'], first?.['all_fleet']].map(Number)).toEqual([
    2, 2, 2, 7,
  ]);
  expect(await ask(of(incidents ?? {}, 'commonTraits')(['none'], nowMs))).toEqual([]);
  const [flow] = await ask(of(incidents ?? {}, 'flowBefore')(nowMs));
  expect(Number(flow?.['robots'])).toBeGreaterThanOrEqual(0);
});

test('events per second are those of whole minutes: one that is not over has only its first events yet', async () => {
  const rangeMs = fromMs - 24 * 3_600_000;
  const minutes = [75, 75, 20].map((seconds, n) => ({
    ...{
      robot_id: 'counted',
      minute: (rangeMs + n * 60_000) / 1_000,
      events: seconds === 20 ? 20 : 60,
      events_read: 1,
    },
    computed_at: dateTime(rangeMs + n * 60_000 + seconds * 1_000),
  }));
  await clickhouse.as('owner').insert({ table: 'warehouse.telemetry_minute', format: 'JSONEachRow', values: minutes });
  const trend = await ask(of(kpis ?? {}, 'kpiTrend')({ fromMs: rangeMs, toMs: rangeMs + 180_000 }));
  expect(trend.filter((row) => row['weeks_ago'] === 0).map((row) => row['events_per_second'])).toEqual([1, 1]);
  const stored = String(pipeline?.['STORED_OVER_TIME']).replace(
    '$__timeFilter(minute)',
    `minute >= toDateTime(${rangeMs / 1_000}) AND minute < toDateTime(${rangeMs / 1_000 + 180})`
  );
  expect((await ask(stored)).map((row) => row['events'])).toEqual([1, 1]);
});

test('failures by code count the robots with such failures, and the time of the last one', async () => {
  const task = (robot: string, endedMs: number, end: string): TestEvent[] =>
    ['TASK_STARTED', end].map((type, k) => ({
      ...{ robot_id: robot, task_id: `t-${robot}`, event_type: type, map_id: 'codes' },
      tsMs: endedMs - (1 - k) * 20_000,
    }));
  await storeEvents(clickhouse.as('owner'), [
    ...task('failed', nowMs - 120_000, 'TASK_FAILED'),
    ...task('done-1', nowMs - 60_000, 'TASK_COMPLETED'),
    ...task('done-2', nowMs - 60_000, 'TASK_COMPLETED'),
  ]);
  const filters = of(pageFilters ?? {}, 'readFilters') as unknown as (parameters: URLSearchParams) => unknown;
  const times = await ask(of(tasks ?? {}, 'taskTimes')(filters(new URLSearchParams({ map: 'codes' })), 'UTC'));
  const codes = times.filter(({ part }) => part === 'code');
  expect(codes).toMatchObject([{ code: '', last_failed: dateTime(nowMs - 120_000) }]);
  expect([codes[0]?.['failed'], codes[0]?.['failed_robots']].map(Number)).toEqual([1, 1]);
});

test('a robot that fell silent before the range, and still is, counts where it was', async () => {
  const last = { x: 7.5, y: 8.5, map_id: 'silence', state: 'working' };
  await storeEvents(clickhouse.as('owner'), [
    { robot_id: 'still silent', tsMs: fromMs - 600_000, ...last },
    { robot_id: 'parked', tsMs: fromMs - 600_000, ...last, state: 'maintenance' },
  ]);
  const sql = of(floor ?? {}, 'silencePlaces')({ fromMs, toMs: nowMs }, 'silence');
  expect(await ask(sql)).toMatchObject([{ x: 7.5, y: 8.5, 'Last robot': 'still silent', Longest: 4_200 }]);
});

test('the hour that is not over is no whole hour: it is not compared with those before', async () => {
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600;
  const hours = [hour, hour - 3_600].flatMap((minute) =>
    ['h-1', 'h-2'].map((robot_id) => ({ robot_id, minute, events: 9, events_read: 1, computed_at: dateTime(nowMs) }))
  );
  await clickhouse.as('owner').insert({ table: 'warehouse.telemetry_hour', format: 'JSONEachRow', values: hours });
  const inWeek = (sql: string): string =>
    sql.replaceAll('$__timeFilter(hour)', `hour >= toDateTime(${hour - 7 * 86_400}, 'UTC') AND hour <= now('UTC')`);
  const [part] = await ask(inWeek(of(anomaly ?? {}, 'robotBesidePeers')('h-1')));
  expect(part?.['hour']).toBe(dateTime((hour - 3_600) * 1_000).slice(0, 19));
  expect(await ask(inWeek(of(anomaly ?? {}, 'robotAnomalyScores')('h-1')))).toHaveLength(1);
});

test('the silence that lasts at the end of the range is its longest time without an event', async () => {
  await storeEvents(
    clickhouse.as('owner'),
    [0, 1, 2].map((second) => at(second, { robot_id: 'quiet' }))
  );
  expect(await ask(of(telemetry ?? {}, 'robotRhythmSummary')('quiet'))).toMatchObject([
    { usual_gap_seconds: 1, longest_gap_seconds: 3_598 },
  ]);
});

test('the filters of the Fleet page narrow its counts now and at a past moment, by the smallest zone', async () => {
  const owner = clickhouse.as('owner');
  const square = (from: number, to: number) =>
    [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
    ].map(([x, y]) => ({ x, y }));
  const zone = { map_id: 'quay', kind: 'area' };
  const insert = (table: string, values: object[]) =>
    owner.insert({ table: `warehouse.${table}`, format: 'JSONEachRow', values });
  await insert('zones', [
    { ...zone, zone_id: 'all of it', name: 'All', polygon: square(0, 100) },
    { ...zone, zone_id: 'berth', name: 'Berth', polygon: square(10, 20) },
  ]);
  await insert('floor_plans', [{ map_id: 'quay', site_id: 'harbour', name: 'Quay' }]);
  await insert('robots', [
    { robot_id: 'q-inner', model: 'lift', site_id: 'harbour' },
    { robot_id: 'q-new', model: 'lift', site_id: 'harbour' },
  ]);
  const asked = Date.now();
  const robot = (robot_id: string, x: number): TestEvent => ({
    ...{ robot_id, tsMs: asked, state: 'idle', battery: 15, map_id: 'quay', x, y: x },
  });
  await storeEvents(owner, [robot('q-inner', 15), robot('q-outer', 50)]);
  const counts = async (search: string, atMs: number) => {
    const chosen = of(narrowing ?? {}, 'readNarrowing')(new URLSearchParams(search)) as unknown;
    const hadEvents = of(fleetThen ?? {}, 'hadEvents')(atMs, of(narrowing ?? {}, 'andOfFleet')(chosen));
    const [row] = await ask(of(kpis ?? {}, 'kpiCounts')({ atMs, hadEvents, narrowing: chosen }));
    return ['robots', 'expected', 'low_battery', 'is_known'].map((name) => Number(row?.[name]));
  };
  for (const atMs of [NaN, asked + 1_000]) {
    expect(await counts('site=harbour', atMs)).toEqual([2, 3, 2, 1]);
    expect(await counts('map=quay', atMs)).toEqual([2, 2, 2, 1]);
    expect(await counts('var-model=lift', atMs)).toEqual([1, 2, 1, 1]);
    expect(await counts('zone=berth', atMs)).toEqual([1, 1, 1, 1]);
    expect(await counts('zone=all+of+it&var-robot=q-inner&var-robot=q-outer', atMs)).toEqual([1, 1, 1, 1]);
    expect((await counts('zone=closed+last+year', atMs)).slice(0, 3)).toEqual([0, 0, 0]);
  }
  // The curves are of these robots.
  const chosen = of(narrowing ?? {}, 'readNarrowing')(new URLSearchParams('zone=berth')) as unknown;
  const ofRobots = of(narrowing ?? {}, 'andNarrowed')(NaN, chosen);
  await ask(of(kpis ?? {}, 'kpiTrend')({ fromMs, toMs: nowMs }, ofRobots));
  await ask(of(kpis ?? {}, 'kpiTasks')({ fromMs, toMs: nowMs }, ofRobots));
});

test('a playback has the retirement of a robot as its row, whatever the robot reports afterwards', async () => {
  const owner = clickhouse.as('owner');
  const retiredMs = nowMs - 600_000;
  const robot = (tsMs: number): TestEvent => ({ robot_id: 'p-left', tsMs, state: 'idle', map_id: 'p', x: 1, y: 1 });
  await storeEvents(owner, [robot(retiredMs - 5_000), robot(retiredMs + 5_000)]);
  await owner.insert({
    table: 'warehouse.robot_retirements',
    format: 'JSONEachRow',
    values: [{ robot_id: 'p-left', retired: 1, changed_at: dateTime(retiredMs), changed_by: 'test', reason: 'sold' }],
  });
  const playback = (await import(
    new URL('../../plugin/src/floormap/playback/playbackQuery.ts', import.meta.url).href
  )) as Queries;
  const played = async (from: number, to: number) =>
    (await ask(of(playback, 'playbackSql')(from, to, 10)))
      .filter((row) => row['robot_id'] === 'p-left')
      .map((row) => [row['t'], row['x'], row['state']]);
  expect(await played(fromMs, nowMs)).toEqual([
    [retiredMs - 5_000, 1, 'idle'],
    [retiredMs, null, 'retired'],
    [retiredMs + 5_000, 1, 'idle'],
  ]);
  expect(await played(fromMs, retiredMs - 1_000)).toEqual([[retiredMs - 5_000, 1, 'idle']]);
  expect(await played(retiredMs, nowMs)).toEqual([]);
});

// Last: its robots would be neighbours of those above.
test('a planned stop is about the listed robots of all pages, with their sites', async () => {
  const place = { tsMs: Date.now(), state: 'idle' };
  await storeEvents(clickhouse.as('owner'), [
    ...Array.from({ length: 60 }, (_, i) => ({ ...place, robot_id: `stop-${i + 100}`, site_id: 'here' })),
    { ...place, robot_id: 'stop-999' },
    { ...place, robot_id: 'other', site_id: 'here' },
  ]);
  const found = await ask(robotsOfList('search=stop-&page=2'));
  expect(found).toHaveLength(61);
  expect([found[0], found[60]]).toEqual([
    { robot_id: 'stop-100', site: 'here' },
    { robot_id: 'stop-999', site: '' },
  ]);
});
