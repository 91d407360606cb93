import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { runCommand, type Ended } from './command.ts';
import { dateTime, rounded, storeEvents } from './stored-events.ts';

/** Who belongs to the fleet: retired robots, robots that are offline, and robots in maintenance. */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let clickhouse: TestServer;
const ask = (query: string): Promise<Record<string, unknown>[]> => rounded(clickhouse.as('reader'), query);
const robots = (...args: string[]): Promise<Ended> =>
  runCommand(['robots', ...args], {
    CLICKHOUSE_URL: clickhouse.server.url,
    CLICKHOUSE_USER: 'floorwatch_owner',
    CLICKHOUSE_PASSWORD: clickhouse.server.passwords.owner,
  });
const report = (robot_id: string, agoMs: number, fields: object = {}): Promise<void> =>
  storeEvents(clickhouse.as('owner'), [
    { robot_id, tsMs: Date.now() - agoMs, state: 'idle', x: 1, y: 1, map_id: 'hall', battery: 50, ...fields },
  ]);
const statuses = async (): Promise<Record<string, unknown>> =>
  Object.fromEntries<unknown>(
    (await ask('SELECT robot_id, status FROM warehouse.v_fleet_now')).map(({ robot_id, status }) => [
      String(robot_id),
      status,
    ])
  );
const alerts = async (): Promise<unknown[]> =>
  (await ask('SELECT robot_id FROM warehouse.v_telemetry_dropoff ORDER BY robot_id')).map(({ robot_id }) => robot_id);

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
beforeEach(async () => {
  for (const table of [
    ...['telemetry_raw', 'robot_latest', 'robot_arrivals', 'robot_state_minutes', 'robot_states'],
    ...['robot_retirements', 'fleet_settings', 'zones'],
  ]) {
    await clickhouse.as('owner').command({ query: `TRUNCATE TABLE warehouse.${table}` });
  }
});
afterAll(async () => {
  await clickhouse.stop();
});

