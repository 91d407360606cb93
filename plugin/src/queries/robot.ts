import { isOneOf } from '@floorwatch/contract/sql-text';

/**
 * One robot as a property sheet: two properties a row, each a name and a text with its unit. The detail is shown for one
 * robot only, but a selection that grows still asks again before the detail is hidden: the list keeps that question
 * well-formed.
 */
export const ROBOT_NOW = `WITH
  if(deviation_metres > 0, concat(' ± ', toString(round(deviation_metres, 2)), ' m'), '') AS deviation,
  multiIf(
    age_seconds < 60, concat(toString(toUInt32(age_seconds)), ' s'),
    age_seconds < 3600, concat(toString(intDiv(toUInt32(age_seconds), 60)), ' min'),
    age_seconds < 172800, concat(toString(round(age_seconds / 3600, 1)), ' h'),
    concat(toString(round(age_seconds / 86400)), ' d')) AS age,
  arrayJoin([
    ('Status', status, 'Task', ifNull(task_id, '–')),
    ('Last event', concat(age, ' ago'), 'Error', ifNull(error_code, '–')),
    ('Battery', ifNull(concat(toString(round(battery)), ' %'), '–'), 'Floor', ifNull(map_id, '–')),
    ('Speed', ifNull(concat(toString(round(speed, 2)), ' m/s'), '–'),
      'Place', if(placed, concat('x ', toString(round(x, 2)), ' m, y ', toString(round(y, 2)), ' m'), 'never reported')),
    ('Firmware', ifNull(firmware, '–'),
      'Localised', multiIf(localized IS NULL, '–', localized, concat('yes', deviation), concat('no', deviation)))
  ]) AS pair
SELECT pair.1 AS "Property", pair.2 AS "Value", pair.3 AS "Property 2", pair.4 AS "Value 2"
FROM warehouse.v_fleet_now
WHERE ${isOneOf('robot_id', 'robot')}
LIMIT 5`;

/** Charge and speed over time, at most one point a pixel. */
export const ROBOT_HISTORY = `SELECT
  $__timeInterval(ts) AS time,
  avg(battery) AS "Battery",
  avg(speed) AS "Speed"
FROM warehouse.v_events
WHERE ${isOneOf('robot_id', 'robot')} AND $__timeFilter(ts)
GROUP BY time
ORDER BY time`;

/** What the robot said last, but for its positions. */
export const ROBOT_EVENTS = `SELECT
  ts AS "Time",
  event_type AS "Event",
  ifNull(state, '–') AS "State",
  multiIf(error_code IS NOT NULL, error_code, task_id IS NOT NULL, task_id, '–') AS "Error or task"
FROM warehouse.v_events
WHERE ${isOneOf('robot_id', 'robot')} AND $__timeFilter(ts) AND event_type NOT IN ('POSITION_UPDATE', 'HEARTBEAT')
ORDER BY ts DESC
LIMIT 200`;
