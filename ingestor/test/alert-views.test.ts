import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { RULE_GROUPS } from '../src/provisioning/render.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { dateTime, refreshViews, rounded, storeEvents, type TestEvent } from './stored-events.ts';

/** What the alert rules ask. Robots report at `now`; silent ones stopped 100 s ago. */
const MINUTE_MS = 60_000;
let clickhouse: TestServer;
const ask = (query: string): Promise<Record<string, unknown>[]> => rounded(clickhouse.as('reader'), query);
const groups = () =>
  ask(
    'SELECT kind, name, severity, stopped_robots, robots, share_percent FROM warehouse.v_alert_silent_groups ORDER BY 1, 2'
  );
const robotsSilent = async () =>
  (await ask(`SELECT robot_id FROM warehouse.v_alert_dropoff ORDER BY 1`)).map(({ robot_id }) => robot_id);

const ZONES = [
  { zone_id: 'a', name: 'Storage A', left: 0 },
  { zone_id: 'b', name: 'Storage B', left: 100 },
].map(({ left, ...zone }) => ({
  ...{ map_id: 'hall', kind: 'zone', updated_at: '2020-01-01 00:00:00', ...zone },
  polygon: [
    { x: left, y: 0 },
    { x: left + 10, y: 0 },
    { x: left + 10, y: 10 },
    { x: left, y: 10 },
  ],
}));

interface Placed {
  robot_id: string;
  zone: 'a' | 'b' | 'none';
  firmware: string;
  site_id: string;
}

/** 40 robots: 12 in Storage B, 12 in Storage A, 16 outside; every fifth has the firmware v2; the last eight are at another site. */
const FLEET: readonly Placed[] = Array.from({ length: 40 }, (_, i) => ({
  robot_id: `r${String(i).padStart(2, '0')}`,
  zone: i < 12 ? 'b' : i < 24 ? 'a' : 'none',
  firmware: i % 5 === 0 ? 'v2' : 'v1',
  site_id: i < 32 ? 'here' : 'there',
}));

async function report(
  secondsAgoOf: (robot: Placed) => number,
  fields: object = {},
  fleet: readonly Placed[] = FLEET
): Promise<void> {
  const nowMs = Date.now();
  const owner = clickhouse.as('owner');
  for (const table of ['telemetry_raw', 'robot_latest', 'robot_arrivals'])
    await owner.command({ query: `TRUNCATE TABLE warehouse.${table}` });
  await storeEvents(
    owner,
    fleet.map((robot) => ({
      ...{ robot_id: robot.robot_id, tsMs: nowMs - 1000 * secondsAgoOf(robot), state: 'working' },
      ...{ site_id: robot.site_id, firmware: robot.firmware, y: 5 },
      ...(robot.site_id === 'here' ? { map_id: 'hall' } : { map_id: 'yard' }),
      x: { a: 5, b: 105, none: 500 }[robot.zone],
      ...fields,
    }))
  );
}

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  await clickhouse.as('owner').insert({ table: 'warehouse.zones', format: 'JSONEachRow', values: ZONES });
});
afterAll(async () => {
  await clickhouse.stop();
});