describe('a retired robot', () => {
  beforeEach(async () => {
    await clickhouse.as('owner').insert({
      table: 'warehouse.zones',
      format: 'JSONEachRow',
      values: [
        {
          map_id: 'hall',
          zone_id: 'z',
          name: 'Z',
          kind: 'area',
          polygon: [
            [0, 0],
            [9, 0],
            [9, 9],
          ].map(([x, y]) => ({ x, y })),
        },
      ],
    });
    await report('kept', 1_000);
    await report('scrapped', 10 * MINUTE_MS, { x: 2 });
    await report('other', 1_000, { x: 2 });
  });

  test('disappears from every view of now and from alerts, and comes back when it is restored', async () => {
    const seen = async (): Promise<unknown> => ({
      now: Object.keys(await statuses()).toSorted(),
      summary: await ask('SELECT robots, silent, placed FROM warehouse.v_fleet_summary'),
      status: await ask('SELECT * FROM warehouse.v_fleet_status ORDER BY status'),
      dropoff: await ask('SELECT robots, silent_robots FROM warehouse.v_fleet_dropoff'),
      batteries: await ask('SELECT robots FROM warehouse.v_battery_distribution'),
      zones: await ask('SELECT robots FROM warehouse.v_zone_occupancy'),
      alerts: await alerts(),
    });
    const before = await seen();
    expect(before).toEqual({
      now: ['kept', 'other', 'scrapped'],
      summary: [{ robots: 3, silent: 1, placed: 3 }],
      status: [
        { status: 'idle', robots: 2 },
        { status: 'silent', robots: 1 },
      ],
      dropoff: [{ robots: 3, silent_robots: 1 }],
      batteries: [{ robots: 3 }],
      zones: [{ robots: 2 }],
      alerts: ['scrapped'],
    });
    expect(await robots('retire', 'scrapped', 'other', '--reason', "it's scrap", '--by', 'Ada')).toMatchObject({
      code: 0,
      stdout: 'other: retired\nscrapped: retired\n',
    });
    expect(await seen()).toEqual({
      now: ['kept'],
      summary: [{ robots: 1, silent: 0, placed: 1 }],
      status: [{ status: 'idle', robots: 1 }],
      dropoff: [{ robots: 1, silent_robots: 0 }],
      batteries: [{ robots: 1 }],
      zones: [{ robots: 1 }],
      alerts: [],
    });
    expect(await robots('restore', 'scrapped', 'other')).toMatchObject({ code: 0 });
    expect(await seen()).toEqual(before);
  });

  test('stays retired when it reports again, and is listed as one that reports', async () => {
    await robots('retire', 'scrapped', 'other', '--reason', 'scrap', '--by', 'Ada');
    await report('other', -1);
    expect(Object.keys(await statuses())).toEqual(['kept']);
    const listed = await robots('list');
    expect(listed.stdout).toMatch(
      /^1 in service, 2 retired, 1 of them report\nother: retired, but reports, since .+ by Ada: scrap, last report .+\nscrapped: retired, since /
    );
    expect(JSON.parse((await robots('list', '--json')).stdout)).toMatchObject({
      ...{ in_service: 1, retired: 2, retired_but_reporting: 1 },
      robots: [
        { robot_id: 'other', service: 'retired, but reports', retired_by: 'Ada', retired_reason: 'scrap' },
        { robot_id: 'scrapped', service: 'retired' },
      ],
    });
    expect(
      await ask('SELECT robot_id, service, retired_by, retired_reason FROM warehouse.v_robot_roster ORDER BY 1')
    ).toEqual([
      { robot_id: 'kept', service: 'in service', retired_by: null, retired_reason: null },
      { robot_id: 'other', service: 'retired, but reports', retired_by: 'Ada', retired_reason: 'scrap' },
      { robot_id: 'scrapped', service: 'retired', retired_by: 'Ada', retired_reason: 'scrap' },
    ]);
  });

  test('a misspelt id changes nothing, and a repeated command keeps the first reason', async () => {
    const misspelt = await robots('retire', 'scrapped', 'srcapped', '--reason', 'x');
    expect(misspelt).toMatchObject({ code: 1, stdout: '' });
    expect(misspelt.stderr).toContain('Unknown: srcapped.');
    expect(Object.keys(await statuses())).toHaveLength(3);
    await robots('retire', 'scrapped', '--reason', 'first', '--by', 'Ada');
    expect((await robots('retire', 'scrapped', '--reason', 'second')).stdout).toMatch(
      /^scrapped: retired, since .+ by Ada: first; nothing changed\n$/
    );
    expect((await robots('restore', 'kept')).stdout).toBe('kept: is in service already; nothing changed\n');
    expect(await robots('retire', 'kept')).toMatchObject({ code: 1, stdout: '' });
  });

  test('can be retired before it ever reported, if it is in the table of robots', async () => {
    await clickhouse.as('owner').insert({
      table: 'warehouse.robots',
      format: 'JSONEachRow',
      values: [{ robot_id: 'never came', model: 'm', site_id: '', fleet: '' }],
    });
    expect(await robots('retire', 'never came', '--reason', 'sold')).toMatchObject({ code: 0 });
    await report('never came', 1_000);
    expect(Object.keys(await statuses())).not.toContain('never came');
    await clickhouse.as('owner').command({ query: 'TRUNCATE TABLE warehouse.robots' });
  });
});

