import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, viewsOfReaders, type TestServer } from './clickhouse.ts';
import { refreshViews, storeEvents, type TestEvent } from './stored-events.ts';

/** Extreme rows that the contract accepts, and worse ones. No view and no roll-up may fail on them. */
const MEGABYTE = 1 << 20;
const FLOAT32_MAX = 3.4e38;
const DEPTH = 20_000;
const nowMs = Date.now();

const METAS = {
  'deeply nested': `{"localized":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)},"localization_score":{"a":{"b":1}}}`,
  'a megabyte': JSON.stringify({ note: 'x'.repeat(MEGABYTE), localization_score: 0.5 }),
  'numbers as text': '{"localized":"true","localization_score":"0.9","deviation_range":"far"}',
  'numbers that are none': '{"localized":1,"localization_score":1e400,"deviation_range":-1e400}',
  'other types': '{"localized":null,"localization_score":[0.9],"deviation_range":{},"firmware":7}',
  'no object': '[1,2]',
  'no JSON': '{"localized":tru',
  'no UTF-8': '{"a":"\\ud800","localized":true}',
  'the same key twice': '{"localized":true,"localized":false,"localization_score":1,"localization_score":2}',
} as const;

let clickhouse: TestServer;

beforeAll(async () => {
  clickhouse = await startTestServer();
  const owner = clickhouse.as('owner');
  await migrate(owner);
  const strange = (robot_id: string, fields: object): TestEvent[] =>
    [0, 1, 2].map((n) => ({
      ...{ robot_id, tsMs: nowMs - n * 30_000, state: 'working', x: n, y: 1, map_id: 'hall', battery: 50, ...fields },
    }));
  const task = { task_id: 't'.repeat(MEGABYTE), event_type: 'TASK_STARTED' };
  const longName = `r${'"\'\\\n'.repeat(30)}`;
  await storeEvents(owner, [
    ...Object.entries(METAS).flatMap(([name, meta]) => strange(name, { meta })),
    ...strange('far away', { x: FLOAT32_MAX, y: -FLOAT32_MAX, speed: FLOAT32_MAX }),
    ...strange('farther still', { x: -FLOAT32_MAX, y: FLOAT32_MAX, theta: -3 }),
    ...strange('far in time', { tsMs: nowMs + 86_000_000 }),
    ...strange(longName, { map_id: 'm'.repeat(MEGABYTE), error_code: 'e'.repeat(MEGABYTE) }),
    { robot_id: 'task', tsMs: nowMs - 60_000, ...task },
    { robot_id: 'task', tsMs: nowMs - 1_000, ...task, event_type: 'TASK_FAILED', x: FLOAT32_MAX, y: 1, map_id: 'hall' },
    { robot_id: 'unknown type', tsMs: nowMs, event_type: 'x'.repeat(MEGABYTE), state: 'dancing' },
  ]);
  const zone = { map_id: 'hall', kind: 'area', updated_at: '2020-01-01 00:00:00' };
  const corners = (...xs: number[]): object[] =>
    xs.flatMap((x) => [
      { x, y: 0 },
      { x, y: x },
    ]);
  await owner.insert({
    table: 'warehouse.zones',
    format: 'JSONEachRow',
    values: Object.entries({
      empty: [],
      point: corners(1).slice(1),
      line: [...corners(0).slice(1), ...corners(9).slice(1)],
      crossed: corners(0, 9, 3),
      huge: corners(-1e300, 1e300),
      far: corners(1e18, 1e18 + 1e6),
    }).map(([name, polygon]) => ({ ...zone, zone_id: name, name, polygon })),
  });
  await owner.insert({
    table: 'warehouse.dead_letters',
    format: 'JSONEachRow',
    values: [{ topic: 't', raw: '\u0000\ufffd'.repeat(MEGABYTE), reason: 'invalid_json', source: 'engine' }],
  });
});
afterAll(async () => {
  await clickhouse.stop();
});

test.each(['telemetry_minute_mv', 'telemetry_hour_mv', 'floor_cells_mv', 'floor_cells_hour_mv'])(
  '%s computes what is there',
  async (view) => {
    const owner = clickhouse.as('owner');
    await refreshViews(owner, [view]);
    const found = await rows(owner, `SELECT exception FROM system.view_refreshes WHERE view = '${view}'`);
    expect(found).toEqual([{ exception: '' }]);
  }
);

test('every view returns a result to the reader', async () => {
  const views = await viewsOfReaders(clickhouse.as('owner'));
  for (const name of views) {
    const answer = await clickhouse
      .as('reader')
      .query({ query: `SELECT * FROM warehouse.${name}`, format: 'JSONEachRow' });
    await expect(answer.text(), name).resolves.toBeTypeOf('string');
  }
});

test('an undefined score is NULL, and every robot is listed', async () => {
  const found = await rows<{ robot_id: string }>(
    clickhouse.as('reader'),
    `SELECT robot_id, localized, round(localization_score, 3) AS score, deviation_metres AS metres FROM warehouse.v_fleet_now
     WHERE robot_id IN (${Object.keys(METAS)
       .map((name) => `'${name}'`)
       .join()})`
  );
  const none = { localized: null, score: null, metres: null };
  const byRobot = Object.fromEntries(found.map(({ robot_id, ...answer }) => [robot_id, answer]));
  expect(byRobot).toEqual({
    ...Object.fromEntries(Object.keys(METAS).map((name) => [name, none])),
    'a megabyte': { ...none, score: 0.5 },
    'numbers as text': { ...none, score: 0.9 },
    'the same key twice': { ...none, localized: 1, score: 1 },
  });
});
