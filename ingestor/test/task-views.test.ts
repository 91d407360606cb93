import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { rounded, storeEvents, type TestEvent } from './stored-events.ts';

const MINUTE_MS = 60_000;
const nowMs = Date.now();
const HALL = { map_id: 'hall' };

let clickhouse: TestServer;
const ask = (query: string): Promise<Record<string, unknown>[]> => rounded(clickhouse.as('reader'), query);

interface Run {
  robot: string;
  seconds: number;
  endedMs?: number;
  failed?: boolean;
  /** Where the task ends. */
  place?: object;
}

/** A task's start and end. */
const run = ({ robot, seconds, endedMs = nowMs - 30 * MINUTE_MS, failed = false, place = {} }: Run): TestEvent[] => {
  const task = { robot_id: robot, task_id: `task-${seconds}` };
  return [
    { ...task, tsMs: endedMs - seconds * 1000, event_type: 'TASK_STARTED', x: 99, y: 99, ...HALL },
    { ...task, tsMs: endedMs, event_type: failed ? 'TASK_FAILED' : 'TASK_COMPLETED', ...place },
  ];
};

const square = (from: number, to: number): object[] =>
  [
    [from, from],
    [to, from],
    [to, to],
    [from, to],
  ].map(([x, y]) => ({ x, y }));

beforeAll(async () => {
  clickhouse = await startTestServer();
  const owner = clickhouse.as('owner');
  await migrate(owner);
  const zone = { map_id: 'hall', kind: 'area', updated_at: '2020-01-01 00:00:00' };
  await owner.insert({
    table: 'warehouse.zones',
    format: 'JSONEachRow',
    values: [
      { ...zone, zone_id: 'dock', name: 'Dock', polygon: square(0, 10) },
      { ...zone, zone_id: 'corner', name: 'Corner', polygon: square(8, 12) },
      { ...zone, zone_id: 'gone', name: 'Gone', polygon: square(0, 10) },
      { ...zone, zone_id: 'gone', name: 'Gone', polygon: [], deleted: 1, updated_at: '2021-01-01 00:00:00' },
      { ...zone, zone_id: 'far', name: 'Far', polygon: square(50, 60) },
    ],
  });
  const yesterday = nowMs - 25 * 60 * MINUTE_MS;
  await storeEvents(owner, [
    ...run({ robot: 'a', seconds: 10, place: { x: 1, y: 1, ...HALL } }),
    ...run({ robot: 'a', seconds: 20, place: { x: 9, y: 9, ...HALL } }),
    ...run({ robot: 'a', seconds: 30, place: { x: 11, y: 11, ...HALL } }),
    ...run({ robot: 'a', seconds: 40, failed: true, place: { x: 1, y: 1, map_id: 'mezzanine' } }),
    ...run({ robot: 'a', seconds: 50 }),
    ...run({ robot: 'a', seconds: 7_000, endedMs: yesterday, place: { x: 1, y: 1, ...HALL } }),
    ...run({ robot: 'b', seconds: 60, failed: true, place: { x: 2, y: 2, ...HALL } }),
  ]);
});
afterAll(async () => {
  await clickhouse.stop();
});

test('the end of each run has its place, its model and its code: of zones that overlap the smallest', async () => {
  const owner = clickhouse.as('owner');
  const insert = (table: string, row: object): Promise<unknown> =>
    owner.insert({ table: `warehouse.${table}`, format: 'JSONEachRow', values: [row] });
  await insert('robots', { robot_id: 'm', model: 'lift', site_id: 'registered', updated_at: '2020-01-01 00:00:00' });
  const at = { ...HALL, x: 9, y: 9 };
  await storeEvents(owner, [
    ...run({ robot: 'm', seconds: 1, failed: true, place: { ...at, error_code: 'E-1' } }),
    ...run({ robot: 'm', seconds: 2, place: { ...HALL, x: 1, y: 1, error_code: 'ignored' } }),
    ...run({ robot: 'm', seconds: 3, failed: true, place: { ...HALL, x: 99, y: 99 } }),
    ...run({ robot: 'm', seconds: 4 }),
    { robot_id: 'm', task_id: 'running', tsMs: nowMs, event_type: 'TASK_STARTED' },
    { robot_id: 'm', task_id: 'of a site', tsMs: nowMs - 9_000, event_type: 'TASK_STARTED', site_id: 'oslo' },
    { robot_id: 'm', task_id: 'of a site', tsMs: nowMs, event_type: 'TASK_COMPLETED', site_id: 'oslo' },
  ]);
  const registered = { site_id: 'registered', model: 'lift' };
  expect(
    await ask(
      `SELECT task_duration, error_code, site_id, map_id, zone_id, zone_name, model FROM warehouse.v_task_ends
       WHERE robot_id = 'm' AND ended_at >= now() - INTERVAL 1 DAY ORDER BY task_duration`
    )
  ).toEqual([
    { task_duration: 1, error_code: 'E-1', map_id: 'hall', zone_id: 'corner', zone_name: 'Corner', ...registered },
    { task_duration: 2, error_code: null, map_id: 'hall', zone_id: 'dock', zone_name: 'Dock', ...registered },
    { task_duration: 3, error_code: null, map_id: 'hall', zone_id: null, zone_name: null, ...registered },
    { task_duration: 4, error_code: null, map_id: null, zone_id: null, zone_name: null, ...registered },
    {
      task_duration: 9,
      error_code: null,
      map_id: null,
      zone_id: null,
      zone_name: null,
      model: 'lift',
      site_id: 'oslo',
    },
  ]);
  await owner.command({ query: "DELETE FROM warehouse.task_runs WHERE robot_id = 'm'" });
});

