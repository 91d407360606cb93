import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { rollUp, rounded, storeEvents, type TestEvent } from './stored-events.ts';
import { comparableViews } from './view-answers.ts';

/** Wear and reliability, for events whose results were computed by hand. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const hourAgo = (days: number): number => Math.floor((Date.now() - days * DAY_MS) / HOUR_MS) * HOUR_MS;
const [before, lately] = [hourAgo(10), hourAgo(3)];

let clickhouse: TestServer;
const ask = (query: string): Promise<Record<string, unknown>[]> => rounded(clickhouse.as('reader'), query);

/** One event per minute over 20 minutes of work, and an idle one at the end; the charge falls linearly. */
const work = (robot_id: string, fromMs: number, from: number, to: number): TestEvent[] =>
  Array.from({ length: 21 }, (_, i) => ({
    ...{ robot_id, tsMs: fromMs + i * 60_000, battery: from + ((to - from) * i) / 20 },
    state: i < 20 ? 'working' : 'idle',
  }));

/** 10 minutes of work, 2 blocked and 1 in error, 8 of work, 1 in error, 2 idle: two failures, three missions. */
const MINUTES_OF_ROUGH = 'wwwwwwwwwwbbewwwwwwwweii';
const STATES: Record<string, string> = { w: 'working', b: 'blocked', e: 'error', i: 'idle' };
const rough: TestEvent[] = Array.from(MINUTES_OF_ROUGH, (letter, i) => ({
  ...{ robot_id: 'rough', tsMs: lately + i * 60_000, state: STATES[letter] },
  ...(i % 8 === 4 ? { event_type: 'TASK_COMPLETED', task_id: `t${i}` } : {}),
}));

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
});

test('without data every view returns a result, and none divides by zero', async () => {
  const views = await comparableViews(clickhouse.as('owner'));
  const answers = new Map<string, number>();
  for (const name of views) answers.set(name, (await ask(`SELECT * FROM warehouse.${name}`)).length);
  // Two paths, even without events, whether path A has its view, and one row for a fleet without robots.
  expect([...answers].filter(([, count]) => count > 0)).toEqual([
    ['v_alert_engine_view', 1],
    ['v_fleet_summary', 1],
    ['v_pipeline', 2],
  ]);
});

test('battery health: charge per hour of work, recently and before', async () => {
  await storeEvents(clickhouse.as('owner'), [
    ...work('wearing', before, 80, 78),
    ...work('wearing', lately, 80, 77),
    ...work('charged', lately, 60, 50).map((event, i) => (i === 7 ? { ...event, state: 'charging' } : event)),
    { robot_id: 'once', tsMs: lately, battery: 33, state: 'working' },
    { robot_id: 'no battery', tsMs: lately, state: 'working' },
  ]);
  await rollUp(clickhouse.as('owner'));
  const health = `SELECT robot_id, hours, drain_percent_per_hour_7d AS lately, drain_percent_per_hour_before AS before,
    drain_change AS change, drain_trend_per_day AS trend, lowest_percent AS lowest FROM warehouse.v_battery_health ORDER BY robot_id`;
  const unknown = { lately: null, before: null, change: null, trend: null };
  // 2 percent in 20 minutes are 6 per hour, 3 are 9; 3 more over the 7 days in between.
  expect(await ask(health)).toEqual([
    { robot_id: 'charged', hours: 1, ...unknown, lowest: 50 },
    { robot_id: 'no battery', hours: 0, ...unknown, lowest: null },
    { robot_id: 'once', hours: 1, ...unknown, lowest: 33 },
    {
      robot_id: 'wearing',
      hours: 2,
      lately: 9,
      before: 6,
      change: 3,
      trend: Number((3 / 7).toPrecision(6)),
      lowest: 77,
    },
  ]);

  // Late event: 2 percent less charge at the end of that hour's work. 5 percent in 20 minutes are 15 per hour.
  await storeEvents(clickhouse.as('owner'), [
    { robot_id: 'wearing', tsMs: lately + 20 * 60_000 + 1, battery: 75, state: 'idle' },
  ]);
  await rollUp(clickhouse.as('owner'));
  expect(await ask(`SELECT * FROM (${health}) WHERE robot_id = 'wearing'`)).toMatchObject([
    { lately: 15, before: 6, change: 9, lowest: 75 },
  ]);
});

test('reliability: time between failures, time to repair, missions per failure', async () => {
  await storeEvents(clickhouse.as('owner'), rough);
  await rollUp(clickhouse.as('owner'));
  const reliability = `SELECT robot_id, failures, operating_hours, mtbf_hours, mttr_minutes, missions, missions_before_intervention
    FROM warehouse.v_reliability WHERE robot_id IN ('rough', 'once') ORDER BY robot_id`;
  // (18 + 2) minutes of operation over 2 failures; 3 + 1 minutes to repair them; 3 missions.
  expect(await ask(reliability)).toEqual([
    {
      ...{ robot_id: 'once', failures: 0, operating_hours: 0.0166667, mtbf_hours: null, mttr_minutes: null },
      ...{ missions: 0, missions_before_intervention: null },
    },
    {
      ...{ robot_id: 'rough', failures: 2, operating_hours: 0.333333, mtbf_hours: 0.166667, mttr_minutes: 2 },
      ...{ missions: 3, missions_before_intervention: 1.5 },
    },
  ]);
  // Late event: it was also blocked for half of its first working minute. That is a third failure.
  await storeEvents(clickhouse.as('owner'), [{ robot_id: 'rough', tsMs: lately + 30_000, state: 'blocked' }]);
  await rollUp(clickhouse.as('owner'));
  expect(await ask(reliability)).toMatchObject([{}, { failures: 3, operating_hours: 0.325, mttr_minutes: 1.5 }]);
});

test('utilisation: the working share of the reported time', async () => {
  const utilisation = `SELECT seconds_working, seconds_reported, percent FROM warehouse.v_utilisation`;
  expect(await ask(`${utilisation} WHERE robot_id = 'rough'`)).toEqual([
    { seconds_working: 1050, seconds_reported: 1440, percent: 72.9167 },
  ]);
  expect(await ask(`${utilisation} WHERE robot_id = 'once'`)).toEqual([
    { seconds_working: 60, seconds_reported: 60, percent: 100 },
  ]);
  expect(await ask(`${utilisation} WHERE hour > now() + INTERVAL 1 DAY`)).toEqual([]);
});

test('no view returns NaN or infinity: an undefined value is NULL', async () => {
  const columns = await rounded(
    clickhouse.as('owner'),
    `SELECT table, name FROM system.columns WHERE database = 'warehouse' AND table LIKE 'v\\_%' AND type LIKE '%Float%'
       AND type NOT LIKE '%(%Tuple%' ORDER BY table, position`
  );
  expect(columns.length).toBeGreaterThan(60);
  const counts = columns.map(
    ({ table, name }) => `(SELECT countIf(NOT isFinite(${String(name)})) FROM warehouse.${String(table)})`
  );
  const [strange] = await ask(`SELECT [${counts.join(', ')}] AS counts`);
  const found = columns.filter((_, i) => (strange?.['counts'] as number[])[i] !== 0);
  expect(found).toEqual([]);
});