describe('silence', () => {
  test('a fleet that reports has no row in any view of the rules', async () => {
    await report(() => 0);
    for (const view of [
      'v_alert_silent_groups',
      'v_alert_dropoff',
      'v_alert_slow_robots',
      'v_alert_robots',
      'v_alert_flow',
    ])
      expect(await ask(`SELECT * FROM warehouse.${view}`), view).toEqual([]);
  });

  test('three robots of 40, spread out, are three robots and no group', async () => {
    await report(({ robot_id }) => (['r01', 'r14', 'r33'].includes(robot_id) ? 100 : 0));
    expect(await groups()).toEqual([]);
    expect(await robotsSilent()).toEqual(['r01', 'r14', 'r33']);
    expect(await ask(`SELECT place FROM warehouse.v_alert_dropoff WHERE robot_id = 'r01'`)).toEqual([
      { place: 'Storage B, hall, here' },
    ]);
  });

  test('a silent robot has an alert 20 s after its limit, and so has a group', async () => {
    await report(({ robot_id }) => ({ r01: 65, r14: 100 })[robot_id] ?? 0);
    expect(await robotsSilent()).toEqual(['r14']);
    await report(({ zone }) => (zone === 'b' ? 65 : 0));
    expect([await groups(), await robotsSilent()]).toEqual([[], []]);
  });

  test('after the offsets were not measured, nobody is silent for a minute: robots connect again one after the other', async () => {
    const owner = clickhouse.as('owner');
    const nowMs = Date.now();
    const measured = async (partitions: readonly (readonly number[])[]): Promise<void> => {
      await owner.command({ query: 'TRUNCATE TABLE warehouse.path_offsets' });
      await owner.insert({
        table: 'warehouse.path_offsets',
        format: 'JSONEachRow',
        values: partitions.flatMap((secondsAgo, partition) =>
          secondsAgo.map((seconds) => ({
            ...{ path: 'ingestor', topic: 'pauses', partition, end_offset: 10, committed_offset: 10 },
            sampled_at: dateTime(nowMs - 1000 * seconds),
          }))
        ),
      });
    };
    await report(() => 100);
    const every = (seconds: number, from: number, to: number): number[] =>
      Array.from({ length: (from - to) / seconds + 1 }, (_, i) => from - i * seconds);
    const silent = async (...partitions: readonly (readonly number[])[]): Promise<number> => {
      await measured(partitions);
      return (await groups()).length;
    };
    expect(await silent([...every(5, 300, 120), ...every(5, 15, 0)])).toBe(0);
    expect(await silent([0])).toBe(0);
    expect(await silent(every(5, 300, 0))).toBe(1);
    expect(await silent([...every(5, 300, 250), ...every(5, 90, 0)])).toBe(1);
    // Long intervals are no pauses.
    expect(await silent(every(600, 1_200, 0))).toBe(1);
    // One of three partitions: an ingestor that restarts mutes nobody.
    const steady = every(5, 300, 0);
    expect(await silent([...every(5, 300, 120), ...every(5, 15, 0)], steady, steady)).toBe(1);
    // A robot that was silent long before the pause stays so, and is none of those that the pause silenced.
    await report(({ robot_id }) => (robot_id === 'r14' ? 500 : 100));
    expect(await silent([...every(5, 300, 120), ...every(5, 15, 0)])).toBe(0);
    expect(await robotsSilent()).toEqual(['r14']);
    await owner.command({ query: 'TRUNCATE TABLE warehouse.path_offsets' });
  });

  test('the labels of a group do not change while it grows', async () => {
    const labels = () => ask('SELECT kind, name, severity, site FROM warehouse.v_alert_silent_groups');
    // r35 is at the other site.
    await report(({ firmware, robot_id }) => (firmware === 'v2' && robot_id !== 'r35' ? 100 : 0));
    const before = await labels();
    await report(({ firmware }) => (firmware === 'v2' ? 100 : 0));
    expect(before).toEqual([{ kind: 'firmware', name: 'firmware v2', severity: 'critical', site: 'all' }]);
    expect(await labels()).toEqual(before);
  });

  test('the severity of a group is that of all its robots, also while few of them are silent', async () => {
    // 12 of 160 robots are no tenth of the fleet, 18 are.
    const zoneOf = (i: number): 'a' | 'b' | 'none' => (i < 18 ? 'b' : 'none');
    const large = Array.from({ length: 160 }, (_, i) => ({
      ...{ robot_id: `r${i}`, zone: zoneOf(i), firmware: `v${i}`, site_id: 'here' },
    }));
    const severity = async (silent: number) => {
      await report(({ robot_id }) => (Number(robot_id.slice(1)) < silent ? 100 : 0), {}, large);
      return ask('SELECT name, severity, stopped_robots FROM warehouse.v_alert_silent_groups');
    };
    const group = { name: 'zone Storage B on hall', severity: 'critical' };
    expect(await severity(12)).toEqual([{ ...group, stopped_robots: 12 }]);
    expect(await severity(18)).toEqual([{ ...group, stopped_robots: 18 }]);
  });

  test('all robots of a zone are one group, and none of them has an alert of its own', async () => {
    await report(({ zone, robot_id }) => (zone === 'b' || robot_id === 'r30' ? 100 : 0));
    expect(await groups()).toEqual([
      {
        ...{ kind: 'zone', name: 'zone Storage B on hall', severity: 'critical' },
        ...{ stopped_robots: 12, robots: 12, share_percent: 100 },
      },
    ]);
    expect(await robotsSilent()).toEqual(['r30']);
  });

  test('all robots of a firmware are one group', async () => {
    await report(({ firmware }) => (firmware === 'v2' ? 100 : 0));
    expect(await groups()).toMatchObject([{ kind: 'firmware', name: 'firmware v2', stopped_robots: 8, robots: 8 }]);
    expect(await robotsSilent()).toEqual([]);
  });

  test('all robots of a site are the site, not its floor', async () => {
    await report(({ site_id }) => (site_id === 'there' ? 100 : 0));
    expect(await groups()).toMatchObject([
      { kind: 'site', name: 'site there', severity: 'critical', stopped_robots: 8 },
    ]);
  });

  test('97 % of the fleet are the fleet with its share', async () => {
    await report(({ robot_id }) => (robot_id === 'r39' ? 0 : 100));
    expect(await groups()).toEqual([
      {
        ...{ kind: 'fleet', name: 'the fleet', severity: 'critical' },
        ...{ stopped_robots: 39, robots: 40, share_percent: 98 },
      },
    ]);
    expect(await robotsSilent()).toEqual([]);
  });

  test('when the first robot of a group is silent, those that stopped with it are counted already', async () => {
    await report(({ zone, robot_id }) => (zone === 'b' ? (robot_id === 'r00' ? 85 : 45) : 0));
    expect(await groups()).toMatchObject([{ name: 'zone Storage B on hall', stopped_robots: 12, robots: 12 }]);
    expect(await robotsSilent()).toEqual([]);
  });

  test('a robot that was silent long before its group keeps its own alert', async () => {
    await report(({ zone, robot_id }) => (zone === 'b' ? (robot_id === 'r00' ? 1_200 : 100) : 0));
    expect(await groups()).toMatchObject([{ name: 'zone Storage B on hall', stopped_robots: 11, robots: 11 }]);
    expect(await robotsSilent()).toEqual(['r00']);
  });

  test('two zones at once are two groups', async () => {
    await report(({ zone, robot_id }) => (zone !== 'none' && robot_id !== 'r12' ? 100 : 0));
    expect((await groups()).map(({ name, stopped_robots }) => [name, stopped_robots])).toEqual([
      ['zone Storage A on hall', 11],
      ['zone Storage B on hall', 12],
    ]);
  });

  test('a robot that is silent for two days is offline and has no alert, but a fleet that is silent for two days has one', async () => {
    const twoDays = 48 * 3_600;
    await report(({ robot_id }) => (robot_id === 'r01' ? twoDays : 0));
    expect([await groups(), await robotsSilent()]).toEqual([[], []]);
    await report(() => twoDays);
    expect(await groups()).toMatchObject([{ kind: 'fleet', stopped_robots: 40, robots: 40 }]);
  });

  test.each(['offline', 'maintenance'])('robots that said %s before are not silent', async (state) => {
    await report(() => 100, { state });
    expect(await groups()).toEqual([]);
    expect(await robotsSilent()).toEqual([]);
  });
});

