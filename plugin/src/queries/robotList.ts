import { sqlText } from '@floorwatch/contract/sql-text';
import { LOW_BATTERY } from './lowBattery.ts';
import { filterConditions, readFilters, type PageFilters } from './pageFilters.ts';
import { andSelected, selectedRobots } from './selection.ts';

export const ROBOTS_PER_PAGE = 50;

/** What the list can be sorted by: the column's name, and its SQL. */
const SORTS = new Map([
  ['Robot', 'robot_id'],
  ['Status', 'status'],
  ['Since', 'state_since'],
  ['Battery', 'battery'],
  ['Task', 'task_id'],
  ['Floor', 'map_id'],
  ['Zone', 'zone_name'],
  ['Model', 'model'],
  ['Firmware', 'firmware'],
  ['Clock offset', 'clock_offset_seconds'],
  ['Last arrival', 'age_seconds'],
]);

/** What the filter by status offers beside the statuses, as the tiles of the Fleet page count it. */
const GROUPS = new Map<string, () => string>([
  ['online', () => "status NOT IN ('silent', 'offline')"],
  ['not placed', () => "not_placed_reason != ''"],
  ['low battery', () => `battery < ${LOW_BATTERY.percent}`],
]);
export const STATUS_GROUPS = [...GROUPS.keys()];

/** The filter by status that lists robots which are not in service. */
export const RETIRED = 'retired';

/** What the address of the Robots page chooses. */
export interface RobotListChoice {
  search: string;
  /** A status or one of `STATUS_GROUPS`; '' for all. */
  status: string;
  filters: PageFilters;
  /** Those that are selected, when these are several; null for all. */
  robots: readonly string[] | null;
  /** The name of a column; '' for the order of ids. */
  sort: string;
  isDescending: boolean;
  /** From 1. */
  page: number;
}

/** Never fails: what the address should not hold is taken for nothing. */
export function readChoice(parameters: URLSearchParams): RobotListChoice {
  const sort = parameters.get('sort') ?? '';
  const page = Number(parameters.get('page') ?? 1);
  return {
    search: (parameters.get('search') ?? '').trim(),
    status: parameters.get('status') ?? '',
    filters: readFilters(parameters),
    robots: selectedRobots(parameters),
    sort: SORTS.has(sort) ? sort : '',
    isDescending: parameters.get('order') === 'desc',
    page: Number.isInteger(page) && page >= 1 && page <= 1e6 ? page : 1,
  };
}

/** More robots than any page or file shows. */
export const MOST_ROBOTS_IN_FILE = 100_000;

/**
 * One page of the robots in service, or of those that are retired. `robot_id` and `link_…` are for links, `robots` counts those that
 * match on all pages. A robot without a value comes last in either direction.
 */
export function robotList(choice: RobotListChoice): string {
  return `${selected(choice)}
LIMIT ${ROBOTS_PER_PAGE} OFFSET ${(choice.page - 1) * ROBOTS_PER_PAGE}`;
}

/** All pages for a file. */
export function robotListForFile(choice: RobotListChoice): string {
  return `${selected(choice)}
LIMIT ${MOST_ROBOTS_IN_FILE}`;
}

/** Ids and sites of the robots in service on all pages of the list. */
export function robotsOfList(choice: RobotListChoice): string {
  // No join of the view with itself: ClickHouse refuses it (LOGICAL_ERROR, "Left and right columns have same names").
  return `SELECT robot_id, ifNull(site_id, '') AS site
FROM warehouse.v_fleet_now
WHERE robot_id IN (SELECT robot_id FROM (${selected({ ...choice, sort: '', isDescending: false })}))
ORDER BY robot_id
LIMIT ${MOST_ROBOTS_IN_FILE}`;
}

