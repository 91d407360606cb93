import { sqlText, sqlTime } from '@floorwatch/contract/sql-text';

/** Longer ago, a robot's report says nothing about where it is; it is counted as silent. */
const LOOK_BACK_MINUTES = 15;
const NO_POSITION = `no position in the ${LOOK_BACK_MINUTES} minutes before`;
const DELETED = 'the events of this time are deleted';

/**
 * Condition: the roll-ups have events of these robots in the time in which `fleetAt` looks for reports. Robots that were retired by
 * then do not count: `fleetAt` leaves out their events, which are not deleted for that.
 * @param atMs as there
 * @param ofRobots condition on `robot_id`, with `AND` before it; '' for all
 */
export function hadEvents(atMs: number, ofRobots = ''): string {
  const at = sqlTime(atMs);
  return `(SELECT count() > 0 FROM warehouse.v_robot_minutes
    WHERE minute > ${at} - INTERVAL ${LOOK_BACK_MINUTES} MINUTE AND minute < toStartOfMinute(${at}) AND events > 0${ofRobots}
      AND ${notRetired(atMs)})`;
}

/**
 * The fleet at a past moment, with the columns of `v_fleet_now` that the page shows, as a subquery. The same definitions as
 * that view's (silent after 60 s, offline if the robot said so, without robots that were retired by then); a robot of the day
 * before that did not report is silent. Where no robot has an event and roll-ups count some, the events are deleted: then all are
 * unknown, because nobody knows that they were silent. Now and then differ in one thing: the pipeline has long stored what was
 * late then, so silence counts by event time.
 * @param atMs milliseconds since the epoch
 */
export function fleetAt(atMs: number): string {
  const at = sqlTime(atMs);
  return `(SELECT
    robot_id, last_ts AS ts, last_x AS x, last_y AS y, last_theta AS theta, last_map AS map_id, last_state AS state,
    last_battery AS battery, last_error AS error_code, last_task AS task_id,
    if(isNull(last_ts), ${LOOK_BACK_MINUTES * 60}, dateDiff('millisecond', last_ts, ${at}) / 1000) AS silent_seconds,
    silent_seconds AS age_seconds,
    count(last_ts) OVER () = 0 AND ${hadEvents(atMs)} AS is_deleted,
    multiIf(
      is_deleted, 'unknown',
      last_state = 'offline', 'offline',
      silent_seconds > 60, 'silent',
      last_state IS NOT NULL, last_state,
      last_task IS NOT NULL, 'working',
      'unknown') AS status,
    multiIf(is_deleted, ${sqlText(DELETED)}, isNull(last_x), ${sqlText(NO_POSITION)}, '') AS not_placed_reason,
    NULL::Nullable(UInt8) AS localized, NULL::Nullable(Float32) AS deviation_metres,
    NULL::Nullable(String) AS zone_name, NULL::Nullable(DateTime) AS state_since
  FROM (
    SELECT
      robot_id,
      max(event_ts) AS last_ts,
      argMax(event_x, event_ts) AS last_x, argMax(event_y, event_ts) AS last_y, argMax(event_theta, event_ts) AS last_theta,
      argMax(event_map, event_ts) AS last_map, argMax(event_state, event_ts) AS last_state,
      argMax(event_battery, event_ts) AS last_battery,
      nullIf(argMaxIf(event_error, event_ts, event_state IS NOT NULL OR event_error != ''), '') AS last_error,
      nullIf(argMax(event_task, event_ts), '') AS last_task
    FROM (
      SELECT robot_id, toNullable(ts) AS event_ts, x AS event_x, y AS event_y, theta AS event_theta,
        if(isNull(x), NULL, toString(map_id))::Nullable(String) AS event_map, toString(state)::Nullable(String) AS event_state,
        battery AS event_battery, ifNull(toString(error_code), '') AS event_error,
        if(event_type IN ('TASK_COMPLETED', 'TASK_FAILED'), '', task_id)::Nullable(String) AS event_task
      FROM warehouse.v_events
      WHERE ts > ${at} - INTERVAL ${LOOK_BACK_MINUTES} MINUTE AND ts <= ${at}
      UNION ALL
      SELECT robot_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL
      FROM warehouse.v_robot_hours
      WHERE hour > ${at} - INTERVAL 1 DAY AND hour <= ${at}
    )
    GROUP BY robot_id
  )
  WHERE ${notRetired(atMs)})`;
}

/** Condition: the robot was not retired by then. */
export function notRetired(atMs: number): string {
  return `robot_id NOT IN (SELECT robot_id FROM warehouse.v_robot_roster WHERE retired_at <= ${sqlTime(atMs)})`;
}
