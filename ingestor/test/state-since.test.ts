import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { dateTime, storeEvents, type TestEvent } from './stored-events.ts';

/** Since when a robot is in its state, compared with a reference that is computed from all of its events. */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ENDED = ['TASK_COMPLETED', 'TASK_FAILED'];

let clickhouse: TestServer;

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
beforeEach(async () => {
  for (const table of ['telemetry_raw', 'robot_latest', 'robot_arrivals', 'robot_state_minutes', 'robot_states'])
    await clickhouse.as('owner').command({ query: `TRUNCATE TABLE warehouse.${table}` });
});
afterAll(async () => {
  await clickhouse.stop();
});

async function combine(): Promise<void> {
  for (const step of ['REFRESH', 'WAIT'])
    await clickhouse.as('owner').command({ query: `SYSTEM ${step} VIEW warehouse.robot_states_mv` });
}

/** By robot; null: it never said what it does. */
async function found(): Promise<Record<string, string | null>> {
  const list = await rows<{ robot_id: string; since: string | null }>(
    clickhouse.as('reader'),
    'SELECT robot_id, reported_state_since AS since FROM warehouse.v_fleet_now ORDER BY robot_id'
  );
  return Object.fromEntries(list.map(({ robot_id, since }) => [robot_id, since]));
}

/** The time of the first event in its state after the last one of another state, and all that are possible without the order. */
function reference(events: readonly TestEvent[]): { sinceMs: number; possibleMs: readonly number[] } | null {
  const said = (event: TestEvent): unknown =>
    event['state'] ?? (ENDED.includes(event.event_type ?? '') ? 'ended' : 'task');
  const hasState = events.filter((event) => event['state'] != null);
  const relevant = (hasState.length > 0 ? hasState : events.filter((event) => event['task_id'] != null)).toSorted(
    (a, b) => a.tsMs - b.tsMs
  );
  const last = relevant.at(-1);
  if (!last) return null;
  const before = relevant.findLast((event) => said(event) !== said(last));
  const times = relevant.map(({ tsMs }) => tsMs).filter((tsMs) => tsMs > (before?.tsMs ?? -Infinity));
  return { sinceMs: times[0] ?? NaN, possibleMs: before ? [before.tsMs, ...times] : times };
}

function expected(events: readonly TestEvent[]): Record<string, string | null> {
  const byRobot = [...Map.groupBy(events, ({ robot_id }) => robot_id)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byRobot.map(([robot, of]) => {
      const since = reference(of)?.sinceMs;
      return [robot, since === undefined ? null : dateTime(since)];
    })
  );
}

/** The same numbers in each run (Park and Miller's generator). */
let seed = 8;
const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;

const oneOf = <Item>(items: readonly [Item, ...Item[]]): Item => items[random(items.length)] ?? items[0];
const STATES = ['idle', 'working', 'error'] as const;
const TYPES = ['TASK_STARTED', 'TASK_COMPLETED', 'POSITION_UPDATE'] as const;
/** A gap between two reports, at least; for each robot. */
const GAPS_MS = [[100], [3 * SECOND_MS], [40 * SECOND_MS], [100, 3 * SECOND_MS, 40 * SECOND_MS, HOUR_MS]] as const;

/** Robots of different habits: chatty and sparse, with states, with tasks only, with neither. States can last for days. */
function randomFleet(count: number): TestEvent[] {
  const nowMs = Date.now();
  return Array.from({ length: 6 }, (_, robot) => {
    let state: (typeof STATES)[number] = 'idle';
    let tsMs = nowMs;
    return Array.from({ length: count }, (_unused, i): TestEvent => {
      tsMs -= oneOf(GAPS_MS[robot % 4] ?? [1]) + random(999) + 1;
      if (random(robot % 2 === 0 ? 4 : 15) === 0) state = oneOf(STATES);
      const task = { task_id: `t${random(3)}`, event_type: oneOf(TYPES) };
      const reported = robot === 4 ? task : robot === 5 ? {} : { state, ...(random(5) === 0 ? task : {}) };
      const isPartial = random(6) === 0;
      return { robot_id: `robot-${robot}`, tsMs, offset: 1_000_000 - i, ...(isPartial ? { battery: 5 } : reported) };
    });
  }).flat();
}

const event = (robot_id: string, agoMs: number, state: string | null, fields: object = {}): TestEvent => ({
  ...{ robot_id, tsMs: Date.now() - agoMs, ...(state === null ? {} : { state }) },
  ...fields,
});

test('an error for 4 s and an error for 3 h differ, whether events come one by one or at once', async () => {
  const events = [
    ...[event('4 s', 5 * HOUR_MS, 'error'), event('4 s', 5_000, 'working'), event('4 s', 4_000, 'error')],
    ...[event('4 s', 1_000, 'error'), event('3 h', 5 * HOUR_MS, 'idle'), event('3 h', 3 * HOUR_MS, 'error')],
    ...[event('3 h', 2 * HOUR_MS, 'error'), event('3 h', 1_000, 'error')],
    ...[
      event('returned', 9 * HOUR_MS, 'idle'),
      event('returned', 8 * HOUR_MS, 'error'),
      event('returned', 7 * HOUR_MS, 'idle'),
    ],
    ...[event('returned', 1_000, 'idle'), event('only', 1_000, 'idle'), event('nothing', 1_000, null)],
  ];
  for (const each of events) await storeEvents(clickhouse.as('owner'), [each]);
  expect(await found()).toEqual(expected(events));
  await clickhouse.as('owner').command({ query: 'OPTIMIZE TABLE warehouse.robot_state_minutes FINAL' });
  expect(await found()).toEqual(expected(events));
  const [seconds] = await rows<{ seconds: number }>(
    clickhouse.as('reader'),
    `SELECT state_seconds AS seconds FROM warehouse.v_fleet_now WHERE robot_id = '3 h'`
  );
  expect(seconds?.seconds).toBeGreaterThanOrEqual(10_800);
  expect(seconds?.seconds).toBeLessThan(10_830);
});