describe('robots that need help', () => {
  const problems = () => ask('SELECT robot_id, problem, amount, unit FROM warehouse.v_alert_robots ORDER BY 1, 2');

  beforeEach(async () => {
    await clickhouse.as('owner').command({ query: 'TRUNCATE TABLE warehouse.robot_latest' });
    for (const table of ['robot_arrivals', 'robot_states', 'robot_state_minutes', 'telemetry_raw', 'path_offsets'])
      await clickhouse.as('owner').command({ query: `TRUNCATE TABLE warehouse.${table}` });
  });

  test('in error or blocked for three minutes, and not before', async () => {
    const nowMs = Date.now();
    const since = (robot_id: string, state: string, seconds: number) => [
      { robot_id, tsMs: nowMs - (seconds + 60) * 1000, state: 'working' },
      { robot_id, tsMs: nowMs - seconds * 1000, state },
      { robot_id, tsMs: nowMs, state },
    ];
    await storeEvents(clickhouse.as('owner'), [
      ...since('error long', 'error', 200),
      ...since('error short', 'error', 100),
      ...since('blocked long', 'blocked', 200),
      ...since('at work', 'working', 9_000),
    ]);
    expect((await problems()).map(({ robot_id, problem }) => [robot_id, problem])).toEqual([
      ['blocked long', 'blocked'],
      ['error long', 'in error'],
    ]);
  });

  /** An event every ten seconds since then. */
  const since = (secondsAgo: number, event: Omit<TestEvent, 'tsMs'> & { robot_id: string }): TestEvent[] =>
    Array.from({ length: Math.floor(secondsAgo / 10) + 1 }, (_, i) => ({
      ...{ state: 'working', ...event },
      tsMs: Date.now() - secondsAgo * 1000 + i * 10_000,
    }));

  test('a low battery for half a minute and not charging, a position that is lost for three minutes, and not before', async () => {
    const lost = { x: 1, y: 1, map_id: 'hall', meta: '{"localized":false,"deviation_range":2}' };
    const placed = { ...lost, meta: '{"localized":true,"deviation_range":0.1}' };
    await storeEvents(clickhouse.as('owner'), [
      ...since(40, { robot_id: 'empty', battery: 7 }),
      ...since(300, { robot_id: 'at the charger', state: 'charging', battery: 7 }),
      ...since(300, { robot_id: 'half', battery: 50 }),
      ...since(0, { robot_id: 'empty just now', battery: 7 }),
      ...since(200, { robot_id: 'lost', ...lost }),
      ...since(120, { robot_id: 'lost for a short time', ...lost }),
      ...since(300, { robot_id: 'lost again', ...lost }).map((event, i) =>
        i === 20 ? { ...event, ...placed } : event
      ),
      ...since(300, { robot_id: 'found', ...lost }).map((event, i) => (i === 30 ? { ...event, ...placed } : event)),
    ]);
    expect(await problems()).toEqual([
      { robot_id: 'empty', problem: 'low battery and not charging', amount: 7, unit: 'percent' },
      { robot_id: 'lost', problem: 'position lost', amount: 2, unit: 'metres of possible error' },
    ]);
  });

  test('a robot that rarely sends its battery keeps its alert, and so has each one during an outage of ten minutes', async () => {
    const owner = clickhouse.as('owner');
    const nowMs = Date.now();
    await storeEvents(owner, [
      ...since(500, { robot_id: 'rarely' }).map((event, i) => (i === 8 ? { ...event, battery: 7 } : event)),
      ...since(60, { robot_id: 'rarely, and since then', battery: 50 }),
    ]);
    expect((await problems()).map(({ robot_id }) => robot_id)).toEqual(['rarely']);

    for (const table of ['robot_latest', 'robot_arrivals', 'telemetry_raw'])
      await owner.command({ query: `TRUNCATE TABLE warehouse.${table}` });
    const lost = { x: 1, y: 1, map_id: 'hall', meta: '{"localized":false,"deviation_range":2}' };
    const beforeTheOutage = (events: TestEvent[]): TestEvent[] =>
      events
        .filter(({ tsMs }) => tsMs < nowMs - 600_000)
        .map((event) => ({ ...event, topic: 'out', partition: 0, received_at: dateTime(event.tsMs) }));
    await storeEvents(owner, [
      ...beforeTheOutage(since(900, { robot_id: 'empty', battery: 7 })),
      ...beforeTheOutage(since(900, { robot_id: 'lost', ...lost })),
    ]);
    await owner.insert({
      table: 'warehouse.path_offsets',
      format: 'JSONEachRow',
      values: [615, 610, 605].map((secondsAgo) => ({
        ...{ path: 'ingestor', topic: 'out', partition: 0, end_offset: 10, committed_offset: 10 },
        sampled_at: dateTime(nowMs - 1000 * secondsAgo),
      })),
    });
    const found = await problems();
    await owner.command({ query: 'TRUNCATE TABLE warehouse.path_offsets' });
    expect(found.map(({ robot_id, problem }) => [robot_id, problem])).toEqual([
      ['empty', 'low battery and not charging'],
      ['lost', 'position lost'],
    ]);
  });

  test('while an outage is caught up, a robot that was blocked for a moment when it began is not', async () => {
    const owner = clickhouse.as('owner');
    const nowMs = Date.now();
    const offsets = (secondsAgo: number, end_offset: number, committed_offset: number) => ({
      ...{ path: 'ingestor', topic: 'late', partition: 0, end_offset, committed_offset },
      sampled_at: dateTime(nowMs - secondsAgo * 1000),
    });
    await owner.insert({
      table: 'warehouse.path_offsets',
      format: 'JSONEachRow',
      values: [offsets(500, 100, 100), offsets(400, 200, 100), offsets(60, 900, 100), offsets(0, 1_000, 200)],
    });
    const at = (secondsAgo: number, state: string) => ({
      ...{ robot_id: 'moment', topic: 'late', partition: 0, state, received_at: dateTime(nowMs) },
      tsMs: nowMs - secondsAgo * 1000,
    });
    await storeEvents(owner, [at(420, 'working'), at(400, 'blocked')]);
    const found = await problems();
    await owner.command({ query: 'TRUNCATE TABLE warehouse.path_offsets' });
    expect(found.filter(({ problem }) => problem === 'blocked')).toEqual([]);
  });

  test('nothing lasts longer than what is stored: after ClickHouse was frozen, a robot was not blocked meanwhile', async () => {
    const owner = clickhouse.as('owner');
    const nowMs = Date.now();
    const at = (secondsAgo: number, state: string) => ({
      ...{ robot_id: 'blocked', topic: 'frozen', partition: 0, tsMs: nowMs - secondsAgo * 1000, state },
    });
    await storeEvents(owner, [at(400, 'working'), at(300, 'blocked'), at(250, 'blocked')]);
    await owner.insert({
      table: 'warehouse.path_offsets',
      format: 'JSONEachRow',
      values: [260, 250].map((secondsAgo) => ({
        ...{ path: 'ingestor', topic: 'frozen', partition: 0, end_offset: 10, committed_offset: 10 },
        sampled_at: dateTime(nowMs - 1000 * secondsAgo),
      })),
    });
    const [robot] = await ask(`SELECT status, state_seconds > 290 AS long FROM warehouse.v_fleet_now`);
    const found = await problems();
    await owner.command({ query: 'TRUNCATE TABLE warehouse.path_offsets' });
    expect(robot).toEqual({ status: 'blocked', long: 1 });
    expect(found).toEqual([]);
  });

  /** Arrives every ten seconds for 40 s. @param offsetSeconds of its clock */
  const arrives = (robot_id: string, offsetSeconds: number, columns: object = {}): TestEvent[] =>
    [40, 30, 20, 10, 0].map((secondsAgo) => ({
      ...{ robot_id, state: 'working', received_at: dateTime(Date.now() - secondsAgo * 1000), ...columns },
      tsMs: Date.now() + (offsetSeconds - secondsAgo) * 1000,
    }));

  test('a wrong clock is named, and is not silence', async () => {
    await storeEvents(clickhouse.as('owner'), [
      ...arrives('behind', -300),
      ...arrives('ahead', 300),
      ...arrives('right', 0),
    ]);
    expect((await problems()).map(({ robot_id, problem, amount }) => [robot_id, problem, amount])).toEqual([
      ['ahead', 'clock wrong', -300],
      ['behind', 'clock wrong', 300],
    ]);
    expect(await robotsSilent()).toEqual([]);
    expect(await groups()).toEqual([]);
  });

  test('a clock that falls behind is named at once, and one that is set right again is not named any longer', async () => {
    const nowMs = Date.now();
    const before = (robot_id: string, offsetSeconds: number) => ({
      ...{ robot_id, tsMs: nowMs + (offsetSeconds - 120) * 1000, state: 'working' },
      received_at: dateTime(nowMs - 120_000),
    });
    await storeEvents(clickhouse.as('owner'), [
      ...['a', 'b', 'c'].flatMap((robot_id) => arrives(robot_id, 0)),
      ...[before('falls behind', 0), ...arrives('falls behind', -300)],
      ...[before('falls by days', 0), ...arrives('falls by days', -3 * 86_400)],
      ...[before('set right', 300), ...arrives('set right', 0)],
    ]);
    expect((await problems()).map(({ robot_id, amount }) => [robot_id, amount])).toEqual([
      ['falls behind', 300],
      ['falls by days', 3 * 86_400],
    ]);
  });

  test('events that a silent robot kept and sends late, one or many, are no wrong clock', async () => {
    const nowMs = Date.now();
    const late = (robot_id: string, happenedSecondsAgo: number, arrivedSecondsAgo: number) => ({
      ...{ robot_id, tsMs: nowMs - happenedSecondsAgo * 1000, state: 'working' },
      received_at: dateTime(nowMs - arrivedSecondsAgo * 1000),
    });
    const nth = Array.from({ length: 40 }, (_, i) => i);
    await storeEvents(clickhouse.as('owner'), [
      ...['a', 'b', 'c', 'd', 'e'].flatMap((robot_id) => arrives(robot_id, 0)),
      ...[late('one', 420, 420), late('one', 400, 1)],
      ...[late('two', 420, 420), late('two', 400, 41), late('two', 340, 1)],
      // 40 minutes at once, and 40 minutes that it takes 40 s to send
      ...nth.map((i) => late('many', 2_600 - i * 60, 1)),
      ...nth.map((i) => late('slowly', 2_600 - i * 60, 40 - i)),
    ]);
    expect(await problems()).toEqual([]);
  });

  test('events that are all late are the pipeline, and no clock', async () => {
    await storeEvents(
      clickhouse.as('owner'),
      ['a', 'b', 'c'].flatMap((robot_id) => arrives(robot_id, -200))
    );
    expect(await problems()).toEqual([]);
  });

  test('events that are late because their partition lags are no wrong clock, while the other partitions are on time', async () => {
    const nowMs = Date.now();
    const owner = clickhouse.as('owner');
    const offsets = (partition: number, secondsAgo: number, end_offset: number, committed_offset: number) => ({
      ...{ path: 'ingestor', topic: 't', partition, end_offset, committed_offset },
      sampled_at: dateTime(nowMs - secondsAgo * 1000),
    });
    await owner.insert({
      table: 'warehouse.path_offsets',
      format: 'JSONEachRow',
      values: [
        ...[offsets(0, 120, 100, 100), offsets(0, 60, 200, 200), offsets(0, 0, 300, 300)],
        ...[offsets(1, 120, 100, 100), offsets(1, 60, 7_000, 150), offsets(1, 0, 14_000, 200)],
      ],
    });
    await storeEvents(owner, [
      ...['a', 'b', 'c', 'd'].flatMap((robot_id) => arrives(robot_id, 0, { topic: 't', partition: 0 })),
      ...['e', 'f'].flatMap((robot_id) => arrives(robot_id, -110, { topic: 't', partition: 1 })),
      ...arrives('behind', -410, { topic: 't', partition: 1 }),
    ]);
    const found = await problems();
    await owner.command({ query: 'TRUNCATE TABLE warehouse.path_offsets' });
    expect(found).toMatchObject([{ robot_id: 'behind', problem: 'clock wrong' }]);
    expect(Math.abs(Number(found[0]?.['amount']) - 290)).toBeLessThan(15);
  });

  test('what is late before Kafka is no wrong clock, also of a robot with another problem', async () => {
    const owner = clickhouse.as('owner');
    const nowMs = Date.now();
    const at = { topic: 'bridge', partition: 0 };
    const ago = Array.from({ length: 12 }, (_, i) => 120 - 10 * i);
    await owner.insert({
      table: 'warehouse.path_offsets',
      format: 'JSONEachRow',
      values: ago.map((seconds) => ({
        ...{ path: 'ingestor', ...at, end_offset: 1_000 - seconds, committed_offset: 1_000 - seconds },
        sampled_at: dateTime(nowMs - seconds * 1000),
      })),
    });
    const late = (robot_id: string, battery: number): TestEvent[] =>
      ago.map((seconds) => ({
        ...{ robot_id, ...at, state: 'working', battery, tsMs: nowMs - (seconds + 90) * 1000 },
        received_at: dateTime(nowMs - seconds * 1000),
      }));
    await storeEvents(owner, [...late('a', 80), ...late('b', 80), ...late('c', 80), ...late('empty', 5)]);
    expect(await problems()).toMatchObject([{ robot_id: 'empty', problem: 'low battery and not charging' }]);
  });

  test('while an outage is caught up, a clock that was wrong before stays so, and one that is set right meanwhile does not', async () => {
    const owner = clickhouse.as('owner');
    const nowMs = Date.now();
    const at = { topic: 'outage', partition: 0 };
    const offsets = (secondsAgo: number, end_offset: number, committed_offset: number) => ({
      ...{ path: 'ingestor', ...at, end_offset, committed_offset, sampled_at: dateTime(nowMs - secondsAgo * 1000) },
    });
    const arrival = (
      robot_id: string,
      clockSeconds: number,
      happenedSecondsAgo: number,
      arrivedSecondsAgo: number
    ) => ({
      ...{ robot_id, ...at, state: 'working', tsMs: nowMs + (clockSeconds - happenedSecondsAgo) * 1000 },
      received_at: dateTime(nowMs - arrivedSecondsAgo * 1000),
    });
    // The ingestor stopped 400 s ago. Now it is 200 s behind, and stores 20 s in each second.
    const before = Array.from({ length: 10 }, (_, i) => 500 - 10 * i);
    const caughtUp = Array.from({ length: 10 }, (_, i) => [400 - 20 * i, 10 - i] as const);
    const arrivals = (robot_id: string, clockSeconds: number, clockNowSeconds = clockSeconds): TestEvent[] => [
      ...before.map((ago) => arrival(robot_id, clockSeconds, ago, ago)),
      ...caughtUp.map(([happened, arrived]) => arrival(robot_id, clockNowSeconds, happened, arrived)),
    ];
    await owner.insert({
      table: 'warehouse.path_offsets',
      format: 'JSONEachRow',
      values: [
        ...before.map((ago) => offsets(ago, 1_000 - ago, 1_000 - ago)),
        ...[offsets(10, 990, 600), offsets(0, 1_000, 780)],
      ],
    });
    await storeEvents(owner, [
      ...['a', 'b', 'c'].flatMap((robot_id) => arrivals(robot_id, 0)),
      ...arrivals('behind', -300),
      ...[...arrivals('set right', -300, 0), arrival('set right', 0, 20, 0)],
    ]);
    const found = await problems();
    await owner.command({ query: 'TRUNCATE TABLE warehouse.path_offsets' });
    expect(found).toEqual([
      { robot_id: 'behind', problem: 'clock wrong', amount: 300, unit: 'seconds behind (negative: ahead)' },
    ]);
  });

  test('a robot that drives on with a low battery or a wrong clock keeps its alert: no label changes with the zone', async () => {
    const labelsAt = async (x: number) => {
      const at = { x, y: 5, map_id: 'hall', site_id: 'here' };
      await storeEvents(clickhouse.as('owner'), [
        ...arrives('empty', 0, { ...at, battery: 7 }),
        ...arrives('late', -300, at),
        ...arrives('right', 0, at),
      ]);
      return ask('SELECT * EXCEPT amount FROM warehouse.v_alert_robots ORDER BY robot_id');
    };
    const inStorageA = await labelsAt(5);
    expect(inStorageA).toMatchObject([
      { robot_id: 'empty', place: 'hall, here' },
      { robot_id: 'late', place: 'hall, here' },
    ]);
    expect(await labelsAt(105)).toEqual(inStorageA);
  });

  test('working for five minutes without moving', async () => {
    const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 7 * MINUTE_MS;
    const each = (robot_id: string, xAt: (step: number) => number) =>
      Array.from({ length: Math.floor((Date.now() - start) / 10_000) + 1 }, (_, step) => ({
        ...{ robot_id, tsMs: start + step * 10_000, state: 'working', x: xAt(step), y: 1, map_id: 'hall' },
      }));
    await storeEvents(clickhouse.as('owner'), [...each('stuck', () => 1), ...each('drives', (step) => step)]);
    await refreshViews(clickhouse.as('owner'), ['telemetry_minute_mv']);
    expect(await problems()).toMatchObject([{ robot_id: 'stuck', problem: 'working but not moving' }]);
  });

  describe('by minutes that are computed', () => {
    const MINUTE_VIEW = 'warehouse.telemetry_minute_mv';
    beforeEach(async () => {
      await clickhouse.as('owner').command({ query: `SYSTEM STOP VIEW ${MINUTE_VIEW}` });
      await clickhouse.as('owner').command({ query: 'TRUNCATE TABLE warehouse.telemetry_minute' });
    });
    afterEach(async () => {
      await clickhouse.as('owner').command({ query: `SYSTEM START VIEW ${MINUTE_VIEW}` });
    });

    /** Each robot: whether it stood in the minute that began `ago` minutes before the newest whole one. Of minute -1, 20 seconds are computed. */
    async function storeMinutes(robots: Record<string, (ago: number) => boolean>): Promise<void> {
      const newest = Math.floor(Date.now() / MINUTE_MS) * 60 - 120;
      const computed = { computed_at: dateTime(Date.now()), events_read: 1 };
      const minutes = Array.from({ length: 300 }, (_, ago) => newest - 60 * ago);
      const values = Object.entries(robots).flatMap(([robot_id, stoodAt]) => [
        ...minutes.map((minute, ago) => ({
          ...{ ...computed, robot_id, minute, events: 60, seconds_working: 60 },
          distance_metres: stoodAt(ago) ? 0 : 20,
        })),
        {
          ...{ ...computed, robot_id, minute: newest + 60, events: 20, seconds_working: 20 },
          distance_metres: stoodAt(-1) ? 0 : 7,
        },
      ]);
      const progress = minutes.map((minute) => ({ ...computed, robot_id: '', minute }));
      const owner = clickhouse.as('owner');
      await owner.insert({
        table: 'warehouse.telemetry_minute',
        format: 'JSONEachRow',
        values: [...values, ...progress],
      });
      const tsMs = Date.now();
      await storeEvents(
        owner,
        Object.keys(robots).map((robot_id) => ({ robot_id, tsMs, state: 'working' }))
      );
    }

    test('a robot that does not move is found also while the newest minute is not computed to its end', async () => {
      await storeMinutes({
        stuck: (ago) => ago < 5,
        'short stop': (ago) => ago < 4,
        'drives again': (ago) => ago >= 0 && ago < 12,
        long: (ago) => ago < 12,
      });
      expect(await problems()).toMatchObject([
        { robot_id: 'long', amount: 720 },
        { robot_id: 'stuck', amount: 300 },
      ]);
    });

    test('a robot that often stands for eight minutes while it works has an alert after twice that time', async () => {
      const picks = (ago: number): boolean => ago >= 60 && ago % 30 < 8;
      await storeMinutes({
        'usual pick': (ago) => ago < 10 || picks(ago),
        'long pick': (ago) => ago < 16 || picks(ago),
        'stood once': (ago) => ago < 10 || (ago >= 60 && ago < 90),
      });
      expect(await problems()).toMatchObject([
        { robot_id: 'long pick', amount: 960 },
        { robot_id: 'stood once', amount: 600 },
      ]);
    });
  });
});

