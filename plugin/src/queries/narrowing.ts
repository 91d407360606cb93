import { sqlText } from '@floorwatch/contract/sql-text';
import { fleetAt } from './fleetAt.ts';
import { filterConditions, isFiltered, readFilters, type PageFilters } from './pageFilters.ts';
import { andSelected, selectedRobots } from './selection.ts';

/** The robots that a page's address narrows it to: those that are selected and match the filters. */
export interface Narrowing {
  /** Null for all. */
  robots: readonly string[] | null;
  filters: PageFilters;
}

export const ALL_ROBOTS: Narrowing = { robots: null, filters: readFilters(new URLSearchParams()) };

export function readNarrowing(parameters: URLSearchParams): Narrowing {
  return { robots: selectedRobots(parameters), filters: readFilters(parameters) };
}

export function isNarrowed({ robots, filters }: Narrowing): boolean {
  return robots !== null || isFiltered(filters);
}

/**
 * The fleet of now, or of a past moment, as a view or a subquery of the robots that the address narrows it to. Filters compare where
 * a robot is at that moment; its site and model are those of today.
 * @param atMs NaN for now
 * @param unfiltered the view of now where no filter is set: `v_fleet_reports` costs less, and has no zone
 */
export function fleetOf(atMs: number, { robots, filters }: Narrowing, unfiltered = 'warehouse.v_fleet_now'): string {
  const isNow = Number.isNaN(atMs);
  const view = isFiltered(filters) ? 'warehouse.v_fleet_now' : unfiltered;
  const narrowed = isNow
    ? filterConditions(filters, ['site', 'map', 'zone']) + ofModel(filters)
    : ofSite(filters) + ofModel(filters) + filterConditions(filters, ['map']) + inZone(filters);
  const conditions = andSelected(robots) + narrowed;
  const fleet = isNow ? view : fleetAt(atMs);
  return conditions === '' ? fleet : `(SELECT * FROM ${fleet} WHERE 1${conditions})`;
}

/** Condition on `robot_id`: what does not change with a moment. A past moment has no other answer for robots that had not reported. */
export function andOfFleet({ robots, filters }: Narrowing): string {
  return andSelected(robots) + ofSite(filters) + ofModel(filters);
}

/** Condition on `robot_id`: the robots that `fleetOf` has; '' for all. Also for their past, wherever they were then. */
export function andNarrowed(atMs: number, narrowing: Narrowing): string {
  if (!isFiltered(narrowing.filters)) return andSelected(narrowing.robots);
  return ` AND robot_id IN (SELECT robot_id FROM ${fleetOf(atMs, narrowing)})`;
}

function ofModel({ model }: PageFilters): string {
  return model === ''
    ? ''
    : ` AND robot_id IN (SELECT robot_id FROM warehouse.v_robots WHERE model = ${sqlText(model)})`;
}

/** As in `v_fleet_now`, a robot without a site of its own belongs to that of its floor. */
function ofSite({ site }: PageFilters): string {
  if (site === '') return '';
  return ` AND robot_id IN (
    SELECT robot_id FROM warehouse.v_robot_roster
    WHERE site_id = ${sqlText(site)}
      OR (site_id IS NULL AND map_id IN (SELECT map_id FROM warehouse.v_floor_plans WHERE site_id = ${sqlText(site)})))`;
}

/** A robot is in the smallest zone around it, as in `v_fleet_now`. */
function inZone({ zone }: PageFilters): string {
  if (zone === '') return '';
  return ` AND x IS NOT NULL AND (arrayFirst(
    shape -> shape.2 = ifNull(map_id, '') AND pointInPolygon((assumeNotNull(x), assumeNotNull(y)), shape.4),
    (SELECT arraySort(groupArray((abs(polygonAreaCartesian([arrayMap(corner -> (corner.x, corner.y), polygon)])),
      toString(map_id), toString(zone_id), polygon))) FROM warehouse.v_zones))).3 = ${sqlText(zone)}`;
}