test('a silent robot is in its status since it fell silent, one that said that it goes offline since it said so', async () => {
  const events = [
    ...[event('silent', 5 * HOUR_MS, 'idle'), event('silent', 10 * MINUTE_MS, 'idle')],
    ...[event('offline', 40 * HOUR_MS, 'idle'), event('offline', 30 * HOUR_MS, 'idle')],
    ...[event('said so', 5 * HOUR_MS, 'offline'), event('said so', 10 * MINUTE_MS, 'offline')],
    ...[event('here', 5 * HOUR_MS, 'idle'), event('here', 1_000, 'idle'), event('says nothing', 10 * MINUTE_MS, null)],
  ];
  await storeEvents(clickhouse.as('owner'), events);
  const times = events.map(({ tsMs }) => tsMs);
  const [, silent = 0, , offline = 0, said = 0, , here = 0, , nothing = 0] = times;
  const since = (status: string, ms: number): object => ({ status, state_since: dateTime(ms) });
  expect(
    await rows(clickhouse.as('reader'), 'SELECT status, state_since FROM warehouse.v_fleet_now ORDER BY robot_id')
  ).toEqual([
    since('idle', here),
    since('offline', offline + MINUTE_MS),
    since('offline', said),
    since('silent', nothing + MINUTE_MS),
    since('silent', silent + MINUTE_MS),
  ]);
});

test('a state that lasts for weeks keeps its start when the minutes are deleted', async () => {
  const events = [
    event('r', 30 * DAY_MS, 'idle'),
    event('r', 20 * DAY_MS, 'maintenance'),
    event('r', 10 * DAY_MS, 'maintenance'),
  ];
  for (const each of events) {
    await storeEvents(clickhouse.as('owner'), [each]);
    await combine();
    await clickhouse.as('owner').command({ query: 'TRUNCATE TABLE warehouse.robot_state_minutes' });
  }
  const last = event('r', 1_000, 'maintenance');
  await storeEvents(clickhouse.as('owner'), [last]);
  expect(await found()).toEqual(expected([...events, last]));
});

test('events in order, in any blocks, twice, and by both paths: exact', async () => {
  const events = randomFleet(60).toSorted((a, b) => a.tsMs - b.tsMs);
  for (let first = 0, size = 0; first < events.length; first += size) {
    size = 1 + random(50);
    const block = events.slice(first, first + size);
    await storeEvents(clickhouse.as('owner'), block);
    await storeEvents(
      clickhouse.as('owner'),
      block.map((each) => ({ ...each, source: 'engine' }))
    );
    if (random(3) === 0) await combine();
  }
  await combine();
  expect(await found()).toEqual(expected(events));
});

test('events in any order: at once not before the last other state, and exact within a minute', async () => {
  const events = randomFleet(60);
  const arrival = events.map((each) => ({ each, at: random(1_000) })).toSorted((a, b) => a.at - b.at);
  const arrived: TestEvent[] = [];
  for (let first = 0; first < arrival.length; first += 45) {
    const block = arrival.slice(first, first + 45).map(({ each }) => each);
    const source = random(3) === 0 ? 'replay' : 'ingestor';
    await storeEvents(
      clickhouse.as('owner'),
      block.map((each) => ({ ...each, source }))
    );
    arrived.push(...block);
    for (const [robot, since] of Object.entries(await found())) {
      const right = reference(arrived.filter(({ robot_id }) => robot_id === robot));
      const sinceMs = since === null ? NaN : Date.parse(`${since.replace(' ', 'T')}Z`);
      if (right === null) expect(since, robot).toBeNull();
      else expect(right.possibleMs, robot).toContain(sinceMs);
    }
    if (random(2) === 0) {
      await combine();
      expect(await found()).toEqual(expected(arrived));
    }
  }
});

test('a clock that is wrong changes no duration by its offset', async () => {
  const nowMs = Date.now();
  const at = (robot_id: string, agoMs: number, clockMs: number, state: string): TestEvent => ({
    ...{ robot_id, state, tsMs: nowMs - agoMs + clockMs, received_at: dateTime(nowMs - agoMs) },
  });
  await storeEvents(
    clickhouse.as('owner'),
    [
      ['ahead', HOUR_MS],
      ['behind', -HOUR_MS],
      ['right', 0],
    ].flatMap(([robot, clockMs]) =>
      [600, 599, 300, 299, 1].map((seconds) =>
        at(String(robot), seconds * SECOND_MS, Number(clockMs), seconds > 300 ? 'idle' : 'error')
      )
    )
  );
  expect(
    await rows(
      clickhouse.as('reader'),
      'SELECT robot_id, clock_wrong, state_seconds BETWEEN 300 AND 320 AS right FROM warehouse.v_fleet_now ORDER BY robot_id'
    )
  ).toEqual([
    { robot_id: 'ahead', clock_wrong: 1, right: 1 },
    { robot_id: 'behind', clock_wrong: 1, right: 1 },
    { robot_id: 'right', clock_wrong: 0, right: 1 },
  ]);
});
