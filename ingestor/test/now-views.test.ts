import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { dateTime, rollUp, rounded, storeEvents } from './stored-events.ts';

/** The current state and the last minutes, for events whose results were computed by hand. */
const MINUTE_MS = 60_000;
const nowMs = Date.now();
const hourAgoMs = nowMs - 60 * MINUTE_MS;
const placed = (x: number, y: number, map_id = 'hall'): object => ({ x, y, map_id });

let clickhouse: TestServer;
const ask = (query: string): Promise<Record<string, unknown>[]> => rounded(clickhouse.as('reader'), query);

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  const zone = { map_id: 'hall', kind: 'area', updated_at: '2020-01-01 00:00:00' };
  // A "U": the area between its arms is outside.
  const u = [
    [0, 0],
    [9, 0],
    [9, 9],
    [6, 9],
    [6, 3],
    [3, 3],
    [3, 9],
    [0, 9],
  ].map(([x, y]) => ({ x, y }));
  await clickhouse.as('owner').insert({
    table: 'warehouse.zones',
    format: 'JSONEachRow',
    values: [
      { ...zone, zone_id: 'u', name: 'U', polygon: u },
      { ...zone, zone_id: 'empty', name: 'Empty', polygon: u.map(({ x, y }) => ({ x: (x ?? 0) + 100, y })) },
      // Around the origin, on a map without robots.
      {
        ...zone,
        zone_id: 'origin',
        map_id: 'cellar',
        name: 'Origin',
        polygon: u.map(({ x = 0, y }) => ({ x: x - 1, y: (y ?? 0) - 1 })),
      },
    ],
  });
  await storeEvents(clickhouse.as('owner'), [
    { robot_id: 'arm', tsMs: nowMs, battery: 5, state: 'working', ...placed(1, 8) },
    { robot_id: 'between', tsMs: nowMs, battery: 9.99, state: 'working', ...placed(4.5, 8) },
    { robot_id: 'stuck', tsMs: nowMs, battery: 10, state: 'blocked', ...placed(8, 8) },
    { robot_id: 'upstairs', tsMs: nowMs, battery: 100, state: 'charging', ...placed(1, 8, 'mezzanine') },
    { robot_id: 'silent', tsMs: hourAgoMs, battery: 99.5, state: 'idle', ...placed(1, 8) },
    { robot_id: 'no place', tsMs: nowMs, state: 'idle' },
    // It was at 55 percent in the zone, then left. Late events change neither.
    { robot_id: 'left', tsMs: nowMs, battery: 55, state: 'idle', ...placed(20, 20) },
    { robot_id: 'left', tsMs: nowMs - MINUTE_MS, battery: 12, state: 'charging', ...placed(1, 8) },
  ]);
});
afterAll(async () => {
  await clickhouse.stop();
});

test('the battery distribution: robots by steps of 10 percent, 100 in the last', async () => {
  expect(
    await ask(`SELECT from_percent, to_percent, robots, charging FROM warehouse.v_battery_distribution ORDER BY 1`)
  ).toEqual([
    { from_percent: 0, to_percent: 10, robots: 2, charging: 0 },
    { from_percent: 10, to_percent: 20, robots: 1, charging: 0 },
    { from_percent: 50, to_percent: 60, robots: 1, charging: 0 },
    { from_percent: 90, to_percent: 100, robots: 2, charging: 1 },
  ]);
});

test('zone occupancy: robots inside the polygon, on its map, that still report', async () => {
  expect(
    await ask(`SELECT zone_id, zone_name, robots, stuck FROM warehouse.v_zone_occupancy ORDER BY zone_id`)
  ).toEqual([
    { zone_id: 'empty', zone_name: 'Empty', robots: 0, stuck: 0 },
    { zone_id: 'origin', zone_name: 'Origin', robots: 0, stuck: 0 },
    { zone_id: 'u', zone_name: 'U', robots: 2, stuck: 1 },
  ]);
});

test('each robot has the floor, the smallest zone around it, and the site of its map if it reports none', async () => {
  const owner = clickhouse.as('owner');
  const square = (from: number, to: number): object[] =>
    [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
    ].map(([x, y]) => ({ x, y }));
  const zone = { kind: 'area', updated_at: '2020-01-01 00:00:00' };
  const zones = [
    { ...zone, map_id: 'yard', zone_id: 'all', name: 'Yard', polygon: square(0, 100) },
    { ...zone, map_id: 'yard', zone_id: 'dock', name: 'Dock', polygon: square(10, 20) },
    { ...zone, map_id: 'yard', zone_id: 'gone', name: 'Gone', polygon: square(12, 13), deleted: 1 },
    { ...zone, map_id: 'roof', zone_id: 'roof', name: 'Roof', polygon: square(0, 100) },
  ];
  await owner.insert({ table: 'warehouse.zones', format: 'JSONEachRow', values: zones });
  await owner.insert({
    table: 'warehouse.floor_plans',
    format: 'JSONEachRow',
    values: [{ map_id: 'yard', site_id: 'rotterdam', name: 'Yard' }],
  });
  await storeEvents(owner, [
    { robot_id: 'z in both', tsMs: nowMs, state: 'idle', ...placed(12.5, 12.5, 'yard') },
    { robot_id: 'z in one', tsMs: nowMs, state: 'idle', site_id: 'own', ...placed(50, 50, 'yard') },
    { robot_id: 'z outside', tsMs: nowMs, state: 'idle', ...placed(-1, 50, 'yard') },
    { robot_id: 'z without a map', tsMs: nowMs, state: 'idle', x: 12, y: 12 },
    { robot_id: 'z without a place', tsMs: nowMs, state: 'idle', site_id: 'own' },
  ]);
  expect(
    await ask(
      `SELECT robot_id, site_id, map_id, zone_id, zone_name FROM warehouse.v_fleet_now WHERE robot_id LIKE 'z %' ORDER BY 1`
    )
  ).toEqual([
    { robot_id: 'z in both', site_id: 'rotterdam', map_id: 'yard', zone_id: 'dock', zone_name: 'Dock' },
    { robot_id: 'z in one', site_id: 'own', map_id: 'yard', zone_id: 'all', zone_name: 'Yard' },
    { robot_id: 'z outside', site_id: 'rotterdam', map_id: 'yard', zone_id: null, zone_name: null },
    { robot_id: 'z without a map', site_id: null, map_id: null, zone_id: null, zone_name: null },
    { robot_id: 'z without a place', site_id: 'own', map_id: null, zone_id: null, zone_name: null },
  ]);
});