/** The site that the list shows all robots of, when nothing else narrows it; '' otherwise. */
export function wholeSiteOf({ search, status, filters, robots }: RobotListChoice): string {
  const { site, ...others } = filters;
  const isNarrowed =
    search !== '' || status !== '' || robots !== null || Object.values(others).some((each) => each !== '');
  return isNarrowed ? '' : site;
}

function selected({ search, status, filters, robots, sort, isDescending }: RobotListChoice): string {
  const texts =
    "[toString(robot_id), ifNull(task_id, ''), ifNull(map_id, ''), ifNull(zone_name, ''), ifNull(model, '')]";
  const conditions = [
    ...(search === ''
      ? []
      : [`arrayExists(part -> positionCaseInsensitiveUTF8(part, ${sqlText(search)}) > 0, ${texts})`]),
    ...(status === '' || status === RETIRED ? [] : [GROUPS.get(status)?.() ?? `status = ${sqlText(status)}`]),
  ];
  const narrowed = filterConditions(filters) + andSelected(robots);
  const where =
    conditions.length === 0 && narrowed === '' ? '' : `\nWHERE ${conditions.join('\n  AND ') || '1'}${narrowed}`;
  return `SELECT
  robot_id,
  robot_id AS "Robot",
  'map' AS "Map",
  'links' AS "Links",
  status AS "Status",
  state_since AS "Since",
  battery AS "Battery",
  task_id AS "Task",
  map_id AS "Floor",
  zone_name AS "Zone",
  model AS "Model",
  firmware AS "Firmware",
  clock_offset_seconds AS "Clock offset",
  age_seconds AS "Last arrival",
  site_id AS "Site",
  site_id AS link_site,
  map_id AS link_map,
  fleet AS link_fleet,
  count() OVER () AS robots
FROM (${status === RETIRED ? RETIRED_ROBOTS : ROBOTS_IN_SERVICE})${where}
ORDER BY ${SORTS.get(sort) ?? 'robot_id'} ${isDescending ? 'DESC' : 'ASC'} NULLS LAST, robot_id`;
}

const ROBOTS_IN_SERVICE = `
  SELECT
    f.robot_id AS robot_id, f.status AS status, f.state_since AS state_since, f.battery AS battery, f.task_id AS task_id,
    f.map_id AS map_id, f.zone_name AS zone_name, nullIf(toString(m.model), '') AS model, f.firmware AS firmware,
    f.clock_offset_seconds AS clock_offset_seconds, f.age_seconds AS age_seconds,
    f.not_placed_reason AS not_placed_reason, f.site_id AS site_id, f.zone_id AS zone_id,
    nullIf(toString(m.fleet), '') AS fleet
  FROM warehouse.v_fleet_now AS f
  LEFT JOIN warehouse.v_robots AS m ON m.robot_id = f.robot_id
`;

/** What they last did is not of now. They are in their status since they were retired. */
const RETIRED_ROBOTS = `
  SELECT
    robot_id, ${sqlText(RETIRED)} AS status, retired_at AS state_since, NULL::Nullable(Float32) AS battery,
    NULL::Nullable(String) AS task_id, map_id, NULL::Nullable(String) AS zone_name, model, firmware,
    NULL::Nullable(Float64) AS clock_offset_seconds,
    greatest(0, dateDiff('millisecond', last_received_at, now64(3, 'UTC')) / 1000) AS age_seconds, '' AS not_placed_reason,
    site_id, NULL::Nullable(String) AS zone_id, fleet
  FROM warehouse.v_robot_roster
  WHERE service != 'in service'
`;

/** Names of retired robots that a notice has room for. */
const MOST_NAMES = 3;

/** Which of these robots are retired, since when, by whom and why; `robots` counts all of them. */
export function retiredOf(robotIds: readonly string[]): string {
  return `SELECT robot_id, retired_at, retired_by, retired_reason, count() OVER () AS robots
FROM warehouse.v_robot_roster
WHERE service != 'in service'${andSelected(robotIds)}
ORDER BY robot_id
LIMIT ${MOST_NAMES}`;
}
