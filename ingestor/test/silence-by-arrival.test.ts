import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { dateTime, rollUp, rounded, storeEvents, type TestEvent } from './stored-events.ts';

/** Silence depends on arrival. A wrong clock, a replay or a path that lags must not change it. */
const HOUR_MS = 3_600_000;
const TOPIC = 'robot.telemetry';

let clickhouse: TestServer;
const ask = (query: string): Promise<Record<string, unknown>[]> => rounded(clickhouse.as('reader'), query);
const oneRow = async (query: string): Promise<Record<string, unknown>> => (await ask(query))[0] ?? {};

interface Arrival extends Partial<TestEvent> {
  robot_id: string;
  /** How long ago it arrived. */
  arrivedMsAgo: number;
  /** Event time minus arrival; 0 for a correct clock and no network delay. */
  clockMs?: number;
}

/** Stores events like a path that received each of them at its given arrival. */
async function arrive(arrivals: readonly Arrival[]): Promise<void> {
  const nowMs = Date.now();
  await storeEvents(
    clickhouse.as('owner'),
    arrivals.map(({ arrivedMsAgo, clockMs = 0, ...columns }) => ({
      ...{ state: 'working', x: 1, y: 1, map_id: 'hall', topic: TOPIC, partition: 0, ...columns },
      received_at: dateTime(nowMs - arrivedMsAgo),
      tsMs: nowMs - arrivedMsAgo + clockMs,
    }))
  );
}

/** The reports of a path for partition 0: [seconds ago, end offset, committed offset]. */
async function progress(
  samples: readonly (readonly [number, number, number])[],
  path: 'ingestor' | 'engine' = 'ingestor'
): Promise<void> {
  const nowMs = Date.now();
  await clickhouse.as('owner').insert({
    table: 'warehouse.path_offsets',
    format: 'JSONEachRow',
    values: samples.map(([secondsAgo, end_offset, committed_offset]) => ({
      ...{ path, topic: TOPIC, partition: 0, sampled_at: dateTime(nowMs - secondsAgo * 1_000) },
      ...{ end_offset, committed_offset },
    })),
  });
}

const robotOf = (robot: string, columns: string): Promise<Record<string, unknown>> =>
  oneRow(`SELECT ${columns} FROM warehouse.v_fleet_now WHERE robot_id = '${robot}'`);

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
beforeEach(async () => {
  for (const table of [
    ...['telemetry_raw', 'robot_latest', 'robot_arrivals', 'path_offsets', 'path_progress'],
    ...['rollup_events', 'rollup_touched', 'telemetry_minute', 'telemetry_hour'],
    ...['path_offset_history', 'robot_state_minutes', 'robot_states', 'floor_cells'],
  ]) {
    await clickhouse.as('owner').command({ query: `TRUNCATE TABLE warehouse.${table}` });
  }
});
afterAll(async () => {
  await clickhouse.stop();
});

test('a hundred dead robots are a silent fleet, even with one event dated 20 hours ahead', async () => {
  const dead = Array.from({ length: 100 }, (_, i) => ({ robot_id: `dead-${i}`, arrivedMsAgo: 300_000 }));
  await arrive([...dead, { robot_id: 'ahead', arrivedMsAgo: 290_000, clockMs: 20 * HOUR_MS }]);
  expect(await oneRow('SELECT silent_seconds > 280 AS silent, robots FROM warehouse.v_fleet_dropoff')).toEqual({
    silent: 1,
    robots: 101,
  });
  expect(await ask('SELECT robot_id FROM warehouse.v_telemetry_dropoff')).toEqual([]);
  expect(await robotOf('ahead', 'status, age_seconds > 280 AS old, clock_wrong')).toEqual({
    ...{ status: 'silent', old: 1, clock_wrong: 1 },
  });
});

test('an event from the future is not the state for 20 hours: later arrivals are shown', async () => {
  await arrive([{ robot_id: 'r', arrivedMsAgo: 5_000, clockMs: 20 * HOUR_MS, state: 'error', x: 99 }]);
  await arrive([{ robot_id: 'r', arrivedMsAgo: 1_000, state: 'idle', x: 2 }]);
  expect(await robotOf('r', 'status, x')).toEqual({ status: 'idle', x: 2 });
});

