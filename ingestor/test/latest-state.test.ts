import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { dateTime, rounded, storeEvents, type TestEvent } from './stored-events.ts';

/** Events have different fields and arrive in any order. Each field of the latest state is the newest of all events. */
const nowMs = Date.now();
const EVENTS = 400;

let clickhouse: TestServer;
beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
});

/** The same numbers in each run (Park and Miller's generator). */
let seed = 42;
const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
const maybe = (field: string, content: unknown): object => (random(3) === 0 ? { [field]: content } : {});

function partialEvent(n: number): TestEvent {
  return {
    robot_id: `robot-${random(3)}`,
    tsMs: nowMs - 50_000 + 100 * n,
    event_type: ['POSITION_UPDATE', 'STATE_CHANGE', 'TASK_STARTED', 'TASK_COMPLETED'][random(4)] ?? '',
    ...(random(3) === 0 ? { x: n, y: -n, ...maybe('map_id', `map-${n}`) } : {}),
    ...{ ...maybe('theta', random(3)), ...maybe('speed', n / 8), ...maybe('battery', n % 101) },
    ...{ ...maybe('site_id', `site-${n}`), ...maybe('firmware', `v${n}`), ...maybe('task_id', `task-${n}`) },
    ...{ ...maybe('state', ['idle', 'working', 'error'][random(3)]), ...maybe('error_code', `E${n}`) },
  };
}

/** The newest event of those that `has` accepts. */
function newest(events: readonly TestEvent[], has: (event: TestEvent) => boolean): TestEvent | undefined {
  return events.filter(has).toSorted((a, b) => b.tsMs - a.tsMs)[0];
}

function expectedNow(robot_id: string, events: readonly TestEvent[]): Record<string, unknown> {
  const field = (name: string): unknown => newest(events, (event) => name in event)?.[name] ?? null;
  const position = newest(events, (event) => 'x' in event);
  const task = newest(events, (event) => 'state' in event || 'task_id' in event);
  const error = newest(events, (event) => 'state' in event || 'error_code' in event);
  const last = newest(events, () => true);
  return {
    ...{ robot_id, ts: dateTime(last?.tsMs ?? 0), last_event_type: last?.event_type },
    ...{ x: field('x'), y: field('y'), theta: field('theta'), speed: field('speed'), battery: field('battery') },
    ...{ site_id: field('site_id'), firmware: field('firmware'), state: field('state') },
    ...{ map_id: position?.['map_id'] ?? null, position_ts: dateTime(position?.tsMs ?? 0) },
    task_id: task?.event_type === 'TASK_COMPLETED' ? null : (task?.['task_id'] ?? null),
    error_code: error?.['error_code'] ?? null,
  };
}

test('each field is the newest that was reported, in whatever order and blocks events arrive', async () => {
  const events = Array.from({ length: EVENTS }, (_, n) => partialEvent(n));
  const expected = ['robot-0', 'robot-1', 'robot-2'].map((robot) =>
    expectedNow(
      robot,
      events.filter(({ robot_id }) => robot_id === robot)
    )
  );
  const arrival = events.map((event) => ({ event, at: random(EVENTS) })).toSorted((a, b) => a.at - b.at);
  for (let first = 0; first < EVENTS; first += 80) {
    await storeEvents(
      clickhouse.as('owner'),
      arrival.slice(first, first + 80).map(({ event }) => event)
    );
  }
  const query = `SELECT ${Object.keys(expected[0] ?? {}).join(', ')} FROM warehouse.v_fleet_now ORDER BY robot_id`;
  expect(await rounded(clickhouse.as('reader'), query)).toEqual(expected);
  await clickhouse.as('owner').command({ query: 'OPTIMIZE TABLE warehouse.robot_latest FINAL' });
  expect(await rounded(clickhouse.as('reader'), query)).toEqual(expected);
});

const CHANGED = 'robot_id, reported_at, x, y, theta, map_id, speed, battery, state, status, error_code, task_id';
/** Stores the rows of `robot_latest` again, as if they had arrived and been stored at another time than they were. */
async function storeAgain(arrivedAt: string, storedAt: string): Promise<void> {
  const query = `INSERT INTO warehouse.robot_latest
    SELECT * REPLACE (${storedAt} AS stored_at, ${arrivedAt} AS arrived_at) FROM warehouse.robot_latest FINAL`;
  await clickhouse.as('owner').command({ query });
  // Of equal versions the last one stays.
  await clickhouse.as('owner').command({ query: 'OPTIMIZE TABLE warehouse.robot_latest FINAL' });
}
const changes = (): Promise<Record<string, unknown>[]> =>
  rounded(clickhouse.as('reader'), `SELECT ${CHANGED} FROM warehouse.v_fleet_changes ORDER BY robot_id`);

test('what changed says the same as the view of now, about robots that arrived within the last seconds only', async () => {
  // An hour ahead, so that no wait between the steps counts.
  const [soon, before] = [`now64(3, 'UTC') + INTERVAL 1 HOUR`, `now64(3, 'UTC') - INTERVAL 1 HOUR`];
  await storeAgain(soon, soon);
  const now = await rounded(clickhouse.as('reader'), `SELECT ${CHANGED} FROM warehouse.v_fleet_now ORDER BY robot_id`);
  expect(now).toHaveLength(3);
  expect(await changes()).toEqual(now);
  // Stored just now, but received long ago: whether such a robot is silent, the view of now decides.
  await storeAgain(before, soon);
  expect(await changes()).toEqual([]);
  // A replay.
  await storeAgain(`toDateTime64(0, 3, 'UTC')`, soon);
  expect(await changes()).toEqual([]);
  await storeAgain(before, before);
  expect(await changes()).toEqual([]);
});
