/**
 * One robot's row. The detail is shown for one robot only, but a selection that grows still asks once more before the
 * detail is hidden: the list keeps that question well-formed.
 */
export const ROBOT_NOW = `SELECT
  status AS "Status",
  round(age_seconds) AS "Last event",
  battery AS "Battery",
  speed AS "Speed",
  task_id AS "Task",
  error_code AS "Error",
  map_id AS "Floor",
  concat(toString(round(x, 2)), ', ', toString(round(y, 2))) AS "x, y",
  firmware AS "Firmware"
FROM warehouse.v_fleet_now
WHERE robot_id IN (\${robot:singlequote})`;

/** Charge and speed over time, at most one point a pixel. */
export const ROBOT_HISTORY = `SELECT
  $__timeInterval(ts) AS time,
  avg(battery) AS "Battery",
  avg(speed) AS "Speed"
FROM warehouse.v_events
WHERE robot_id IN (\${robot:singlequote}) AND $__timeFilter(ts)
GROUP BY time
ORDER BY time`;

/** What the robot said last, but for its positions. */
export const ROBOT_EVENTS = `SELECT
  ts AS "Time",
  event_type AS "Event",
  state AS "State",
  task_id AS "Task",
  error_code AS "Error"
FROM warehouse.v_events
WHERE robot_id IN (\${robot:singlequote}) AND $__timeFilter(ts) AND event_type NOT IN ('POSITION_UPDATE', 'HEARTBEAT')
ORDER BY ts DESC
LIMIT 200`;
