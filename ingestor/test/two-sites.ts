import type { ClickHouseClient } from '@clickhouse/client';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { fleetDay } from './fleet-day.ts';

/** Begins the name of everything of the other site, and of robots without a site. */
export const THEIRS = 'THEIRS-';
/** Metres; no robot of the first site is this far. */
export const THEIR_X = 1000;

export interface TwoSites extends AsyncDisposable {
  /** Has the sites `ours` and `theirs`, and robots without a site. */
  shared: TestServer;
  /** Has only what `shared` has of the site `ours`. */
  alone: TestServer;
  /** An event of the site `ours`. */
  event: Readonly<Record<string, unknown>>;
}

export async function startTwoSites(nowMs: number): Promise<TwoSites> {
  const ours = fleetDay(nowMs, 6, 'ours', 'ours-');
  const theirDay = fleetDay(nowMs, 6, 'theirs', THEIRS);
  const theirs = { ...theirDay, telemetry_raw: theirDay.telemetry_raw.map((row) => ({ ...row, x: row.x + THEIR_X })) };
  const withoutSite = fleetDay(nowMs, 3, '', `${THEIRS}nobody-`).telemetry_raw.map((row) => ({
    ...row,
    site_id: null,
  }));
  const [shared, alone] = await Promise.all([startTestServer({}, { sites: ['ours', 'theirs'] }), startTestServer()]);
  for (const { as } of [shared, alone]) {
    await migrate(as('owner'));
    // A refresh between two of the inserts below would compute their minutes without the second, and again only 30 s later.
    await as('owner').command({ query: 'SYSTEM STOP VIEWS' });
    await fill(as('owner'), ours, 'ours', 'ours-');
  }
  await fill(shared.as('owner'), theirs, 'theirs', THEIRS);
  await insert(shared.as('owner'), 'telemetry_raw', withoutSite);
  for (const { as } of [shared, alone]) await rollUpAll(as('owner'));
  const [event = {}] = ours.telemetry_raw;
  const stop = async (): Promise<void> => {
    await Promise.all([shared.stop(), alone.stop()]);
  };
  return { shared, alone, event, [Symbol.asyncDispose]: stop };
}

async function fill(
  owner: ClickHouseClient,
  day: ReturnType<typeof fleetDay>,
  site_id: string,
  prefix: string
): Promise<void> {
  const robots = [...new Set(day.telemetry_raw.map(({ robot_id }) => robot_id))];
  const shape = { map_id: `${prefix}hall`, kind: 'area', updated_at: '2026-01-01 00:00:00' };
  const tables: Record<string, object[]> = {
    ...day,
    robots: robots.map((robot_id) => ({ robot_id, model: `${prefix}model`, site_id, fleet: `${prefix}fleet` })),
    lanes: [{ ...shape, lane_id: `${prefix}lane`, name: `${prefix}lane`, path: [{ x: 0, y: 0 }] }],
    stations: [{ ...shape, station_id: `${prefix}station`, name: `${prefix}station`, x: 1, y: 1 }],
  };
  for (const [table, values] of Object.entries(tables)) await insert(owner, table, values);
}

export async function insert(owner: ClickHouseClient, table: string, values: readonly object[]): Promise<void> {
  await owner.insert({ table: `warehouse.${table}`, values, format: 'JSONEachRow' });
}

async function rollUpAll(owner: ClickHouseClient): Promise<void> {
  await owner.command({ query: 'SYSTEM START VIEWS' });
  // Floor cells that were never computed are computed two hours at a time, the oldest first.
  for (const view of [
    'telemetry_minute_mv',
    'telemetry_hour_mv',
    'floor_cells_mv',
    'floor_cells_mv',
    'floor_cells_mv',
    'floor_cells_hour_mv',
  ]) {
    await owner.command({ query: `SYSTEM REFRESH VIEW warehouse.${view}` });
    await owner.command({ query: `SYSTEM WAIT VIEW warehouse.${view}` });
  }
}

/** Columns that depend on the current time. */
const OF_THE_MOMENT = /age_seconds|state_seconds|silent_seconds|allowed_seconds|computed_at|updated_at/;

/** All rows of a view. Sorts them and rounds numbers to six digits, because the last bits of a sum depend on the order. */
export async function answer(client: ClickHouseClient, view: string): Promise<string[]> {
  const found = await rows<Record<string, unknown>>(client, `SELECT * FROM warehouse.${view}`);
  return found
    .map((row) =>
      JSON.stringify(
        Object.entries(row).filter(([name]) => !OF_THE_MOMENT.test(name)),
        (_, cell: unknown) => (typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell)
      )
    )
    .sort();
}