describe('offline and maintenance', () => {
  test('a robot that said offline is offline however long it is silent, and does not page', async () => {
    await report('reports', 1_000);
    await report('off', 10 * MINUTE_MS, { state: 'offline' });
    await report('off since days', 5 * 24 * HOUR_MS, { state: 'offline' });
    expect(await statuses()).toEqual({ reports: 'idle', off: 'offline', 'off since days': 'offline' });
    expect(await alerts()).toEqual([]);
    expect(await ask('SELECT online, offline, silent FROM warehouse.v_fleet_summary')).toEqual([
      { online: 1, offline: 2, silent: 0 },
    ]);
  });

  test('a robot that is silent for a day is offline, or for as long as the setting says', async () => {
    await report('reports', 1_000);
    await report('for 23 hours', 23 * HOUR_MS);
    await report('for 25 hours', 25 * HOUR_MS);
    await report('for 3 hours', 3 * HOUR_MS);
    expect(await statuses()).toMatchObject({
      'for 3 hours': 'silent',
      'for 23 hours': 'silent',
      'for 25 hours': 'offline',
    });
    expect(await alerts()).toEqual(['for 23 hours', 'for 3 hours']);
    expect((await robots('settings')).stdout).toBe('offline after 24 hours of silence\n');
    expect((await robots('settings', '--offline-after-hours', '2.5')).stdout).toBe(
      'offline after 2.5 hours of silence\n'
    );
    expect(await statuses()).toMatchObject({ 'for 3 hours': 'offline', 'for 23 hours': 'offline', reports: 'idle' });
    expect(await alerts()).toEqual([]);
    for (const wrong of ['0', '-1', 'two', '1e9'])
      expect((await robots('settings', '--offline-after-hours', wrong)).code, wrong).toBe(1);
    expect(JSON.parse((await robots('settings', '--json')).stdout)).toEqual({ offline_after_hours: 2.5 });
  });

  test('a robot that was switched off in maintenance does not page', async () => {
    await report('reports', 1_000);
    await report('in the workshop', 10 * MINUTE_MS, { state: 'maintenance' });
    await report('lost', 10 * MINUTE_MS);
    expect(await alerts()).toEqual(['lost']);
  });

  test('a fleet that was switched off on purpose does not page, and one with a dead robot does', async () => {
    const silence = async (): Promise<unknown> =>
      (await ask('SELECT silent_seconds > 60 AS pages FROM warehouse.v_fleet_dropoff'))[0];
    await report('off', 10 * MINUTE_MS, { state: 'offline' });
    await report('in the workshop', 10 * MINUTE_MS, { state: 'maintenance' });
    expect(await silence()).toEqual({ pages: 0 });
    await report('dead for days', 3 * 24 * HOUR_MS);
    expect(await silence()).toEqual({ pages: 1 });
    await report('in the workshop', 0, { state: 'maintenance' });
    expect(await silence()).toEqual({ pages: 0 });
  });
});

describe('the allowed silence follows the rhythm of arrivals', () => {
  /** A robot that reports at this rhythm for two hours, and then is silent. */
  async function arrives(robot_id: string, everyMs: number, silentMs: number, lastingMs = 2 * HOUR_MS): Promise<void> {
    const nowMs = Date.now();
    const count = Math.floor(lastingMs / everyMs) + 1;
    await storeEvents(
      clickhouse.as('owner'),
      Array.from({ length: count }, (_, i) => nowMs - silentMs - i * everyMs).map((tsMs) => ({
        ...{ robot_id, tsMs, state: 'idle', received_at: dateTime(tsMs) },
      }))
    );
  }

  test('a robot that reports every ten minutes does not page between two reports, but does after three', async () => {
    await report('reports', 1_000);
    await arrives('every ten minutes', 10 * MINUTE_MS, 11 * MINUTE_MS);
    await arrives('every ten minutes, dead', 10 * MINUTE_MS, 31 * MINUTE_MS);
    await arrives('every three hours', 3 * HOUR_MS, 4 * HOUR_MS, 15 * HOUR_MS);
    await arrives('every second', 1_000, 65_000, 25 * MINUTE_MS);
    expect(await ask('SELECT robot_id, allowed_seconds FROM warehouse.v_telemetry_dropoff ORDER BY 1')).toEqual([
      { robot_id: 'every second', allowed_seconds: 60 },
      { robot_id: 'every ten minutes, dead', allowed_seconds: 1_800 },
    ]);
  });

  test('the first minutes of a robot that reports every second do not allow more than 60 s', async () => {
    await report('reports', 1_000);
    await arrives('new', 1_000, 65_000, 3 * MINUTE_MS);
    expect(await ask('SELECT robot_id, allowed_seconds FROM warehouse.v_telemetry_dropoff')).toEqual([
      { robot_id: 'new', allowed_seconds: 60 },
    ]);
  });

  test('a night in which a robot is off is not its rhythm, and one long pause allows an hour at most', async () => {
    await report('reports', 1_000);
    await arrives('off at night', 10_000, 10 * HOUR_MS, HOUR_MS);
    await arrives('off at night', 10_000, 70_000, HOUR_MS);
    await arrives('tried yesterday', 10_000, 20 * HOUR_MS, 0);
    await arrives('tried yesterday', 10_000, 61 * MINUTE_MS, 0);
    expect(await ask('SELECT robot_id, allowed_seconds FROM warehouse.v_telemetry_dropoff ORDER BY 1')).toEqual([
      { robot_id: 'off at night', allowed_seconds: 60 },
      { robot_id: 'tried yesterday', allowed_seconds: 3_600 },
    ]);
  });
});