test('a robot whose clock is 3 minutes behind or an hour ahead is on the map as fresh, with its clock offset', async () => {
  const seconds = Array.from({ length: 60 }, (_, i) => 1_000 * (60 - i));
  for (const [robot_id, clockMs] of [
    ['right', -80],
    ['behind', -180_000],
    ['ahead', HOUR_MS],
  ] as const) {
    await arrive(seconds.map((arrivedMsAgo) => ({ robot_id, arrivedMsAgo, clockMs, x: arrivedMsAgo / 1_000 })));
  }
  const found = await ask(`SELECT robot_id, status, placed, x, silent_seconds < 30 AS heard, age_seconds < 30 AS fresh,
    position_age_seconds < 30 AS fresh_position, round(clock_offset_seconds) AS offset_seconds, clock_wrong FROM warehouse.v_fleet_now ORDER BY robot_id`);
  const fresh = { status: 'working', placed: 1, x: 1, heard: 1, fresh: 1, fresh_position: 1 };
  expect(found).toEqual([
    { robot_id: 'ahead', ...fresh, offset_seconds: -3_600, clock_wrong: 1 },
    { robot_id: 'behind', ...fresh, offset_seconds: 180, clock_wrong: 1 },
    { robot_id: 'right', ...fresh, offset_seconds: 0, clock_wrong: 0 },
  ]);
  expect(await ask('SELECT robot_id FROM warehouse.v_telemetry_dropoff')).toEqual([]);
});

test('of events that arrive at once from a clock that is ahead, the last one is shown', async () => {
  const nowMs = Date.now();
  const block = Array.from({ length: 50 }, (_, i) => ({
    ...{ robot_id: 'r', state: 'working', x: i, y: 0, topic: TOPIC, partition: 0, offset: i },
    ...{ tsMs: nowMs + HOUR_MS + i * 100, received_at: dateTime(nowMs) },
  }));
  await storeEvents(clickhouse.as('owner'), block);
  expect(await robotOf('r', 'x')).toEqual({ x: 49 });
});

test('an event from the future reaches no figure of the fleet, also not in the minute that its state is held into', async () => {
  await arrive([{ robot_id: 'ahead', arrivedMsAgo: 2_000, clockMs: 20 * HOUR_MS }]);
  await rollUp(clickhouse.as('owner'));
  expect(await ask('SELECT minute FROM warehouse.v_throughput')).toEqual([]);
});

test('events that were buffered and arrive late are late events, not a wrong clock', async () => {
  const buffered = Array.from({ length: 100 }, (_, i) => ({
    robot_id: 'r',
    arrivedMsAgo: 2_000,
    clockMs: -1_000 * (100 - i) * 6,
    x: i,
  }));
  await arrive(buffered);
  await arrive([{ robot_id: 'r', arrivedMsAgo: 1_000, clockMs: -200, x: 500 }]);
  expect(
    await robotOf('r', 'x, round(clock_offset_seconds, 1) AS clock, clock_wrong, silent_seconds < 30 AS heard')
  ).toEqual({
    ...{ x: 500, clock: 0.2, clock_wrong: 0, heard: 1 },
  });
});

test('late events without any other are no wrong clock until they have arrived for half a minute', async () => {
  const kept = (robot_id: string, arrivedMsAgo: number) => ({ robot_id, arrivedMsAgo, clockMs: -600_000 });
  await arrive([
    kept('one', 2_000),
    ...[kept('at once', 3_000), kept('at once', 2_000)],
    // heard before the arrivals that count, and silent since
    kept('long ago', 7_200_000),
    ...[40_000, 20_000, 1_000].map((ago) => kept('behind', ago)),
    { robot_id: 'ahead', arrivedMsAgo: 2_000, clockMs: 600_000 },
  ]);
  const unknown = { clock_wrong: 0, clock_offset_seconds: null };
  expect(
    await ask('SELECT robot_id, clock_wrong, clock_offset_seconds FROM warehouse.v_fleet_now ORDER BY robot_id')
  ).toEqual([
    { robot_id: 'ahead', clock_wrong: 1, clock_offset_seconds: -600 },
    { robot_id: 'at once', ...unknown },
    { robot_id: 'behind', clock_wrong: 1, clock_offset_seconds: 600 },
    { robot_id: 'long ago', ...unknown },
    { robot_id: 'one', ...unknown },
  ]);
});