test('throughput and state shares of two minutes', async () => {
  const minute = Math.floor(hourAgoMs / MINUTE_MS) * MINUTE_MS - 60 * MINUTE_MS;
  const task = { task_id: 't', event_type: 'TASK_STARTED' };
  await storeEvents(clickhouse.as('owner'), [
    { robot_id: 'p', tsMs: minute, state: 'working', ...task, ...placed(0, 0) },
    { robot_id: 'p', tsMs: minute + 30_000, state: 'idle', ...task, event_type: 'TASK_COMPLETED', ...placed(3, 4) },
    { robot_id: 'q', tsMs: minute + 45_000, state: 'charging', event_type: 'ERROR', ...placed(9, 9) },
  ]);
  await rollUp(clickhouse.as('owner'));
  const range = `minute BETWEEN toDateTime(${minute / 1000}) AND toDateTime(${minute / 1000 + 600})`;
  // p's last state holds for half of the next minute, q's for three quarters, without events.
  expect(
    await ask(`SELECT * EXCEPT (minute, computed_at) FROM warehouse.v_throughput WHERE ${range} ORDER BY minute`)
  ).toEqual([
    {
      ...{ events: 3, robots: 2, tasks_started: 1, tasks_completed: 1, tasks_failed: 0 },
      ...{ distance_metres: 5, errors: 1 },
    },
    {
      ...{ events: 0, robots: 0, tasks_started: 0, tasks_completed: 0, tasks_failed: 0 },
      ...{ distance_metres: 0, errors: 0 },
    },
  ]);
  const shares = `SELECT state, percent FROM warehouse.v_state_shares WHERE percent > 0 AND ${range}`;
  expect(await ask(`${shares} ORDER BY minute, state`)).toEqual([
    { state: 'charging', percent: 12.5 },
    { state: 'idle', percent: 25 },
    { state: 'silent', percent: 37.5 },
    { state: 'working', percent: 25 },
    { state: 'charging', percent: 37.5 },
    { state: 'idle', percent: 25 },
    { state: 'silent', percent: 37.5 },
  ]);
  const overRange = `SELECT state, 100 * sum(seconds) / (SELECT sum(seconds) FROM warehouse.v_state_shares WHERE ${range}) AS percent
    FROM warehouse.v_state_shares WHERE ${range} GROUP BY state HAVING percent > 0 ORDER BY state`;
  const found = await ask(overRange);
  expect(found).toEqual([
    { state: 'charging', percent: 25 },
    { state: 'idle', percent: 25 },
    { state: 'silent', percent: 37.5 },
    { state: 'working', percent: 12.5 },
  ]);
  expect(found.reduce((sum, { percent }) => sum + Number(percent), 0)).toBe(100);
});

test('the pipeline: events per path, arrival times, and dead letters', async () => {
  const owner = clickhouse.as('owner');
  const received = (agoMs: number): string => dateTime(nowMs - agoMs);
  // 60 rows in the last minute, 240 more in the last five, 1,000 before. None counts for the other path.
  for (const [count, agoMs] of [
    [60, 5_000],
    [240, 2 * MINUTE_MS],
    [1_000, 10 * MINUTE_MS],
  ] as const) {
    const values = Array.from({ length: count }, (_, offset) => ({
      ...{ event_id: crypto.randomUUID(), robot_id: 'e', ts: received(agoMs + 1_000), received_at: received(agoMs) },
      ...{ source: 'engine', topic: 'robots', partition: 0, offset },
    }));
    await owner.insert({ table: 'warehouse.telemetry_raw', format: 'JSONEachRow', values });
  }
  const letter = { topic: 'robots', partition: 0, part: 0, reason: 'ts_invalid', raw: '{}', source: 'engine' };
  const letters = [10_000, 20_000, 10 * MINUTE_MS].map((agoMs, offset) => ({
    ...letter,
    ...{ offset, received_at: received(agoMs) },
  }));
  await owner.insert({ table: 'warehouse.dead_letters', format: 'JSONEachRow', values: letters });
  const [engine, ingestor] = await ask(
    `SELECT path, rows_per_second, rows_per_second_1m, toString(last_received_at) AS last_received_at, toString(last_ts) AS last_ts,
       dead_letters_5m, consumers, assigned_partitions, lag_messages, last_commit_time, exceptions FROM warehouse.v_pipeline ORDER BY path`
  );
  expect(engine).toEqual({
    ...{ path: 'engine', rows_per_second: 1, rows_per_second_1m: 1, dead_letters_5m: 2 },
    ...{ last_received_at: received(5_000), last_ts: received(6_000) },
    // That path is off: its consumers have no partition, so its lag is unknown.
    ...{ consumers: 2, assigned_partitions: 0, lag_messages: null, last_commit_time: null, exceptions: 0 },
  });
  expect(ingestor).toMatchObject({ path: 'ingestor', dead_letters_5m: 0, consumers: 0, lag_messages: null });
});
