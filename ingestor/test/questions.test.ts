import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { rollUp } from './stored-events.ts';

let clickhouse: TestServer;
/** A full minute in the recent past, and the full hour that starts with it. */
const minute = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000;
const at = (seconds: number): string => new Date(minute + seconds * 1000).toISOString().replace('Z', '');

const events = [
  // robot a: 30 s idle, moves 5 m, 20 s working across the minute's end, then no more events
  { robot_id: 'a', ts: at(10), state: 'idle', x: 0, y: 0, battery: 80 },
  { robot_id: 'a', ts: at(40), state: 'working', x: 3, y: 4, battery: 79, event_type: 'TASK_STARTED', task_id: 't1' },
  { robot_id: 'a', ts: at(50), state: 'error', event_type: 'ERROR', error_code: 'E1', battery: 79 },
  { robot_id: 'a', ts: at(55), state: 'working', x: 3, y: 5, battery: 78, task_id: 't1' },
  { robot_id: 'a', ts: at(75), state: 'working', battery: 78, event_type: 'TASK_COMPLETED', task_id: 't1', x: 3, y: 5 },
  // robot b: a task that fails, is started again and completes; the events arrive in the wrong order
  { robot_id: 'b', ts: at(100), event_type: 'TASK_COMPLETED', task_id: 't2', battery: 50 },
  { robot_id: 'b', ts: at(30), event_type: 'TASK_FAILED', task_id: 't2', battery: 50 },
  { robot_id: 'b', ts: at(60), event_type: 'TASK_STARTED', task_id: 't2', battery: 50 },
  { robot_id: 'b', ts: at(20), event_type: 'TASK_STARTED', task_id: 't2', battery: 50 },
].map((event, i) => ({
  event_type: 'POSITION_UPDATE',
  ...event,
  event_id: `00000000-0000-0000-0000-${String(i).padStart(12, '0')}`,
  meta: '{"operator":"Ada","firmware":"1"}',
  source: 'ingestor',
}));

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  // Twice and one by one: nothing may be counted twice.
  for (const values of [events, ...events.map((event) => [event])]) {
    await clickhouse.as('owner').insert({ table: 'warehouse.telemetry_raw', format: 'JSONEachRow', values });
  }
  await rollUp(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
});

const ask = <Row>(query: string): Promise<Row[]> => rows<Row>(clickhouse.as('reader'), query);

test('a task that is started again has two runs, in whatever order its events arrive', async () => {
  expect(
    await ask(
      `SELECT robot_id, task_id, outcome, task_duration FROM warehouse.v_task_runs ORDER BY robot_id, started_at`
    )
  ).toEqual([
    { robot_id: 'a', task_id: 't1', outcome: 'completed', task_duration: 35 },
    { robot_id: 'b', task_id: 't2', outcome: 'failed', task_duration: 10 },
    { robot_id: 'b', task_id: 't2', outcome: 'completed', task_duration: 40 },
  ]);
});

test('a minute has the values that were computed by hand', async () => {
  const [first, second, third] = await ask<Record<string, unknown>>(
    `SELECT events, distance_metres, battery_first, battery_last, errors, stops, seconds_idle, seconds_working,
       seconds_error, seconds_silent, max_gap_seconds FROM warehouse.v_robot_minutes WHERE robot_id = 'a' ORDER BY minute`
  );
  expect(first).toEqual({
    ...{ events: 4, distance_metres: 6, battery_first: 80, battery_last: 78, errors: 1, stops: 1 },
    ...{ seconds_idle: 30, seconds_working: 15, seconds_error: 5, seconds_silent: 10, max_gap_seconds: 70 },
  });
  // The last state counts for 60 s, into the third minute, which has no event.
  expect(second).toMatchObject({ events: 1, seconds_working: 60, seconds_silent: 0, max_gap_seconds: 20 });
  expect(third).toMatchObject({ events: 0, seconds_working: 15, seconds_silent: 45 });
});

test('a late event changes only its minute and the next one', async () => {
  const late = {
    ...events[0],
    event_id: '00000000-0000-0000-0000-0000000000ff',
    ts: at(58),
    state: 'blocked',
    x: 3,
    y: 9,
  };
  await clickhouse.as('owner').insert({ table: 'warehouse.telemetry_raw', format: 'JSONEachRow', values: [late] });
  await rollUp(clickhouse.as('owner'));
  const minutes = await ask(
    `SELECT events, distance_metres, seconds_blocked, seconds_working FROM warehouse.v_robot_minutes
     WHERE robot_id = 'a' ORDER BY minute`
  );
  expect(minutes).toMatchObject([
    { events: 5, distance_metres: 10, seconds_blocked: 2, seconds_working: 13 },
    { events: 1, distance_metres: 4, seconds_blocked: 15, seconds_working: 45 },
    { events: 0, seconds_working: 15 },
  ]);
});

test('an hour is the sum of its minutes', async () => {
  expect(
    await ask(
      `SELECT events, distance_metres, errors, seconds_blocked, seconds_working FROM warehouse.v_robot_hours WHERE robot_id = 'a'`
    )
  ).toEqual([{ events: 6, distance_metres: 14, errors: 1, seconds_blocked: 17, seconds_working: 73 }]);
});

test('the shares of the states sum to 100 percent in every minute', async () => {
  const sums = await ask<{ total: number }>(
    `SELECT sum(percent) AS total FROM warehouse.v_state_shares GROUP BY minute HAVING abs(total - 100) > 0.001`
  );
  expect(sums).toEqual([]);
});