const BY_ROBOT = `SELECT robot_id, runs, failed, mean_seconds, p50_seconds, p95_seconds FROM warehouse.v_task_times ORDER BY robot_id`;

test('task times by robot include the runs that ended within 24 hours', async () => {
  // The 95th percentile of 5 values is at 0.95 × 4 = 3.8: 40 + 0.8 × 10.
  expect(await ask(BY_ROBOT)).toEqual([
    { robot_id: 'a', runs: 5, failed: 1, mean_seconds: 30, p50_seconds: 30, p95_seconds: 48 },
    { robot_id: 'b', runs: 1, failed: 1, mean_seconds: 60, p50_seconds: 60, p95_seconds: 60 },
  ]);
});

test('task times by the zone in which runs end: zones may overlap, and deleted zones are not used', async () => {
  expect(
    await ask(
      `SELECT zone_id, zone_name, runs, failed, mean_seconds, p50_seconds, p95_seconds
       FROM warehouse.v_task_times_by_zone WHERE map_id = 'hall' ORDER BY zone_id`
    )
  ).toEqual([
    {
      ...{ zone_id: 'corner', zone_name: 'Corner', runs: 2, failed: 0 },
      ...{ mean_seconds: 25, p50_seconds: 25, p95_seconds: 29.5 },
    },
    {
      ...{ zone_id: 'dock', zone_name: 'Dock', runs: 3, failed: 1 },
      ...{ mean_seconds: 30, p50_seconds: 20, p95_seconds: 56 },
    },
  ]);
});

test('a start that arrives a day late creates its run, with the end that arrived first', async () => {
  const task = { robot_id: 'late', task_id: 'task' };
  await storeEvents(clickhouse.as('owner'), [{ ...task, tsMs: nowMs - 1_000, event_type: 'TASK_COMPLETED' }]);
  // An end without a start is not a run, and does not change other runs.
  expect(await ask(BY_ROBOT)).toHaveLength(2);
  await storeEvents(clickhouse.as('owner'), [{ ...task, tsMs: nowMs - 91_000, event_type: 'TASK_STARTED' }]);
  expect(await ask(BY_ROBOT)).toMatchObject([{}, {}, { robot_id: 'late', runs: 1, mean_seconds: 90 }]);
});

test('percentiles of very many runs are exact, not of a sample', async () => {
  const many = Array.from({ length: 20_001 }, (_, i) => ({ robot: 'many', seconds: i / 1000 }));
  await storeEvents(
    clickhouse.as('owner'),
    many.flatMap((one) => run({ ...one, place: { x: 55, y: 55, ...HALL } }))
  );
  const exact = { runs: 20_001, mean_seconds: 10, p50_seconds: 10, p95_seconds: 19 };
  expect(await ask(`SELECT * FROM (${BY_ROBOT}) WHERE robot_id = 'many'`)).toMatchObject([exact]);
  expect(await ask(`SELECT * FROM warehouse.v_task_times_by_zone WHERE zone_id = 'far'`)).toMatchObject([exact]);
});

test('an edited zone applies to runs immediately, also left of the origin and next to a zone of another size', async () => {
  const owner = clickhouse.as('owner');
  const map_id = 'yard';
  const draw = (zone_id: string, polygon: object[], updated_at: string): Promise<unknown> =>
    owner.insert({
      table: 'warehouse.zones',
      format: 'JSONEachRow',
      values: [{ map_id, zone_id, name: zone_id, kind: 'area', polygon, updated_at }],
    });
  const found = (): Promise<unknown> =>
    ask(`SELECT zone_id, runs FROM warehouse.v_task_times_by_zone WHERE map_id = '${map_id}' ORDER BY zone_id`);
  await draw('all', square(-300, 300), '2020-01-01 00:00:00');
  await draw('small', square(-7.5, -7), '2020-01-01 00:00:00');
  await storeEvents(owner, [
    ...run({ robot: 'y', seconds: 1, place: { x: -7.25, y: -7.25, map_id } }),
    ...run({ robot: 'y', seconds: 2, place: { x: 120.5, y: 120.5, map_id } }),
  ]);
  const both = [
    { zone_id: 'all', runs: 2 },
    { zone_id: 'small', runs: 1 },
  ];
  expect(await found()).toEqual(both);
  await draw('small', square(120, 121), '2021-01-01 00:00:00');
  expect(await found()).toEqual(both);
  await draw('small', square(140, 141), '2022-01-01 00:00:00');
  expect(await found()).toEqual([{ zone_id: 'all', runs: 2 }]);
});
