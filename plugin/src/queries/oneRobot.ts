import { sqlText } from '@floorwatch/contract/sql-text';

/** After this, a robot is silent: the same as `v_fleet_now`. */
const SILENT_SECONDS = 60;

/** The robot whose page it is: the parameter `id` of the address. '' without one. */
export function idOfAddress(parameters: URLSearchParams): string {
  return parameters.get('id') ?? '';
}

/** What the robot is and does now, in one row; none for an id that was never seen. `service` says whether it is in service. */
export function robotSheet(robotId: string): string {
  return `SELECT
  k.robot_id AS robot_id, k.service AS service, k.retired_at AS retired_at, k.retired_by AS retired_by,
  k.retired_reason AS retired_reason, f.status AS status, f.state_since AS state_since, f.error_code AS error_code,
  f.map_id AS map_id, f.zone_name AS zone_name, f.placed AS placed, f.x AS x, f.y AS y, f.battery AS battery,
  f.speed AS speed, f.task_id AS task_id, k.model AS model, k.firmware AS firmware, k.site_id AS site_id, k.fleet AS fleet,
  f.clock_offset_seconds AS clock_offset_seconds, f.ts AS last_event, f.last_received_at AS last_arrival,
  f.age_seconds AS age_seconds
FROM (SELECT * FROM warehouse.v_robot_roster WHERE robot_id = ${sqlText(robotId)}) AS k
LEFT JOIN (SELECT * FROM warehouse.v_fleet_now WHERE robot_id = ${sqlText(robotId)}) AS f ON f.robot_id = k.robot_id
LIMIT 1`;
}

/**
 * Events of the time range in at most one row a pixel, each with what follows: a gap of more than 60 s is a row of its own, so
 * that no line is drawn over an outage.
 */
function steps(robotId: string): string {
  return `(SELECT
    first, last, bucket_state, bucket_battery, bucket_speed, bucket_error,
    dateDiff('second', last, leadInFrame(first, 1, least(now64(3, 'UTC'), toDateTime64($__toTime, 3, 'UTC')))
      OVER (ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) > ${SILENT_SECONDS} AS is_before_gap
  FROM (
    SELECT
      $__timeInterval(ts) AS bucket, min(ts) AS first, max(ts) AS last,
      avg(battery) AS bucket_battery, avg(speed) AS bucket_speed,
      argMax(ifNull(toString(error_code), ''), (error_code IS NOT NULL, ts)) AS bucket_error,
      argMaxIf(ifNull(toString(state), ''), (transform(ifNull(toString(state), ''), ['error', 'blocked'], [2, 1], 0), ts), state IS NOT NULL) AS bucket_state
    FROM warehouse.v_events
    WHERE robot_id = ${sqlText(robotId)} AND $__timeFilter(ts)
    GROUP BY bucket
  ))`;
}

/** Stands in the state timeline for a time range without an event, which would be an error of the panel. */
export const NO_EVENT = 'no event in this time range';

/** The states over time, silence among them. Of several states in one pixel, the worst. */
export function robotStates(robotId: string): string {
  return `SELECT step.1 AS time, step.2 AS "State"
FROM (
  SELECT arrayJoin(if(empty(of_range), [(toDateTime64($__fromTime, 3, 'UTC'), ${sqlText(NO_EVENT)})], of_range)) AS step
  FROM (
    SELECT arrayFlatten(groupArray(arrayFilter(one -> one.2 != '', arrayConcat([(first, bucket_state)],
      if(is_before_gap, [(last + INTERVAL ${SILENT_SECONDS} SECOND, 'silent')], []))))) AS of_range
    FROM ${steps(robotId)}
  )
)
ORDER BY time`;
}

/** Charge and speed over time. In a gap, both are NULL. */
export function robotHistory(robotId: string): string {
  return `SELECT step.1 AS time, step.2 AS "Battery", step.3 AS "Speed"
FROM (
  SELECT arrayJoin(arrayConcat([(first, bucket_battery, bucket_speed)],
    if(is_before_gap, [(last + INTERVAL 1 SECOND, CAST(NULL, 'Nullable(Float64)'), CAST(NULL, 'Nullable(Float64)'))], []))) AS step
  FROM ${steps(robotId)}
)
ORDER BY time`;
}

