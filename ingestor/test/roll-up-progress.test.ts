import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { dateTime, refreshViews, storeEvents } from './stored-events.ts';

/** What the roll-ups read and compute, and what they still know after a failure. */
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const minuteAgo = (minutes: number): number => Math.floor(Date.now() / MINUTE_MS - minutes) * MINUTE_MS;

let clickhouse: TestServer;
const ask = <Row>(query: string): Promise<Row[]> => rows<Row>(clickhouse.as('owner'), query);
const command = (query: string): Promise<unknown> => clickhouse.as('owner').command({ query });
const refresh = (...views: string[]): Promise<void> => refreshViews(clickhouse.as('owner'), views);

/** One event a second of each robot for ten minutes. */
const fillTenMinutes = (robots: number, startMs: number): Promise<unknown> =>
  command(`INSERT INTO warehouse.telemetry_raw (event_id, robot_id, ts, x, y, state, source)
    SELECT generateUUIDv4(), concat('robot-', toString(number % ${robots})),
      fromUnixTimestamp64Milli(${startMs} + 1000 * intDiv(number, ${robots}), 'UTC'), number % 50, 1, 'working', 'ingestor'
    FROM numbers(${600 * robots})`);

const computed = (): Promise<{ robot_id: string; at: string }[]> =>
  ask(`SELECT robot_id, toString(max(computed_at)) AS at FROM warehouse.telemetry_minute
    WHERE robot_id != '' GROUP BY robot_id ORDER BY robot_id`);

async function settled(rollUp: string, view: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await refresh(view);
      const left = `SELECT toUInt32(left_minutes) AS left FROM warehouse.v_roll_ups WHERE roll_up = '${rollUp}'`;
      expect(await ask(left)).toEqual([{ left: 0 }]);
    },
    { timeout: 90_000, interval: 3_000 }
  );
}

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
beforeEach(async () => {
  for (const table of ['telemetry_raw', 'rollup_events', 'rollup_touched', 'telemetry_minute'])
    await command(`TRUNCATE TABLE warehouse.${table}`);
});
afterAll(async () => {
  await clickhouse.stop();
});

test('an event of 55 days ago has two minutes of its robot computed, and little read', async () => {
  const robots = 200;
  await fillTenMinutes(robots, minuteAgo(200));
  await settled('telemetry_minute', 'telemetry_minute_mv');
  const before = await computed();
  expect(before).toHaveLength(robots);

  await storeEvents(clickhouse.as('owner'), [{ robot_id: 'robot-7', tsMs: Date.now() - 55 * DAY_MS, state: 'idle' }]);
  await refresh('telemetry_minute_mv');
  const changed = await ask<{ robot_id: string; minutes: number }>(
    `SELECT robot_id, toUInt32(count()) AS minutes FROM warehouse.telemetry_minute
     WHERE robot_id != '' AND computed_at > '${before[0]?.at}' GROUP BY robot_id`
  );
  expect(changed).toEqual([{ robot_id: 'robot-7', minutes: 2 }]);
  await command('SYSTEM FLUSH LOGS query_log');
  const [last] = await ask<{ read: number }>(
    `SELECT toUInt32(read_rows) AS read FROM system.query_log
     WHERE type = 'QueryFinish' AND query LIKE 'INSERT INTO warehouse.telemetry_minute%' ORDER BY event_time_microseconds DESC LIMIT 1`
  );
  // A granule of the robot, and the progress of some minutes; the table has 120,000 rows.
  expect(last?.read).toBeLessThan(20_000);
});

test('a refresh that fails loses nothing: the next one computes the same', async () => {
  await fillTenMinutes(3, minuteAgo(30));
  await command('ALTER TABLE warehouse.telemetry_minute ADD CONSTRAINT broken CHECK events < 0');
  await expect(refresh('telemetry_minute_mv')).rejects.toThrow(/broken/);
  expect(await ask('SELECT * FROM warehouse.v_robot_minutes')).toEqual([]);
  await command('ALTER TABLE warehouse.telemetry_minute DROP CONSTRAINT broken');
  await refresh('telemetry_minute_mv');
  expect(await ask('SELECT toUInt32(sum(events)) AS events FROM warehouse.v_robot_minutes')).toEqual([
    { events: 1800 },
  ]);
});

