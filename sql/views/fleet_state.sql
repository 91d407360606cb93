-- What each robot does right now. These views read robot_latest, so their cost follows the number of robots.
-- Planning takes most of the time of such a query: name few columns, and read few views.

-- Only the newest rows of each block: the others would be merged away.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_latest_mv{on_cluster} TO {local}.robot_latest
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    r.robot_id AS robot_id,
    toUInt16((r.site_id IS NOT NULL) + 2 * (r.battery IS NOT NULL) + 4 * (r.firmware IS NOT NULL) + 8 * (r.x IS NOT NULL)
        + 16 * (r.theta IS NOT NULL) + 32 * (r.speed IS NOT NULL) + 64 * (r.map_id IS NOT NULL) + 128 * (r.state IS NOT NULL)
        + 256 * (r.task_id IS NOT NULL) + 512 * (r.error_code IS NOT NULL)) AS present,
    r.ts AS ts, r.received_at AS received_at, r.event_type AS event_type, r.site_id AS site_id, r.battery AS battery,
    r.firmware AS firmware, r.x AS x, r.y AS y, r.theta AS theta, r.speed AS speed, r.map_id AS map_id,
    if(r.x IS NULL, '', r.meta) AS meta, r.state AS state, r.task_id AS task_id, r.error_code AS error_code
FROM {local}.telemetry_raw AS r
ORDER BY ts DESC
LIMIT 1 BY robot_id, present;