test('a replay, a repair and a backfill are not arrivals', async () => {
  await arrive([{ robot_id: 'r', arrivedMsAgo: 400_000, event_id: '00000000-0000-4000-9000-000000000001' }]);
  await arrive([{ robot_id: 'heard', arrivedMsAgo: 1_000 }]);
  const nowMs = Date.now();
  for (const source of ['replay', 'repair', 'backfill']) {
    const again = { robot_id: 'r', source, state: 'working', topic: TOPIC, received_at: dateTime(nowMs) };
    await storeEvents(clickhouse.as('owner'), [
      { ...again, tsMs: nowMs - 400_000, event_id: '00000000-0000-4000-9000-000000000001' },
      { ...again, tsMs: nowMs - 350_000 },
    ]);
    expect(await robotOf('r', 'status, silent_seconds BETWEEN 395 AND 450 AS right, clock_wrong'), source).toEqual({
      ...{ status: 'silent', right: 1, clock_wrong: 0 },
    });
  }
  await storeEvents(clickhouse.as('owner'), [
    { robot_id: 'only', source: 'backfill', tsMs: nowMs + 10 * HOUR_MS, received_at: dateTime(nowMs - 100_000) },
  ]);
  expect(await robotOf('only', 'status, clock_offset_seconds')).toEqual({
    status: 'silent',
    clock_offset_seconds: null,
  });
});

test('while a path lags or is stopped no robot becomes silent, and silent robots stay silent', async () => {
  await arrive([
    { robot_id: 'waits in Kafka', arrivedMsAgo: 600_000 },
    { robot_id: 'silent before', arrivedMsAgo: 900_000 },
  ]);
  // The ingestor stored everything until 10 minutes ago; the log has grown since.
  await progress([
    [615, 90, 90],
    [605, 100, 100],
    [300, 500, 100],
    [5, 900, 100],
    [0, 905, 100],
  ]);
  expect(
    await ask(
      'SELECT robot_id, status, round(silent_seconds, -1) AS silent, age_seconds > 590 AS old FROM warehouse.v_fleet_now ORDER BY robot_id'
    )
  ).toEqual([
    { robot_id: 'silent before', status: 'silent', silent: 300, old: 1 },
    { robot_id: 'waits in Kafka', status: 'working', silent: 0, old: 1 },
  ]);
  expect(await ask('SELECT robot_id FROM warehouse.v_telemetry_dropoff')).toEqual([{ robot_id: 'silent before' }]);
  expect(await oneRow('SELECT silent_seconds < 60 AS fleet_is_heard FROM warehouse.v_fleet_dropoff')).toEqual({
    fleet_is_heard: 1,
  });
  expect(
    await oneRow('SELECT lag_messages, lag_seconds BETWEEN 600 AND 610 AS lag FROM warehouse.v_path_offsets')
  ).toEqual({
    lag_messages: 805,
    lag: 1,
  });
});

test('a partition without new messages is silent, even if the path never reaches its end', async () => {
  await arrive([{ robot_id: 'r', arrivedMsAgo: 300_000 }]);
  // A transaction marker is at the end: no consumer commits past it.
  await progress([
    [310, 99, 98],
    [300, 101, 100],
    [100, 101, 100],
    [1, 101, 100],
  ]);
  expect(await robotOf('r', 'status, silent_seconds > 280 AS long')).toEqual({ status: 'silent', long: 1 });
});

test('a lag and a pause of hours are known to five minutes, from two samples of each five minutes', async () => {
  const nowMs = Date.now();
  const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS - 20 * HOUR_MS;
  const at = (ms: number, end: number, committed: number) => [(nowMs - ms) / 1_000, end, committed] as const;
  // Every five seconds until now: produced and stored until a quarter past, produced until half past, and then nothing.
  const samples = Array.from({ length: (nowMs - hourMs) / 5_000 }, (_, i) => i * 5).map((second) =>
    at(hourMs + second * 1_000, 100 + Math.min(second, 1_800), 100 + Math.min(second, 900))
  );
  await progress(samples);
  expect(
    await oneRow(
      `SELECT toUnixTimestamp(stored_to) - ${hourMs / 1_000} BETWEEN 600 AND 900 AS stored,
         toUnixTimestamp(last_growth_at) - ${hourMs / 1_000} BETWEEN 1800 AND 2100 AS grew, lag_messages FROM warehouse.v_path_offsets`
    )
  ).toEqual({ stored: 1, grew: 1, lag_messages: 900 });
  const read = await clickhouse.as('owner').query({ query: 'SELECT * FROM warehouse.v_path_offsets', format: 'JSON' });
  const { statistics } = await read.json();
  // The recent samples are at the end of the table: at most two granules of 8,192 rows, and two samples of each five minutes.
  expect(samples.length).toBeGreaterThan(14_400);
  expect(statistics?.rows_read).toBeLessThan(samples.length / 2);
});

