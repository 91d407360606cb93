import { CommandError } from '../errors/errors.ts';

/** A site reader is called `floorwatch_site_` and its site. The row policies take the site from this name. */
export const SITE_READER_PREFIX = 'floorwatch_site_';

/** @throws CommandError when the users file could not name such a user */
export function siteReaderName(site: string): string {
  if (!/^[\w.-]+$/.test(site))
    throw new CommandError(
      'access',
      `A site reader for ${JSON.stringify(site)} is not possible: the name of its user can have letters, digits, _, . and -.`
    );
  return SITE_READER_PREFIX + site;
}

/**
 * `currentUser()` is the user who sent the query, also inside a view that runs as another user, in a subquery and on the shards of a
 * cluster. So a policy on a table, for the user that views run as, holds through every view. For everyone else the condition is
 * the constant 1, which ClickHouse folds before it reads (measured in sql/README.md).
 *
 * A policy names no reader and no site, so a new site reader needs no change of a policy.
 */
export const IS_A_SITE_READER = `startsWith(currentUser(), '${SITE_READER_PREFIX}')`;
const IS_NOT_A_SITE_READER = `NOT ${IS_A_SITE_READER}`;
const OWN_SITE = `substring(currentUser(), ${SITE_READER_PREFIX.length + 1})`;

const bySite = `${IS_NOT_A_SITE_READER} OR site_id = ${OWN_SITE}`;
const byMap = `${IS_NOT_A_SITE_READER} OR map_id IN (SELECT map_id FROM warehouse.floor_plans FINAL WHERE site_id = ${OWN_SITE})`;

/** Views that the policies of robots read (sql/views/access.sql), by database. */
export const ROBOT_SITES = { warehouse: 'robot_sites', warehouse_local: 'shard_robot_sites' } as const;

/**
 * The tables with rows of sites, and the condition on a row. Rows without a site match no site reader. A policy on a table is applied
 * before any condition of the query, so errors of a query tell nothing about other rows. A policy on a view is not.
 * @param database that of a shard's own tables, or `warehouse`
 */
export function sitePolicies(database: keyof typeof ROBOT_SITES) {
  const isThere = `robot_id IN (SELECT robot_id FROM ${database}.${ROBOT_SITES[database]} WHERE site_id = ${OWN_SITE})`;
  return {
    telemetry_raw: bySite,
    telemetry_minute: bySite,
    telemetry_hour: bySite,
    // A robot is where its newest event with a site was. What it reported at another site before is hidden.
    robot_latest: `${IS_NOT_A_SITE_READER} OR ((site_id IS NULL OR site_id = ${OWN_SITE}) AND ${isThere})`,
    robot_arrivals: `${IS_NOT_A_SITE_READER} OR ${isThere}`,
    robot_state_minutes: `${IS_NOT_A_SITE_READER} OR ${isThere}`,
    robot_states: `${IS_NOT_A_SITE_READER} OR ${isThere}`,
    robot_retirements: `${IS_NOT_A_SITE_READER} OR ${isThere}`,
    floor_plans: bySite,
    robots: bySite,
    zones: byMap,
    lanes: byMap,
    stations: byMap,
    // All its events were at this site. A robot that took a task to another site has both.
    task_runs: `${IS_NOT_A_SITE_READER} OR sites = [${OWN_SITE}]`,
  } satisfies Record<string, string>;
}

/** Views of data with a map but no site. Only a site reader has a policy on them. It sees the maps of its site's floor plans. */
const OWN_MAPS = `${IS_A_SITE_READER} AND map_id IN (SELECT map_id FROM warehouse.v_floor_plans)`;
export const MAP_POLICIES: Readonly<Record<string, string>> = {
  v_floor_cells: OWN_MAPS,
  v_floor_cell_hours: OWN_MAPS,
};

/** What a site reader can read. It sees these views as if the warehouse had only the data of its site. A view that is not listed is denied. */
export const SITE_VIEWS = [
  'task_events_mv',
  'v_battery_distribution',
  'v_battery_health',
  'v_events',
  'v_fleet_changes',
  'v_fleet_dropoff',
  'v_fleet_now',
  'v_fleet_reports',
  'v_fleet_status',
  'v_fleet_summary',
  'v_floor_cell_hours',
  'v_floor_cells',
  'v_floor_plans',
  'v_lanes',
  'v_reliability',
  'v_robot_anomaly',
  'v_robot_hours',
  'v_robot_minutes',
  'v_robot_roster',
  'v_robots',
  'v_state_shares',
  'v_stations',
  'v_task_ends',
  'v_task_runs',
  'v_task_times',
  'v_task_times_by_zone',
  'v_telemetry_dropoff',
  'v_throughput',
  'v_utilisation',
  'v_zone_occupancy',
  'v_zones',
] as const;