test('minutes that were on time while no roll-up ran are computed for all robots, also those of days ago', async () => {
  const startMs = minuteAgo(3 * 24 * 60);
  await fillTenMinutes(5, startMs);
  // As if these events had come when they happened.
  await command('TRUNCATE TABLE warehouse.rollup_touched');
  await command(`INSERT INTO warehouse.rollup_touched (minute, events, on_time_events)
    SELECT toStartOfMinute(ts), count(), count() FROM warehouse.telemetry_raw GROUP BY 1`);
  expect(
    await ask("SELECT toUInt32(late_minutes) AS late FROM warehouse.v_roll_ups WHERE roll_up = 'telemetry_minute'")
  ).toEqual([{ late: 10 }]);
  await refresh('telemetry_minute_mv');
  const stored =
    'SELECT toUInt32(sum(events)) AS events, toUInt32(uniqExact(robot_id)) AS robots FROM warehouse.v_robot_minutes';
  expect(await ask(stored)).toEqual([{ events: 3000, robots: 5 }]);
  expect(
    await ask("SELECT toUInt32(left_minutes) AS left FROM warehouse.v_roll_ups WHERE roll_up = 'telemetry_minute'")
  ).toEqual([{ left: 0 }]);
});

test('an insert that began in time and ended after its minute was computed is noticed', async () => {
  const startMs = minuteAgo(10);
  await storeEvents(clickhouse.as('owner'), [{ robot_id: 'slow', tsMs: startMs + 5_000, state: 'idle' }]);
  await command('TRUNCATE TABLE warehouse.rollup_touched');
  await clickhouse.as('owner').insert({
    table: 'warehouse.telemetry_minute',
    format: 'JSONEachRow',
    values: [{ robot_id: '', minute: dateTime(startMs).slice(0, 19), is_closed: true, events: 10, events_read: 21 }],
  });
  await command(
    `INSERT INTO warehouse.rollup_touched (minute, events, on_time_events) VALUES ('${dateTime(startMs).slice(0, 19)}', 12, 12)`
  );
  await refresh('telemetry_minute_mv');
  expect(await ask('SELECT robot_id, events FROM warehouse.v_robot_minutes WHERE events > 0')).toEqual([
    { robot_id: 'slow', events: 1 },
  ]);
});

test('a computation that read less does not replace one that read more, although it is newer', async () => {
  const minute = dateTime(minuteAgo(5)).slice(0, 19);
  const values = [
    { robot_id: 'a', minute, events: 60, events_read: 61, computed_at: '2026-01-01 00:00:00' },
    { robot_id: 'a', minute, events: 40, events_read: 41, computed_at: '2026-01-01 00:01:00' },
  ];
  for (const value of values)
    await clickhouse
      .as('owner')
      .insert({ table: 'warehouse.telemetry_minute', format: 'JSONEachRow', values: [value] });
  expect(await ask(`SELECT events FROM warehouse.v_robot_minutes WHERE robot_id = 'a'`)).toEqual([{ events: 60 }]);
});

/** Views take the current minute from the server's clock: a test that spans the end of one would see two. */
async function earlyInAMinute(): Promise<void> {
  const leftMs = MINUTE_MS - (Date.now() % MINUTE_MS);
  if (leftMs < 20_000) await sleep(leftMs + 100);
}

test('a large fleet has its live minutes computed, and of what is left at least one minute at each refresh', async () => {
  await earlyInAMinute();
  const thisMinute = minuteAgo(0);
  const counts = [0, 1, 5, 6, 7].map((ago) => ({
    minute: dateTime(thisMinute - ago * MINUTE_MS).slice(0, 19),
    ...{ events: 600_000, on_time_events: 600_000 },
  }));
  const touched = [10, 11, 30, 300, 301].map((ago) => ({
    minute: dateTime(thisMinute - ago * MINUTE_MS).slice(0, 19),
    ...{ events: 600_000, touches: 600_000, touched_at: '2026-01-01 00:00:00' },
  }));
  await clickhouse
    .as('owner')
    .insert({ table: 'warehouse.rollup_touched', format: 'JSONEachRow', values: [...counts, ...touched] });
  const due = async (array: string, view: string): Promise<number[]> => {
    const found = await ask<{ ago: number }>(
      `SELECT toInt32(dateDiff('minute', arrayJoin(${array}), fromUnixTimestamp64Milli(${thisMinute}, 'UTC'))) AS ago FROM warehouse.${view}`
    );
    return found.map(({ ago }) => ago).sort((a, b) => a - b);
  };
  // Of those that are left, the newest with the minute that its states reach into; of the touched ones, the newest and the oldest.
  expect(await due('whole_minutes', 'telemetry_minute_due')).toEqual([0, 1, 4, 5]);
  expect(await due('touched_minutes', 'telemetry_minute_due')).toEqual([10, 301]);
  const cells = await due('due_minutes', 'floor_cells_due');
  // Of those that are no longer in rollup_events, the oldest.
  expect(cells).toEqual(expect.arrayContaining([0, 1, 5, 10, 30, 301]));
  expect(cells.filter((ago) => [6, 7, 11, 300].includes(ago))).toEqual([]);
});
