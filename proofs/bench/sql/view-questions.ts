/** A query of a page, a dashboard or a rule for each view. The cost of a `now` query must not grow with the history. */
export interface ViewQuestion {
  name: string;
  now: boolean;
  query: string;
}

const now = (name: string, query = `SELECT * FROM ${name}`): ViewQuestion => ({ name, now: true, query });
const past = (name: string, query: string): ViewQuestion => ({ name, now: false, query });
const LAST_HOURS = (column: string): string => `${column} > now() - INTERVAL 6 HOUR`;

export const VIEW_QUESTIONS: readonly ViewQuestion[] = [
  now('v_fleet_now'),
  now('v_fleet_changes'),
  now('v_fleet_summary'),
  now('v_fleet_status'),
  now('v_fleet_dropoff'),
  now('v_telemetry_dropoff'),
  now('v_alert_silent_groups'),
  now('v_alert_dropoff'),
  now('v_alert_robots'),
  now('v_alert_storage'),
  now('v_alert_ingestor'),
  now('v_deployments'),
  now('v_alert_engine_view'),
  past('v_alert_slow_robots', 'SELECT * FROM v_alert_slow_robots'),
  past('v_alert_flow', 'SELECT * FROM v_alert_flow'),
  now('v_battery_distribution'),
  now('v_zone_occupancy'),
  now('v_roll_ups'),
  now('v_fleet_reports'),
  now('v_robots'),
  now('v_path_offsets'),
  now('v_robot_roster'),
  now('v_pipeline'),
  now(
    'v_dead_letters',
    `SELECT * FROM v_dead_letters WHERE ${LAST_HOURS('received_at')} ORDER BY received_at DESC LIMIT 100`
  ),
  now('v_dead_letter_reasons'),
  now('v_floor_plans'),
  now('v_zones'),
  now('v_lanes', `SELECT * FROM v_lanes WHERE map_id = 'hall'`),
  now('v_stations', `SELECT * FROM v_stations WHERE map_id = 'hall'`),
  past('v_robot_minutes', `SELECT * FROM v_robot_minutes WHERE robot_id = 'robot-00042' AND ${LAST_HOURS('minute')}`),
  past('v_robot_hours', `SELECT * FROM v_robot_hours WHERE ${LAST_HOURS('hour')}`),
  past('v_state_shares', `SELECT state, sum(seconds) FROM v_state_shares WHERE ${LAST_HOURS('minute')} GROUP BY state`),
  past('v_throughput', `SELECT * FROM v_throughput WHERE ${LAST_HOURS('minute')} ORDER BY minute`),
  past(
    'v_utilisation',
    `SELECT robot_id, sum(seconds_working) / sum(seconds_reported) FROM v_utilisation WHERE ${LAST_HOURS('hour')} GROUP BY robot_id`
  ),
  // An alert asks it once a minute.
  past('v_health', 'SELECT * FROM v_health'),
  past('v_battery_health', 'SELECT * FROM v_battery_health'),
  past('v_reliability', 'SELECT * FROM v_reliability'),
  past('v_robot_anomaly', 'SELECT * FROM v_robot_anomaly ORDER BY score DESC LIMIT 100'),
  // The query of the map for a day: whole hours, and five minutes at both ends.
  past(
    'v_floor_cells',
    `WITH now() - INTERVAL 1 DAY AS start, toStartOfHour(start) + INTERVAL 1 HOUR AS first_hour, toStartOfHour(now()) AS end_of_hours
     SELECT x, y, sum(congested_seconds) AS value
     FROM (SELECT * FROM v_floor_cell_hours WHERE time >= first_hour AND time < end_of_hours
       UNION ALL SELECT * FROM v_floor_cells WHERE time >= start AND time < first_hour
       UNION ALL SELECT * FROM v_floor_cells WHERE time >= end_of_hours)
     WHERE map_id = 'hall' GROUP BY x, y`
  ),
  past(
    'v_floor_cell_hours',
    `SELECT x, y, sum(dwell_seconds) AS value FROM v_floor_cell_hours WHERE time > now() - INTERVAL 1 DAY AND map_id = 'hall' GROUP BY x, y`
  ),
  past('v_task_runs', `SELECT * FROM v_task_runs WHERE robot_id = 'robot-00042' ORDER BY started_at DESC LIMIT 100`),
  past(
    'v_task_ends',
    `SELECT zone_id, count(), quantilesExactInclusive(0.5, 0.95)(task_duration) FROM v_task_ends WHERE ${LAST_HOURS('ended_at')} GROUP BY zone_id`
  ),
  past('v_task_times', 'SELECT * FROM v_task_times'),
  past('v_task_times_by_zone', 'SELECT * FROM v_task_times_by_zone'),
  past('task_events_mv', 'SELECT avg(task_duration) FROM task_events_mv WHERE ts > now() - INTERVAL 1 HOUR'),
  past(
    'v_events',
    `SELECT * FROM v_events WHERE robot_id = 'robot-00042' AND ts > now() - INTERVAL 10 MINUTE ORDER BY ts`
  ),
];