test('a robot that sends a tenth of its usual events is slow, and one that always sends little is not', async () => {
  const owner = clickhouse.as('owner');
  for (const table of [
    'robot_latest',
    'robot_arrivals',
    'telemetry_minute',
    'telemetry_raw',
    'rollup_events',
    'rollup_touched',
  ])
    await owner.command({ query: `TRUNCATE TABLE warehouse.${table}` });
  const thisMinute = Math.floor((Date.now() - 20_000) / MINUTE_MS) * MINUTE_MS;
  const minutes = (robot_id: string, eventsAt: (ago: number) => number) =>
    Array.from({ length: 30 }, (_, i) => ({
      ...{ robot_id, minute: (thisMinute - (i + 1) * MINUTE_MS) / 1000, seconds_working: 60, events: eventsAt(i) },
      ...{ computed_at: dateTime(Date.now()), events_read: 1 },
    }));
  await owner.insert({
    table: 'warehouse.telemetry_minute',
    format: 'JSONEachRow',
    values: [
      ...minutes('slow', (ago) => (ago < 2 ? 6 : 60)),
      ...minutes('usual', () => 60),
      ...minutes('always slow', () => 6),
    ],
  });
  await storeEvents(
    owner,
    ['slow', 'usual', 'always slow'].map((robot_id) => ({
      robot_id,
      tsMs: Date.now(),
      state: 'working',
      map_id: 'hall',
      x: 1,
      y: 1,
    }))
  );
  expect(await ask('SELECT robot_id, percent FROM warehouse.v_alert_slow_robots')).toEqual([
    { robot_id: 'slow', percent: 10 },
  ]);
});

