import type { ClickHouseClient } from '@clickhouse/client';
import { migrate } from '@floorwatch/ingestor/migrate/migrate';
import { startTestServer, type TestServer } from '@floorwatch/ingestor/test/clickhouse';
import { dateTime, refreshViews, rounded, storeEvents, type TestEvent } from '@floorwatch/ingestor/test/stored-events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

/** Values per square metre, compared with values computed by hand. */
const HOUR_MS = 3_600_000;
const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
const at = (robot_id: string, seconds: number, columns: Record<string, unknown>): TestEvent => ({
  ...{ robot_id, tsMs: start + seconds * 1_000, map_id: 'hall', speed: 1, state: 'working' },
  ...columns,
});

/** Loads the query of the map at run time, because the plugin is compiled as another kind of module. */
const { floorCellsSql } = (await import(new URL('../../plugin/src/queries/floorCells.ts', import.meta.url).href)) as {
  floorCellsSql: (measure: string, range: { mapId: string; fromMs: number; toMs: number }) => string;
};

let clickhouse: TestServer;
const ask = (query: string): Promise<Record<string, unknown>[]> => rounded(clickhouse.as('reader'), query);

/** Minutes that an event touched are computed when nothing has touched them for half a minute. */
async function computeUntilNothingIsLeft(owner: ClickHouseClient): Promise<void> {
  await vi.waitFor(
    async () => {
      await computeCells(owner);
      expect(await ask(`SELECT left_minutes FROM warehouse.v_roll_ups WHERE roll_up = 'floor_cells'`)).toEqual([
        { left_minutes: 0 },
      ]);
    },
    { timeout: 90_000, interval: 3_000 }
  );
}

async function computeCells(owner: ClickHouseClient): Promise<void> {
  await refreshViews(owner, ['floor_cells_mv', 'floor_cells_hour_mv']);
}

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  await storeEvents(clickhouse.as('owner'), [
    // a: 30 s in (0, −1), blocked in (1, −1) for 40 s, then silent in (2, −1), which is 60 s and no more
    at('a', 10, { x: 0.5, y: -0.5, meta: '{"localization_score":0.8}' }),
    at('a', 40, { x: 1.2, y: -0.1, state: 'blocked' }),
    at('a', 70, { x: 1.2, y: -0.1, state: 'blocked' }),
    at('a', 80, { x: 2.5, y: -0.5 }),
    // b: creeps past a for 5 s, then fails where it reported last
    at('b', 45, { x: 2.1, y: 0.3, speed: 0.05 }),
    at('b', 50, { x: 5.5, y: 5.5, meta: '{"localization_score":0.6,"deviation_range":0.3}' }),
    at('b', 55, { event_type: 'ERROR', state: 'error', meta: '{"localization_score":1,"deviation_range":0.1}' }),
    // c: stands still across the end of the first five minutes
    at('c', 290, { x: 0.5, y: 0.5, state: 'idle', speed: 0 }),
    // d: what it says 100 s after its last position happens nowhere
    at('d', 100, { x: 9.5, y: 9.5, state: 'blocked' }),
    at('d', 200, { event_type: 'ERROR', state: 'error' }),
    // e says no map, and f is nowhere on earth
    at('e', 100, { x: 9.5, y: 9.5, map_id: null }),
    at('f', 100, { x: 3e9, y: 0 }),
  ]);
  await computeCells(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
});

const CELLS = `SELECT map_id, x, y, dwell_seconds AS dwell, waiting_seconds AS waiting, congested_seconds AS congested, errors
  FROM warehouse.v_floor_cells`;

test('dwell, waiting, congestion and errors per square metre count an event once when it was sent twice', async () => {
  const calm = { waiting: 0, congested: 0, errors: 0 };
  expect(await ask(`${CELLS} WHERE time = toDateTime(${start / 1_000}, 'UTC') ORDER BY map_id, x, y`)).toEqual([
    { map_id: 'hall', x: 0.5, y: -0.5, dwell: 30, ...calm },
    { map_id: 'hall', x: 0.5, y: 0.5, dwell: 10, ...calm },
    // b is beside it in the first of the two minutes that it waits
    { map_id: 'hall', x: 1.5, y: -0.5, dwell: 40, waiting: 40, congested: 30, errors: 0 },
    { map_id: 'hall', x: 2.5, y: -0.5, dwell: 60, ...calm },
    { map_id: 'hall', x: 2.5, y: 0.5, dwell: 5, waiting: 5, congested: 5, errors: 0 },
    { map_id: 'hall', x: 5.5, y: 5.5, dwell: 65, ...calm, errors: 1 },
    // e in the same square is on no map: not beside it
    { map_id: 'hall', x: 9.5, y: 9.5, dwell: 60, waiting: 60, congested: 0, errors: 0 },
    { map_id: null, x: 9.5, y: 9.5, dwell: 60, ...calm },
  ]);
});

