import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SITE_VIEWS } from '../src/access/sites.ts';
import { rows, viewsOfReaders, type TestServer } from './clickhouse.ts';
import { answer, insert, startTwoSites, THEIR_X, THEIRS, type TwoSites } from './two-sites.ts';

let sites: TwoSites;
let shared: TestServer;
let alone: TestServer;
const nowMs = Date.now();

beforeAll(async () => {
  sites = await startTwoSites(nowMs);
  ({ shared, alone } = sites);
});
afterAll(async () => {
  await sites[Symbol.asyncDispose]();
});

// v_fleet_changes is about the last seconds: it has a test of its own below.
test.each(SITE_VIEWS.filter((view) => view !== 'v_fleet_changes'))(
  '%s shows a site reader what it shows the reader of a warehouse with this site alone',
  async (view) => {
    const expected = await answer(alone.as('reader'), view);
    expect(await answer(shared.ofSite('ours'), view)).toEqual(expected);
    // Two empty answers would prove nothing.
    if (!EMPTY.has(view)) expect(expected.length, view).toBeGreaterThan(0);
  }
);

test('every other view and table is denied, also one that is added later', async () => {
  const isListed = (name: string): boolean => SITE_VIEWS.some((view) => view === name);
  const forReaders = await viewsOfReaders(shared.as('owner'));
  const denied = [
    // The alert rules ask for all sites.
    ...[
      'v_alert_dropoff',
      'v_alert_engine_view',
      'v_alert_flow',
      'v_alert_ingestor',
      'v_alert_robots',
      'v_alert_silent_groups',
      'v_alert_slow_robots',
      'v_alert_storage',
    ],
    ...[
      'v_dead_letter_reasons',
      'v_dead_letters',
      'v_deployments',
      'v_health',
      'v_path_offsets',
      'v_pipeline',
      'v_roll_ups',
    ],
  ];
  expect(forReaders.filter((name) => !isListed(name))).toEqual(denied);
  expect(forReaders).toHaveLength(denied.length + SITE_VIEWS.length);
  const all = await rows<{ name: string }>(
    shared.as('owner'),
    `SELECT name FROM system.tables WHERE database = 'warehouse' ORDER BY name`
  );
  for (const { name } of all.filter((each) => !isListed(each.name) && each.name !== 'telemetry_raw')) {
    await expect(rows(shared.ofSite('ours'), `SELECT * FROM warehouse.${name}`), name).rejects.toThrow(/Not enough/);
  }
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
    const at = (agoMs: number): object => {
      const time = new Date(nowMs - agoMs).toISOString().replace('T', ' ').slice(0, -1);
      return { ts: time, received_at: time, event_id: crypto.randomUUID(), robot_id: 'mover', task_id: null };
    };
    await insert(shared.as('owner'), 'telemetry_raw', [
      { ...sites.event, ...at(7_200_000), site_id: 'theirs', map_id: `${THEIRS}hall`, error_code: 'E_THEIRS' },
      // Without a position: the last one is from the other site.
      { ...sites.event, ...at(1_000), site_id: 'ours', x: null, y: null, map_id: null, error_code: 'E_OURS' },
    ]);
    const events = "SELECT robot_id, error_code FROM warehouse.v_events WHERE robot_id = 'mover'";
    const now = "SELECT site_id, map_id, x FROM warehouse.v_fleet_now WHERE robot_id = 'mover'";
    expect(await rows(shared.ofSite('ours'), events)).toEqual([{ robot_id: 'mover', error_code: 'E_OURS' }]);
    expect(await rows(shared.ofSite('theirs'), events)).toEqual([{ robot_id: 'mover', error_code: 'E_THEIRS' }]);
    expect(await rows(shared.ofSite('ours'), now)).toEqual([{ site_id: 'ours', map_id: null, x: null }]);
    expect(await rows(shared.ofSite('theirs'), now)).toEqual([]);
  });

  // Last: it changes when robots arrived. In an hour, so that no wait between the steps counts.
  test('polls what changed of its own robots only', async () => {
    const soon = `now64(3, 'UTC') + INTERVAL 1 HOUR`;
    await shared.as('owner').command({
      query: `INSERT INTO warehouse.robot_latest
        SELECT * REPLACE (${soon} AS stored_at, ${soon} AS arrived_at) FROM warehouse.robot_latest FINAL`,
    });
    const robots = async (server: ReturnType<typeof shared.as>, view: string): Promise<unknown[]> =>
      (await rows<{ robot_id: string }>(server, `SELECT robot_id FROM warehouse.${view} ORDER BY robot_id`)).map(
        ({ robot_id }) => robot_id
      );
    const ours = await robots(shared.ofSite('ours'), 'v_fleet_now');
    expect(ours.length).toBeGreaterThan(3);
    expect(await robots(shared.ofSite('ours'), 'v_fleet_changes')).toEqual(ours);
    expect((await robots(shared.as('reader'), 'v_fleet_changes')).length).toBeGreaterThan(ours.length);
    const query = `SELECT count() FROM warehouse.v_fleet_changes WHERE throwIf(robot_id LIKE 'THEIRS%') = 0`;
    await expect(rows(shared.ofSite('ours'), query)).resolves.toHaveLength(1);
    await expect(rows(shared.as('reader'), query), 'the check finds the rows').rejects.toThrow(/throwIf/);
  });
});

/** Views that have no row for these robots: they work, and none of them is silent. */
const EMPTY = new Set<string>(['v_telemetry_dropoff']);
const WITHOUT_NAMES = new Set<string>(
  'v_battery_distribution v_fleet_changes v_fleet_dropoff v_fleet_status v_fleet_summary v_state_shares v_telemetry_dropoff v_throughput'.split(
    ' '
  )
);
const NAME_COLUMN: Readonly<Record<string, string>> = Object.fromEntries(
  'v_floor_cells v_floor_cell_hours v_floor_plans v_lanes v_stations v_task_times_by_zone v_zone_occupancy v_zones'
    .split(' ')
    .map((view) => [view, 'map_id'])
);