test('tasks that stop are named by site, and minutes that are not computed yet are no stop', async () => {
  const owner = clickhouse.as('owner');
  await owner.command({ query: 'SYSTEM STOP VIEW warehouse.telemetry_minute_mv' });
  const store = async (newestMinuteMs: number): Promise<void> => {
    await owner.command({ query: 'TRUNCATE TABLE warehouse.telemetry_minute' });
    const minutes = (robot_id: string, site_id: string, tasksAt: (ago: number) => number) =>
      Array.from({ length: 40 }, (_, ago) => ({
        ...{ robot_id, site_id, minute: newestMinuteMs / 1000 - 60 * ago, tasks_completed: tasksAt(ago) },
        ...{ computed_at: dateTime(Date.now()), events_read: 1 },
      }));
    await owner.insert({
      table: 'warehouse.telemetry_minute',
      format: 'JSONEachRow',
      values: [
        ...minutes('a', 'stopped', (ago) => (ago < 10 ? 0 : 5)),
        ...minutes('b', 'busy', () => 5),
        ...minutes('c', 'again', (ago) => (ago === 0 ? 15 : ago < 10 ? 0 : 30)),
        ...minutes('', '', () => 0),
      ],
    });
  };
  const thisMinute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const stopped = [{ site: 'stopped', problem: 'tasks finished', amount: 0, usual_amount: 50 }];
  await storeEvents(owner, [{ robot_id: 'a', tsMs: Date.now(), state: 'idle' }]);
  await store(thisMinute - 2 * MINUTE_MS);
  expect(await ask('SELECT * FROM warehouse.v_alert_flow')).toEqual(stopped);
  // The roll-up is twelve minutes late, or nothing was stored for so long.
  await store(thisMinute - 14 * MINUTE_MS);
  expect(await ask('SELECT * FROM warehouse.v_alert_flow')).toEqual(stopped);
  await owner.command({ query: 'SYSTEM START VIEW warehouse.telemetry_minute_mv' });
});