test('localisation is the mean of the reports in a cell, and null without reports', async () => {
  const localisation = `SELECT x, y, localization_score AS score, score_reports AS scores, deviation_metres AS deviation, deviation_reports AS deviations
    FROM warehouse.v_floor_cells WHERE time = toDateTime(${start / 1_000}, 'UTC') AND x < 6 AND y != 0.5 AND x != 2.5 ORDER BY x, y`;
  expect(await ask(localisation)).toEqual([
    { x: 0.5, y: -0.5, score: 0.8, scores: 1, deviation: null, deviations: 0 },
    { x: 1.5, y: -0.5, score: null, scores: 0, deviation: null, deviations: 0 },
    { x: 5.5, y: 5.5, score: 0.8, scores: 2, deviation: 0.2, deviations: 2 },
  ]);
});

test('a late event moves seconds to another cell, also in the next five minutes, and empties the old cell', async () => {
  const next = `${CELLS} WHERE time = toDateTime(${start / 1_000 + 300}, 'UTC')`;
  expect(await ask(next)).toMatchObject([{ x: 0.5, y: 0.5, dwell: 50 }]);
  await storeEvents(clickhouse.as('owner'), [at('c', 295, { x: 7.5, y: 7.5 })]);
  await computeUntilNothingIsLeft(clickhouse.as('owner'));
  expect(await ask(next)).toMatchObject([{ x: 7.5, y: 7.5, dwell: 55 }]);
  const first = `${CELLS} WHERE time = toDateTime(${start / 1_000}, 'UTC') AND x IN (0.5, 7.5) AND y > 0 ORDER BY x`;
  expect(await ask(first)).toMatchObject([
    { x: 0.5, dwell: 5 },
    { x: 7.5, dwell: 5 },
  ]);
});

test('hours are the sums of their five minutes', async () => {
  const sums = (view: string): Promise<Record<string, unknown>[]> =>
    ask(`SELECT map_id, x, y, sum(dwell_seconds) AS dwell, sum(waiting_seconds) AS waiting, sum(congested_seconds) AS congested,
        sum(errors) AS failures, sum(localization_score * score_reports) AS scores
      FROM warehouse.${view} GROUP BY map_id, x, y ORDER BY map_id, x, y`);
  const [byHour, byFiveMinutes] = [await sums('v_floor_cell_hours'), await sums('v_floor_cells')];
  expect(byHour).toEqual(byFiveMinutes);
  expect(byHour).toContainEqual({
    ...{ map_id: 'hall', x: 7.5, y: 7.5, dwell: 60, waiting: 0, congested: 0, failures: 0, scores: null },
  });
});

test('a minute is computed again only after an event in it, or shortly before it', async () => {
  const owner = clickhouse.as('owner');
  const versions =
    'SELECT bucket, max(computed_at) AS computed FROM warehouse.floor_cells GROUP BY bucket ORDER BY bucket';
  const before = await rounded(owner, versions);
  await computeCells(owner);
  expect(await rounded(owner, versions)).toEqual(before);
  await storeEvents(owner, [at('g', 200, { x: 3.5, y: 3.5 })]);
  await computeUntilNothingIsLeft(owner);
  const known = new Set(before.map((row) => JSON.stringify(row)));
  const changed = (await rounded(owner, versions)).filter((row) => !known.has(JSON.stringify(row)));
  expect(changed.map(({ bucket }) => bucket)).toEqual(
    [180, 240, 300].map((seconds) => dateTime(start + seconds * 1_000).slice(0, 19))
  );
});

test.each(['dwell', 'congestion', 'errors', 'localisation', 'deviation'])(
  'the query of the map for %s combines hours and five minutes',
  async (measure) => {
    const asked = (toMs: number): string =>
      floorCellsSql(measure, { mapId: 'hall', fromMs: start - 20 * 60_000, toMs });
    const longer = await ask(asked(start + HOUR_MS + 60_000));
    expect(longer.length).toBeGreaterThan(0);
    // After the first five minutes only c stays where it is: for the others, the hour holds what its five minutes hold.
    const other = (found: Record<string, unknown>[]): Record<string, unknown>[] => found.filter(({ x }) => x !== 7.5);
    expect(other(longer)).toEqual(other(await ask(asked(start + 5 * 60_000))));
  }
);