test('a path that delivers but no longer reports its offsets does not hide a silent robot', async () => {
  await arrive([
    { robot_id: 'silent', arrivedMsAgo: 200_000 },
    { robot_id: 'heard', arrivedMsAgo: 1_000 },
  ]);
  await progress([[250, 100, 100]]);
  expect(await ask('SELECT robot_id FROM warehouse.v_telemetry_dropoff')).toEqual([{ robot_id: 'silent' }]);
});

test('the path that is farther ahead decides when the other one stopped', async () => {
  await arrive([
    { robot_id: 'silent', arrivedMsAgo: 200_000 },
    { robot_id: 'heard', arrivedMsAgo: 1_000, source: 'engine' },
  ]);
  await progress([[500, 100, 100]], 'ingestor');
  await progress(
    [
      [100, 300, 300],
      [2, 400, 400],
    ],
    'engine'
  );
  expect(await ask('SELECT robot_id FROM warehouse.v_telemetry_dropoff')).toEqual([{ robot_id: 'silent' }]);
});

test('a robot an hour ahead does not affect the figures of others, and has its own', async () => {
  const minuteMs = Math.floor(Date.now() / 60_000) * 60_000;
  const columns = { state: 'working', x: 0.5, y: 0.5, map_id: 'hall', speed: 0 };
  const at = (tsMs: number, received: number) => ({ tsMs, received_at: dateTime(received) });
  // Both have events in the same minute, two minutes ago; one of them arrived an hour earlier.
  const second = Array.from({ length: 40 }, (_, i) => minuteMs - 120_000 + i * 1_000);
  await storeEvents(
    clickhouse.as('owner'),
    second.flatMap((ms) => [
      { robot_id: 'right', ...columns, ...at(ms, ms) },
      { robot_id: 'ahead', ...columns, ...at(ms, ms - HOUR_MS) },
    ])
  );
  await rollUp(clickhouse.as('owner'));
  for (const step of ['REFRESH', 'WAIT'])
    await clickhouse.as('owner').command({ query: `SYSTEM ${step} VIEW warehouse.floor_cells_mv` });
  const minute = `minute = toDateTime(${minuteMs / 1_000 - 120}, 'UTC')`;
  expect(await ask(`SELECT robots, events FROM warehouse.v_throughput WHERE ${minute}`)).toEqual([
    { robots: 1, events: 40 },
  ]);
  expect(await ask(`SELECT sum(seconds) AS seconds FROM warehouse.v_state_shares WHERE ${minute}`)).toEqual([
    { seconds: 60 },
  ]);
  expect(
    await ask(
      `SELECT robot_id, events, clock_ahead_events FROM warehouse.v_robot_minutes WHERE ${minute} ORDER BY robot_id`
    )
  ).toEqual([
    { robot_id: 'ahead', events: 40, clock_ahead_events: 40 },
    { robot_id: 'right', events: 40, clock_ahead_events: 0 },
  ]);
  expect(
    await ask(
      `SELECT sum(dwell_seconds) > 0 AS dwells, sum(congested_seconds) AS congested FROM warehouse.v_floor_cells`
    )
  ).toEqual([{ dwells: 1, congested: 0 }]);
  expect(
    await ask(`SELECT robot_id, clock_ahead, count() AS events FROM warehouse.v_events GROUP BY 1, 2 ORDER BY 1`)
  ).toEqual([
    { robot_id: 'ahead', clock_ahead: 1, events: 40 },
    { robot_id: 'right', clock_ahead: 0, events: 40 },
  ]);
});

test('a fleet in which nothing is late gets its minutes and hours', async () => {
  const nowMs = Date.now();
  const events = Array.from({ length: 90 }, (_, i) => ({
    robot_id: `r${i % 3}`,
    state: 'working',
    tsMs: nowMs - 1_000 * i,
  }));
  await storeEvents(clickhouse.as('owner'), events);
  for (let refresh = 0; refresh < 3; refresh++) await rollUp(clickhouse.as('owner'));
  expect(
    await oneRow('SELECT sum(events) AS events, uniqExact(robot_id) AS robots FROM warehouse.v_robot_minutes')
  ).toEqual({ events: 90, robots: 3 });
  expect(await oneRow('SELECT sum(events) AS events FROM warehouse.v_robot_hours')).toEqual({ events: 90 });
});
