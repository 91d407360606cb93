import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SITE_VIEWS } from '../src/access/sites.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { fleetDay } from './fleet-day.ts';

/** One warehouse with two sites and robots without a site, and one with only the first site. */
const nowMs = Date.now();
const ours = fleetDay(nowMs, 6, 'ours', 'ours-');
const THEIR_X = 1000;
const theirDay = fleetDay(nowMs, 6, 'theirs', 'THEIRS-');
const theirs = { ...theirDay, telemetry_raw: theirDay.telemetry_raw.map((row) => ({ ...row, x: row.x + THEIR_X })) };
const nobodys = fleetDay(nowMs, 3, 'theirs', 'THEIRS-nobody-').telemetry_raw.map((row) => ({ ...row, site_id: null }));

let shared: TestServer;
let alone: TestServer;

beforeAll(async () => {
  [shared, alone] = await Promise.all([startTestServer({}, ['ours', 'theirs']), startTestServer()]);
  for (const { as } of [shared, alone]) await migrate(as('owner'));
  await fill(alone.as('owner'), ours, 'ours');
  await fill(shared.as('owner'), ours, 'ours');
  await fill(shared.as('owner'), theirs, 'theirs');
  await fill(shared.as('owner'), { telemetry_raw: nobodys });
  for (const { as } of [shared, alone]) await rollUpAll(as('owner'));
});
afterAll(async () => {
  await Promise.all([shared.stop(), alone.stop()]);
});

test.each(SITE_VIEWS)(
  '%s shows a site reader what it shows the reader of a warehouse with this site alone',
  async (view) => {
    const expected = await answer(alone.as('reader'), view);
    expect(await answer(shared.ofSite('ours'), view)).toEqual(expected);
    // Two empty answers would prove nothing.
    if (!EMPTY.has(view)) expect(expected.length, view).toBeGreaterThan(0);
  }
);

test('every other view is denied, also one that is added later', async () => {
  const views = await rows<{ name: string }>(
    shared.as('owner'),
    `SELECT name FROM system.tables WHERE database = 'warehouse' AND engine = 'View' ORDER BY name`
  );
  const others = views.map(({ name }) => name).filter((name) => !SITE_VIEWS.some((view) => view === name));
  expect(others).toEqual(['v_dead_letter_reasons', 'v_dead_letters', 'v_path_offsets', 'v_pipeline', 'v_robot_sites']);
  for (const name of others) {
    await expect(rows(shared.ofSite('ours'), `SELECT * FROM warehouse.${name}`), name).rejects.toThrow(/Not enough/);
  }
  expect(views).toHaveLength(others.length + SITE_VIEWS.length);
});