CREATE OR REPLACE VIEW warehouse.v_fleet_now{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    robot_id,
    last_ts AS ts,
    greatest(0, dateDiff('millisecond', last_ts, now64(3, 'UTC')) / 1000) AS age_seconds,
    x, y, theta,
    nullIf(last_map, '') AS map_id,
    site_id,
    if(placed, position_time, NULL) AS position_ts,
    if(placed, greatest(0, dateDiff('millisecond', position_time, now64(3, 'UTC')) / 1000), NULL) AS position_age_seconds,
    speed,
    battery,
    state,
    multiIf(age_seconds > 60, 'silent', state IS NOT NULL, state, last_task != '', 'working', 'unknown') AS status,
    x IS NOT NULL AS placed,
    if(placed, '', 'no position') AS not_placed_reason,
    nullIf(last_error, '') AS error_code,
    nullIf(last_task, '') AS task_id,
    firmware,
    last_event_type,
    last_received_at,
    if(JSONType(last_meta, 'localized') = 'Bool', toUInt8(JSONExtractBool(last_meta, 'localized')), NULL) AS localized,
    JSONExtract(last_meta, 'localization_score', 'Nullable(Float32)') AS localization_score,
    JSONExtract(last_meta, 'deviation_range', 'Nullable(Float32)') AS deviation_metres
FROM
(
    SELECT
        robot_id,
        max(l.ts) AS last_ts,
        max(l.received_at) AS last_received_at,
        argMax(l.event_type, l.ts) AS last_event_type,
        -- argMax passes over NULL: the newest event that has the field
        argMax(l.site_id, l.ts) AS site_id,
        argMax(l.battery, l.ts) AS battery,
        argMax(l.firmware, l.ts) AS firmware,
        maxIf(l.ts, l.x IS NOT NULL) AS position_time,
        argMax(l.x, l.ts) AS x,
        argMax(l.y, l.ts) AS y,
        argMax(l.theta, l.ts) AS theta,
        argMax(l.speed, l.ts) AS speed,
        argMaxIf(toString(ifNull(l.map_id, '')), l.ts, l.x IS NOT NULL) AS last_map,
        argMaxIf(l.meta, l.ts, l.x IS NOT NULL) AS last_meta,
        argMax(l.state, l.ts) AS state,
        argMaxIf(if(l.event_type IN ('TASK_COMPLETED', 'TASK_FAILED'), '', ifNull(l.task_id, '')), l.ts, l.state IS NOT NULL OR l.task_id IS NOT NULL) AS last_task,
        argMaxIf(toString(ifNull(l.error_code, '')), l.ts, l.state IS NOT NULL OR l.error_code IS NOT NULL) AS last_error
    FROM warehouse.robot_latest AS l
    GROUP BY robot_id
)
COMMENT 'Where is each robot, what does it do, and how old is that? One row a robot, the silent ones too.';

CREATE OR REPLACE VIEW warehouse.v_fleet_summary{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    count() AS robots,
    countIf(status != 'silent' AND status != 'offline') AS online,
    countIf(status = 'working') AS working,
    countIf(status = 'idle') AS idle,
    countIf(status = 'charging') AS charging,
    countIf(status = 'blocked') AS blocked,
    countIf(status = 'error') AS error,
    countIf(status = 'manual') AS manual,
    countIf(status = 'maintenance') AS maintenance,
    countIf(status = 'offline') AS offline,
    countIf(status = 'silent') AS silent,
    countIf(status = 'unknown') AS unknown,
    countIf(f.placed) AS placed,
    countIf(NOT f.placed) AS not_placed
FROM warehouse.v_fleet_now AS f
COMMENT 'How many robots are in each state right now? One row.';

CREATE OR REPLACE VIEW warehouse.v_fleet_status{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT status, count() AS robots
FROM warehouse.v_fleet_now
GROUP BY status
COMMENT 'How many robots are in each state right now? One row a state that occurs.';

CREATE OR REPLACE VIEW warehouse.v_fleet_dropoff{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    min(age_seconds) AS silent_seconds,
    count() AS robots,
    countIf(status = 'silent') AS silent_robots
FROM warehouse.v_fleet_now
HAVING robots > 0
COMMENT 'For how long has the whole fleet been silent? One row; none while no robot is known.';

-- The alert per robot: silence measured against the robot's own rhythm.
-- A robot that reports every 30 s (VDA 5050 allows it) is not silent after 60 s: its usual longest gap is learned from the
-- hours of the last day. Three times that gap is silence, at least 60 s and at most 10 minutes.
-- Only silent robots have their rhythm looked up, so the hours of the others cost nothing.
CREATE OR REPLACE VIEW warehouse.v_telemetry_dropoff{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    f.robot_id AS robot_id,
    f.age_seconds AS silent_seconds,
    greatest(60, least(600, 3 * r.usual_gap_seconds)) AS allowed_seconds,
    f.ts AS last_ts,
    f.site_id AS site_id,
    f.map_id AS map_id
FROM warehouse.v_fleet_now AS f
LEFT JOIN
(
    SELECT h.robot_id AS robot_id, quantile(0.5)(h.max_gap_seconds) AS usual_gap_seconds
    FROM warehouse.telemetry_hour AS h FINAL
    WHERE h.minute >= now('UTC') - INTERVAL 1 DAY
      AND h.robot_id IN (SELECT s.robot_id FROM warehouse.robot_latest AS s GROUP BY s.robot_id HAVING max(s.ts) < now64(3, 'UTC') - INTERVAL 1 MINUTE)
    GROUP BY h.robot_id
) AS r ON r.robot_id = f.robot_id
WHERE f.status = 'silent'
  AND silent_seconds > allowed_seconds
  AND ifNull(f.state, '') != 'offline'
  -- v_fleet_dropoff says this too, but planning all of v_fleet_now a second time takes longer than the answer
  AND (SELECT max(l.ts) FROM warehouse.robot_latest AS l) >= now64(3, 'UTC') - INTERVAL 1 MINUTE
COMMENT 'Which robots fell silent while others still report? Empty when the whole fleet is silent: that is one alert, not thousands.';

CREATE OR REPLACE VIEW warehouse.v_battery_distribution{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    10 * least(9, floor(assumeNotNull(f.battery) / 10)) AS from_percent,
    from_percent + 10 AS to_percent,
    count() AS robots,
    countIf(f.status = 'charging') AS charging
FROM warehouse.v_fleet_now AS f
WHERE f.battery IS NOT NULL
GROUP BY from_percent
COMMENT 'How are the batteries of the fleet distributed right now? Robots by steps of 10 percent.';

CREATE OR REPLACE VIEW warehouse.v_robots{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT robot_id, model, site_id, fleet, updated_at
FROM warehouse.robots FINAL
WHERE deleted = 0
COMMENT 'Which model is each robot, and to which site and fleet does it belong?';