/** Runs of tasks that touch the time range, the newest first. */
export function robotTasks(robotId: string): string {
  return `SELECT
  task_id AS "Task", outcome AS "Outcome", started_at AS "Started", ended_at AS "Ended", task_duration AS "Duration",
  map_id AS "Floor"
FROM warehouse.v_task_runs
WHERE robot_id = ${sqlText(robotId)} AND started_at <= $__toTime AND ifNull(ended_at, now64(3, 'UTC')) >= $__fromTime
ORDER BY started_at DESC
LIMIT 200`;
}

/** Runs of tasks as spans on a time axis: a task from its start to its end, and nothing between tasks. */
export function robotTaskSpans(robotId: string): string {
  return `SELECT time, argMax(task, is_start).1 AS "Task"
FROM (
  SELECT arrayJoin([
    (greatest(started_at, toDateTime64($__fromTime, 3, 'UTC')), 1, toNullable(toString(task_id))),
    (least(ifNull(ended_at, now64(3, 'UTC')), toDateTime64($__toTime, 3, 'UTC')), 0, NULL)]) AS point,
    point.1 AS time, point.2 AS is_start, tuple(point.3) AS task
  FROM warehouse.v_task_runs
  WHERE robot_id = ${sqlText(robotId)} AND started_at <= $__toTime AND ifNull(ended_at, now64(3, 'UTC')) >= $__fromTime
)
GROUP BY time
ORDER BY time`;
}

/** What the robot reported as its error, over time. */
export function robotErrorSpans(robotId: string): string {
  return `SELECT step.1 AS time, nullIf(step.2, '') AS "Error"
FROM (
  SELECT arrayJoin(arrayConcat([(first, bucket_error)], if(is_before_gap, [(last + INTERVAL 1 SECOND, '')], []))) AS step
  FROM ${steps(robotId)}
)
ORDER BY time`;
}

/** Text of the row of reports. */
export const REPORTS = { yes: 'reports', no: 'no report' } as const;

/** When the robot reported and when not, over time: a gap begins after the last report, not after the silence that it makes. */
export function robotReportSpans(robotId: string): string {
  return `SELECT step.1 AS time, step.2 AS "Reports"
FROM (
  SELECT arrayJoin(if(empty(of_range), [(toDateTime64($__fromTime, 3, 'UTC'), ${sqlText(REPORTS.no)})], of_range)) AS step
  FROM (
    SELECT arrayFlatten(groupArray(arrayConcat([(first, ${sqlText(REPORTS.yes)})],
      if(is_before_gap, [(last + INTERVAL 1 SECOND, ${sqlText(REPORTS.no)})], [])))) AS of_range
    FROM ${steps(robotId)}
  )
)
ORDER BY time`;
}

/** The robots before and after this one, in the order of ids; NULL at the ends. The site is that of this one. */
export function robotNeighbours(robotId: string): string {
  return `SELECT
  maxOrNullIf(toString(robot_id), toString(robot_id) < ${sqlText(robotId)}) AS previous,
  minOrNullIf(toString(robot_id), toString(robot_id) > ${sqlText(robotId)}) AS next,
  anyOrNullIf(toString(site_id), robot_id = ${sqlText(robotId)}) AS site
FROM warehouse.v_fleet_now`;
}

/** What the floor map shows around the robot: the robots on its floor. */
export function robotSurroundings(robotId: string): string {
  return `SELECT
  robot_id, x, y, theta, map_id, status, state, age_seconds, silent_seconds, position_age_seconds, battery, speed,
  error_code, task_id, if(localized = 1, NULL, deviation_metres) AS deviation_metres, not_placed_reason, reported_at
FROM warehouse.v_fleet_now
WHERE robot_id = ${sqlText(robotId)} OR map_id IN (SELECT map_id FROM warehouse.v_fleet_now WHERE robot_id = ${sqlText(robotId)})
ORDER BY robot_id`;
}