test('the anomaly score is the one computed by hand', async () => {
  // 4 robots; robot c waits 1 s at most for 4 hours, then 61 s, while its peers stay at 1 s.
  const hours = ['c', 'd', 'e', 'f'].flatMap((robot_id) =>
    [5, 4, 3, 2, 1].map((ago) => ({
      robot_id,
      minute: Math.floor(Date.now() / 3_600_000 - 24 - ago) * 3600,
      ...{ events: 3600, errors: 0, battery_first: 80, battery_last: 70, speed_mean: 1 },
      max_gap_seconds: robot_id === 'c' && ago === 1 ? 61 : 1,
      computed_at: '2020-01-01 00:00:00',
    }))
  );
  await clickhouse.as('owner').insert({ table: 'warehouse.telemetry_hour', format: 'JSONEachRow', values: hours });
  // Own past: |61 - 1| / max(0, 5) = 12, cut to 6. Peers: mean 16, deviation sqrt((45² + 3 · 15²) / 4) = 25.98: 45 / 25.98 = 1.732.
  const [worst] = await ask<Record<string, unknown>>(
    `SELECT robot_id, round(score, 3) AS score, strangest, drain_score, speed_score FROM warehouse.v_robot_anomaly ORDER BY score DESC LIMIT 1`
  );
  expect(worst).toEqual({ robot_id: 'c', score: 3.866, strangest: 'gap', drain_score: 0, speed_score: 0 });
});

describe('the reader', () => {
  test('can read every view, and every view has a comment', async () => {
    const views = await rows<{ name: string; comment: string }>(
      clickhouse.as('owner'),
      `SELECT name, comment FROM system.tables WHERE database = 'warehouse' AND name LIKE 'v\\_%' ORDER BY name`
    );
    expect(views.length).toBeGreaterThan(20);
    for (const { name, comment } of views) {
      expect(comment, name).toMatch(/\?/);
      await ask(`SELECT * FROM warehouse.${name} LIMIT 1`);
    }
  });
  test.each([
    ['raw dead letters', 'SELECT * FROM warehouse.dead_letters'],
    ['personal fields of events', 'SELECT meta FROM warehouse.telemetry_raw'],
    ['inserts', `INSERT INTO warehouse.zones (map_id) VALUES ('m')`],
    ['drops', 'DROP VIEW warehouse.v_fleet_now'],
    ['files of the server', `SELECT * FROM file('/etc/passwd', LineAsString)`],
    ['other servers', `SELECT * FROM url('http://127.0.0.1:1/', LineAsString)`],
  ])('has no right to %s', async (_, query) => {
    await expect(clickhouse.as('reader').command({ query })).rejects.toThrow(/readonly|Not enough privileges/i);
  });
  test('may set settings, as the Grafana data source does, but not beyond the limits', async () => {
    const set = (settings: Record<string, string>): Promise<unknown> =>
      clickhouse.as('reader').query({ query: 'SELECT 1', clickhouse_settings: settings });
    await set({ max_execution_time: '20' });
    // As in provisioning/datasources/floorwatch.yaml: now() in a view, and a view of system tables, must not be an error.
    for (const view of ['v_fleet_now', 'v_pipeline', 'v_zone_occupancy']) {
      await clickhouse.as('reader').query({
        query: `SELECT * FROM warehouse.${view}`,
        clickhouse_settings: {
          use_query_cache: 1,
          query_cache_ttl: 2,
          query_cache_nondeterministic_function_handling: 'save',
          query_cache_system_table_handling: 'save',
        },
      });
    }
    await expect(set({ max_execution_time: '3600' })).rejects.toThrow(/should/);
    await expect(set({ max_memory_usage: '0' })).rejects.toThrow(/should/);
    await expect(set({ max_memory_usage_for_user: '0' })).rejects.toThrow(/should/);
    await expect(set({ readonly: '0' })).rejects.toThrow(/readonly/);
  });
  test('reaches its limits before those of the server', async () => {
    const tooMuch = (limit: Record<string, string>, query: string): Promise<unknown> =>
      clickhouse
        .as('reader')
        .query({ query, clickhouse_settings: limit })
        .then((answer) => answer.text());
    for (const limit of ['max_memory_usage', 'max_memory_usage_for_user']) {
      const query = 'SELECT groupArray(number) FROM numbers(30000000)';
      await expect(tooMuch({ [limit]: '100000000' }, query), limit).rejects.toThrow(/memory limit exceeded/i);
    }
    await expect(tooMuch({ max_result_rows: '1000' }, 'SELECT * FROM numbers(5000)')).rejects.toThrow(
      /max_result_rows|limit for result/i
    );
    await expect(
      tooMuch({ max_execution_time: '1' }, 'SELECT sum(sipHash64(number)) FROM numbers(1900000000)')
    ).rejects.toThrow(/timeout exceeded/i);
  });
  test('does not see personal keys of meta', async () => {
    expect(await ask(`SELECT DISTINCT meta FROM warehouse.v_events`)).toEqual([{ meta: '{"firmware":"1"}' }]);
  });
});

test('the writer can insert events and read only their keys', async () => {
  const writer = clickhouse.as('writer');
  await writer.insert({
    table: 'warehouse.telemetry_raw',
    format: 'JSONEachRow',
    values: [{ ...events[0], robot_id: 'w' }],
  });
  await rows(writer, 'SELECT event_id FROM warehouse.telemetry_raw');
  await expect(rows(writer, 'SELECT battery FROM warehouse.telemetry_raw')).rejects.toThrow(/Not enough privileges/);
  await expect(writer.command({ query: 'TRUNCATE TABLE warehouse.telemetry_raw' })).rejects.toThrow(/Not enough/);
});
