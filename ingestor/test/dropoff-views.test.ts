import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { dateTime, rounded, storeEvents } from './stored-events.ts';

/** Which robots are silent, compared with their last day. The times tolerate a delay of half a minute. */
const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 10 * MINUTE_MS;
const nowMs = Date.now();

let clickhouse: TestServer;
const silent = (): Promise<Record<string, unknown>[]> =>
  rounded(
    clickhouse.as('reader'),
    'SELECT robot_id, allowed_seconds, site_id, map_id FROM warehouse.v_telemetry_dropoff ORDER BY robot_id'
  );

/**
 * Arrivals in tens of minutes that follow each other, with these gaps between the last arrival of one and the first of the next,
 * the latest first.
 */
async function waited(robot_id: string, gapSeconds: readonly number[], firstMinutesAgo = 30): Promise<void> {
  const newest = Math.floor(nowMs / TEN_MINUTES_MS) * TEN_MINUTES_MS - firstMinutesAgo * MINUTE_MS;
  const values = [...gapSeconds, 0].map((gap, i) => {
    const bucketMs = newest - i * TEN_MINUTES_MS;
    const [last_arrival, first_arrival] = [bucketMs + 599_000, bucketMs - 1_000 + gap * 1_000].map(dateTime);
    return { robot_id, bucket: bucketMs / 1_000, first_arrival, last_arrival, min_delay_ms: 0 };
  });
  // Twice: arrivals that are stored again count once.
  for (let times = 0; times < 2; times++)
    await clickhouse.as('owner').insert({ table: 'warehouse.robot_arrivals', format: 'JSONEachRow', values });
}

beforeAll(async () => {
  clickhouse = await startTestServer();
  const owner = clickhouse.as('owner');
  await migrate(owner);
  const last = (robot_id: string, secondsAgo: number, fields: object = {}): Parameters<typeof storeEvents>[1] => [
    {
      robot_id,
      tsMs: nowMs - secondsAgo * 1000,
      state: 'idle',
      site_id: 'here',
      x: 1,
      y: 1,
      map_id: 'hall',
      ...fields,
    },
  ];
  await waited('quick', [10, 12, 11]);
  await waited('slow', [60, 60, 60]);
  await waited('slow and silent', [60, 60, 60]);
  // The median of 10, 70, 70, 300 and the gap until its last report, which is at least 300.
  await waited('uneven', [300, 10, 70, 70]);
  await waited('sparse', [240, 240, 240]);
  await waited('sparse and silent', [240, 240, 240]);
  // A day ago and before it had another rhythm.
  await waited('changed', [10, 10, 10]);
  await waited('changed', [200, 200, 200, 200, 200], 26 * 60);
  await waited('offline', [10, 10, 10]);
  await storeEvents(owner, [
    ...last('quick', 100),
    ...last('slow', 100),
    ...last('slow and silent', 200),
    ...last('uneven', 300),
    ...last('sparse', 500),
    ...last('sparse and silent', 730),
    ...last('changed', 100),
    ...last('new', 100, { site_id: null, x: null, y: null, map_id: null }),
    ...last('offline', 100, { state: 'offline' }),
  ]);
});
afterAll(async () => {
  await clickhouse.stop();
});

test('a fleet that is silent as a whole has another alert rule, and no robot is listed here', async () => {
  expect(await silent()).toEqual([]);
});

test('a robot is silent after three times its usual gap, at least 60 s', async () => {
  await storeEvents(clickhouse.as('owner'), [{ robot_id: 'reports', tsMs: Date.now(), state: 'idle' }]);
  const place = { site_id: 'here', map_id: 'hall' };
  expect(await silent()).toEqual([
    { robot_id: 'changed', allowed_seconds: 60, ...place },
    { robot_id: 'new', allowed_seconds: 60, site_id: null, map_id: null },
    { robot_id: 'quick', allowed_seconds: 60, ...place },
    { robot_id: 'slow and silent', allowed_seconds: 180, ...place },
    { robot_id: 'sparse and silent', allowed_seconds: 720, ...place },
    { robot_id: 'uneven', allowed_seconds: 210, ...place },
  ]);
});

test('a silent robot has the time of its silence, and one that reports again is not silent', async () => {
  const seconds = await rounded(
    clickhouse.as('reader'),
    `SELECT silent_seconds BETWEEN 200 AND 230 AS right, last_ts = toDateTime64('${new Date(nowMs - 200_000).toISOString().slice(0, -1)}', 3, 'UTC') AS same
     FROM warehouse.v_telemetry_dropoff WHERE robot_id = 'slow and silent'`
  );
  expect(seconds).toEqual([{ right: 1, same: 1 }]);
  await storeEvents(clickhouse.as('owner'), [{ robot_id: 'quick', tsMs: Date.now(), state: 'idle' }]);
  expect((await silent()).map(({ robot_id }) => robot_id)).not.toContain('quick');
});
