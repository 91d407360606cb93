-- The questions about this very moment. They read robot_latest alone: their cost follows the number of robots.

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

CREATE OR REPLACE VIEW warehouse.v_floor_plans{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT map_id, site_id, name, base64Encode(image) AS image_base64, width, height, resolution, origin_x, origin_y, origin_yaw, checksum, updated_at
FROM warehouse.floor_plans FINAL
COMMENT 'Which floor plans are there, and where does each lie in the map frame?';

CREATE OR REPLACE VIEW warehouse.v_zones{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT map_id, zone_id, name, kind, polygon, updated_at
FROM warehouse.zones FINAL
WHERE deleted = 0
COMMENT 'Which zones does each map have?';