test('the storage rule names the check with its remedy, and does not ask for a first backup', async () => {
  const owner = clickhouse.as('owner');
  await owner.command({ query: 'SYSTEM STOP VIEW warehouse.telemetry_hour_mv' });
  const found = await ask(
    `SELECT check, subject, severity FROM warehouse.v_alert_storage WHERE check != 'refresh' OR severity = 'critical'`
  );
  await owner.command({ query: 'SYSTEM START VIEW warehouse.telemetry_hour_mv' });
  expect(found).toEqual([{ check: 'refresh', subject: 'telemetry_hour_mv', severity: 'critical' }]);
});

test('an ingestor that stores no offsets is silent after a minute, until a path of any kind stores some, and for a day', async () => {
  const owner = clickhouse.as('owner');
  const nowMs = Date.now();
  const silent = async (...secondsAgo: number[]) => {
    for (const table of ['path_offsets', 'path_offset_history'])
      await owner.command({ query: `TRUNCATE TABLE warehouse.${table}` });
    const values = secondsAgo.map((seconds, partition) => ({
      ...{
        path: ['ingestor', 'engine'][partition % 2],
        topic: 'silence',
        partition,
        end_offset: 10,
        committed_offset: 10,
      },
      sampled_at: dateTime(nowMs - 1000 * seconds),
    }));
    if (values.length > 0) await owner.insert({ table: 'warehouse.path_offsets', format: 'JSONEachRow', values });
    return ask(`SELECT silent_seconds >= 300 AS is_long FROM warehouse.v_alert_ingestor`);
  };
  // A server that has just started says nothing: its ingestors have to connect first.
  await expect.poll(() => ask('SELECT uptime() >= 30 AS is_up'), { timeout: 60_000 }).toEqual([{ is_up: 1 }]);
  expect(await silent()).toEqual([]);
  expect(await silent(0)).toEqual([]);
  expect(await silent(300, 0)).toEqual([]);
  expect(await silent(300)).toEqual([{ is_long: 1 }]);
  expect(await silent(300, 310)).toEqual([{ is_long: 1 }]);
  expect(await silent(90_000)).toEqual([]);
});

test('path A reads while its view exists', async () => {
  const owner = clickhouse.as('owner');
  const reads = () => ask('SELECT reads FROM warehouse.v_alert_engine_view');
  expect(await reads()).toEqual([{ reads: 1 }]);
  await owner.command({ query: 'CREATE VIEW warehouse.telemetry_from_kafka AS SELECT 1' });
  expect(await reads()).toEqual([{ reads: 2 }]);
  await owner.command({ query: 'DROP VIEW warehouse.telemetry_from_kafka' });
});

const ruleQueries = RULE_GROUPS.flatMap(({ rules }) =>
  rules.flatMap(({ name, queries }) => queries.flatMap((query) => ('sql' in query ? [[name, query.sql] as const] : [])))
);

test.each(ruleQueries)('%s asks for one number, and text for its labels: %s', async (_, sql) => {
  const columns = await rows<{ name: string; type: string }>(clickhouse.as('reader'), `DESCRIBE (${sql})`);
  const types = columns.map(({ type }) => type);
  // Grafana does not make a label of a Nullable column.
  expect(types.filter((type) => type === 'Float64')).toHaveLength(1);
  expect(types.filter((type) => type !== 'Float64' && !/^(LowCardinality\(String\)|String)$/.test(type))).toEqual([]);
});
