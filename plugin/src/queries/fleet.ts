import { TOOLTIP_FIELDS } from '@floorwatch/contract';
import { LOW_BATTERY } from './lowBattery.ts';

const LISTED = TOOLTIP_FIELDS.map(({ name }) => name).join(', ');

/** Where the page's fleet comes from: the view of now, or `fleetAt`. */
const NOW = 'warehouse.v_fleet_now';

/**
 * What the floor map shows of each robot. A robot that knows where it is has no ring around it. `v_fleet_reports` costs less than
 * `v_fleet_now`, whose zone and time in the state the map does not show.
 */
export const fleetNow = (fleet = 'warehouse.v_fleet_reports'): string => `SELECT
  robot_id, x, y, theta, map_id, status, state, age_seconds, silent_seconds, position_age_seconds, battery, ${LISTED},
  error_code, task_id,
  if(localized = 1, NULL, deviation_metres) AS deviation_metres, clock_offset_seconds, not_placed_reason, reported_at
FROM ${fleet}
ORDER BY robot_id`;

/** The same of all robots. */
export const FLEET_NOW = fleetNow();

/** The same of a past moment. Without ages: the map counts them up to the end of the range. */
export function fleetThen(fleet = NOW): string {
  return `SELECT robot_id, ts, x, y, theta, map_id, status, state, battery, error_code, task_id, not_placed_reason
FROM ${fleet}
ORDER BY robot_id`;
}

/** How long a robot has been silent, in one unit. */
const SHORT_AGE = `multiIf(
  silent_seconds < 100, concat(toString(toUInt32(silent_seconds)), ' s'),
  silent_seconds < 6000, concat(toString(intDiv(toUInt32(silent_seconds), 60)), ' min'),
  concat(toString(round(silent_seconds / 3600)), ' h'))`;

/** Robots that somebody should look at, worst first. `robot_id` is for links. */
export const attention = (fleet = NOW) => `SELECT
  robot_id,
  robot_id AS "Robot",
  status AS "Status",
  multiIf(
    status = 'silent', concat('no report for ', ${SHORT_AGE}, ', was ', coalesce(nullIf(state, ''), 'reporting'), if(error_code != '', concat(', ', error_code), '')),
    error_code != '', error_code,
    status IN ('error', 'blocked'), 'gives no error code',
    localized = 0, concat('does not know its place', if(deviation_metres > 0, concat(', ± ', toString(round(deviation_metres, 1)), ' m'), '')),
    battery < ${LOW_BATTERY.percent} AND status != 'charging', 'low battery',
    '–') AS "Why",
  dateDiff('second', state_since, now()) AS "Since",
  concat(ifNull(map_id, 'no floor'), if(zone_name != '', concat(' · ', zone_name), '')) AS "Where",
  battery AS "Battery"
FROM ${fleet}
WHERE status IN ('error', 'blocked', 'silent') OR localized = 0 OR (battery < ${LOW_BATTERY.percent} AND status != 'charging')
ORDER BY transform(status, ['error', 'blocked', 'silent'], [1, 2, 3], 4), silent_seconds DESC, robot_id
LIMIT 200`;

/** Ids for the robot variable. */
export const ROBOT_IDS = 'SELECT robot_id FROM warehouse.v_fleet_now ORDER BY robot_id';