describe('a site reader', () => {
  test('sees the events of its site in telemetry_raw', async () => {
    const query =
      "SELECT uniq(robot_id) AS robots, countIf(robot_id LIKE '%THEIRS%') AS others FROM warehouse.telemetry_raw";
    expect(await rows(shared.ofSite('ours'), query)).toEqual([{ robots: 6, others: 0 }]);
    expect(await rows(shared.as('reader'), query)).toEqual([{ robots: 15, others: 9 * 240 }]);
  });

  // The database may move a condition of the query before the policy. An error would then tell what is in the other rows.
  test.each([...SITE_VIEWS.filter((view) => !WITHOUT_NAMES.has(view)), 'telemetry_raw'])(
    'learns nothing about other rows of %s from errors',
    async (view) => {
      const column = NAME_COLUMN[view] ?? 'robot_id';
      const query = `SELECT count() FROM warehouse.${view} WHERE throwIf(${column} LIKE 'THEIRS%') = 0`;
      await expect(rows(shared.ofSite('ours'), query)).resolves.toHaveLength(1);
      await expect(rows(shared.as('reader'), query), 'the check finds the rows').rejects.toThrow(/throwIf/);
    }
  );

  test.each(['v_floor_cells', 'v_floor_cell_hours'])(
    'learns no place of other sites from errors of %s',
    async (view) => {
      const query = `SELECT count() FROM warehouse.${view} WHERE throwIf(x > ${THEIR_X}) = 0`;
      await expect(rows(shared.ofSite('ours'), query)).resolves.toHaveLength(1);
      await expect(rows(shared.as('reader'), query), 'the check finds the cells').rejects.toThrow(/throwIf/);
    }
  );

  test('sees nothing of a robot that left for another site, and only what it does there', async () => {
    const [first] = ours.telemetry_raw;
    const moved = { ...first, robot_id: 'ours-THEIRS-mover', event_id: crypto.randomUUID(), task_id: null };
    const at = (agoMs: number): object => ({ ts: nowMs - agoMs, received_at: nowMs - agoMs });
    await fill(shared.as('owner'), {
      telemetry_raw: [
        { ...moved, ...at(7_200_000), site_id: 'theirs', map_id: 'THEIRS-hall', error_code: 'E_THEIRS' },
        { ...moved, ...at(1_000), site_id: 'ours', error_code: 'E_ours' },
      ].map((row) => ({ ...row, ts: sqlTime(row.ts), received_at: sqlTime(row.ts) })),
    });
    const events = "SELECT robot_id, error_code FROM warehouse.v_events WHERE robot_id LIKE '%mover'";
    const now = "SELECT site_id, map_id FROM warehouse.v_fleet_now WHERE robot_id LIKE '%mover'";
    expect(await rows(shared.ofSite('ours'), events)).toEqual([{ robot_id: moved.robot_id, error_code: 'E_ours' }]);
    expect(await rows(shared.ofSite('theirs'), events)).toEqual([{ robot_id: moved.robot_id, error_code: 'E_THEIRS' }]);
    expect(await rows(shared.ofSite('ours'), now)).toEqual([{ site_id: 'ours', map_id: 'ours-hall' }]);
    expect(await rows(shared.ofSite('theirs'), now)).toEqual([]);
  });
});

/** Views that have no row for these robots: they work, and none of them is silent. */
const EMPTY = new Set<string>(['v_telemetry_dropoff']);
const WITHOUT_NAMES = new Set<string>(
  'v_battery_distribution v_fleet_dropoff v_fleet_status v_fleet_summary v_state_shares v_telemetry_dropoff v_throughput'.split(
    ' '
  )
);
const NAME_COLUMN: Readonly<Record<string, string>> = Object.fromEntries(
  'v_floor_cells v_floor_cell_hours v_floor_plans v_lanes v_stations v_task_times_by_zone v_zone_occupancy v_zones'
    .split(' ')
    .map((view) => [view, 'map_id'])
);

async function fill(
  owner: ClickHouseClient,
  tables: Readonly<Record<string, readonly object[]>>,
  site?: string
): Promise<void> {
  const robots = [...new Set((tables['telemetry_raw'] ?? []).map((row) => (row as { robot_id: string }).robot_id))];
  const prefix = site === 'theirs' ? 'THEIRS-' : 'ours-';
  const shape = { map_id: `${prefix}hall`, kind: 'k', updated_at: '2026-01-01 00:00:00' };
  const extra: Record<string, object[]> | undefined =
    site === undefined
      ? undefined
      : {
          robots: robots.map((robot_id) => ({ robot_id, model: `${prefix}m`, site_id: site, fleet: prefix })),
          lanes: [{ ...shape, lane_id: `${prefix}lane`, name: `${prefix}lane`, path: [{ x: 0, y: 0 }] }],
          stations: [{ ...shape, station_id: `${prefix}station`, name: `${prefix}station`, x: 1, y: 1 }],
        };
  for (const [name, values] of Object.entries({ ...tables, ...extra }))
    await owner.insert({ table: `warehouse.${name}`, values, format: 'JSONEachRow' });
}

async function rollUpAll(owner: ClickHouseClient): Promise<void> {
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
const OF_THE_MOMENT = /age_seconds|silent_seconds|allowed_seconds|computed_at|updated_at/;

/** Sorts the rows and rounds numbers to six digits, because the last bits of a sum depend on the order. */
async function answer(client: ClickHouseClient, view: string): Promise<string[]> {
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

function sqlTime(timeMs: unknown): string {
  return new Date(Number(timeMs)).toISOString().replace('T', ' ').slice(0, -1);
}
