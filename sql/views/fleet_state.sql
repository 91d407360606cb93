-- What each robot does right now. These views read robot_latest, so their cost follows the number of robots.
-- Planning takes most of the time of such a query: name few columns, and read few views.
--
-- A robot's clock can be wrong, but its arrival is measured by the pipeline. So:
--   silence, drop-off and "last seen" use arrivals, as far as the path has stored it (v_path_offsets): a pipeline that lags is one
--   lag alert and not a silent fleet;
--   `robot_latest` versions by the earlier of event time and arrival: an event from the future cannot freeze a robot;
--   replays, repairs and backfills change what is known of a robot, but they are not arrivals.

-- Only the newest rows of each block: the others would be merged away.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_latest_mv{on_cluster} TO {local}.robot_latest
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH r.source IN ('ingestor', 'engine') AS is_live
SELECT
    r.robot_id AS robot_id,
    toUInt16((r.site_id IS NOT NULL) + 2 * (r.battery IS NOT NULL) + 4 * (r.firmware IS NOT NULL) + 8 * (r.x IS NOT NULL)
        + 16 * (r.theta IS NOT NULL) + 32 * (r.speed IS NOT NULL) + 64 * (r.map_id IS NOT NULL) + 128 * (r.state IS NOT NULL)
        + 256 * (r.task_id IS NOT NULL) + 512 * (r.error_code IS NOT NULL)) AS present,
    bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(r.ts, r.received_at)))), 22) + bitShiftLeft(toUInt64(is_live), 21)
        + bitAnd(toUInt64(r.offset), 2097151) AS version,
    r.ts AS ts,
    if(is_live, r.received_at, toDateTime64(0, 3, 'UTC')) AS arrived_at,
    r.topic AS topic, r.partition AS partition,
    r.event_type AS event_type, r.site_id AS site_id, r.battery AS battery,
    r.firmware AS firmware, r.x AS x, r.y AS y, r.theta AS theta, r.speed AS speed, r.map_id AS map_id,
    if(r.x IS NULL, '', r.meta) AS meta, r.state AS state, r.task_id AS task_id, r.error_code AS error_code
FROM {local}.telemetry_raw AS r
ORDER BY version DESC
LIMIT 1 BY robot_id, present;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_arrivals_mv{on_cluster} TO {local}.robot_arrivals
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    toStartOfTenMinutes(toDateTime(r.received_at, 'UTC')) AS bucket,
    r.robot_id AS robot_id,
    max(r.received_at) AS last_arrival,
    min(dateDiff('millisecond', r.ts, r.received_at)) AS min_delay_ms
FROM {local}.telemetry_raw AS r
WHERE r.source IN ('ingestor', 'engine')
GROUP BY bucket, robot_id;

-- Silence counts from a robot's last arrival up to what its partition's path has stored (v_path_offsets), or, where nothing was
-- produced for longer, from the last growth of the partition. Where no path reports its offsets, or a path delivers but no longer
-- reports, silence counts up to now. `clock_offset_seconds` is the smallest delay of the last 20 to 30 minutes. While the path lags,
-- a delay is the path's and says nothing about the clock. A clock is wrong by more than 60 s: ages of event times are then
-- corrected by the offset.
CREATE OR REPLACE VIEW warehouse.v_fleet_now{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS asked_at,
    -- the path that is farther ahead defines how far a partition is stored
    progress AS
    (
        SELECT
            o.topic AS topic,
            o.partition AS partition,
            max(if(o.sampled_at < now64(3, 'UTC') - INTERVAL 1 MINUTE AND p.topic != '', now64(3, 'UTC'), o.stored_to)) AS stored_to,
            max(if(o.sampled_at < now64(3, 'UTC') - INTERVAL 1 MINUTE, 0, dateDiff('millisecond', o.last_growth_at, o.sampled_at) / 1000)) AS idle_seconds,
            min(o.lag_seconds) AS lag_seconds
        FROM warehouse.v_path_offsets AS o
        LEFT JOIN
        (
            SELECT DISTINCT toString(g.source) AS path, g.topic AS topic, g.partition AS partition
            FROM warehouse.path_progress AS g
            WHERE g.second > now('UTC') - INTERVAL 1 MINUTE
        ) AS p ON p.path = o.path AND p.topic = o.topic AND p.partition = o.partition
        GROUP BY o.topic, o.partition
    ),
    arrivals AS
    (
        SELECT a.robot_id AS robot_id, max(a.last_arrival) AS last_arrival, min(a.min_delay_ms) AS delay_ms
        FROM warehouse.robot_arrivals AS a
        WHERE a.bucket >= toStartOfTenMinutes(now('UTC') - INTERVAL 20 MINUTE)
        GROUP BY a.robot_id
    )
SELECT
    n.robot_id AS robot_id,
    n.last_ts AS ts,
    nullIf(greatest(n.arrived_at, a.last_arrival), toDateTime64(0, 3, 'UTC')) AS last_received_at,
    -- for a robot that was only replayed, repaired or backfilled, only the event time is known
    ifNull(last_received_at, fromUnixTimestamp64Milli(toInt64(bitShiftRight(n.last_version, 22)), 'UTC')) AS seen_at,
    greatest(0, dateDiff('millisecond', seen_at, asked_at) / 1000) AS age_seconds,
    greatest(0, dateDiff('millisecond', seen_at, if(g.topic = '', asked_at, g.stored_to)) / 1000, g.idle_seconds) AS silent_seconds,
    multiIf(
        last_received_at IS NULL, NULL,
        a.robot_id = '', n.delay_ms,
        g.lag_seconds > 15 AND a.delay_ms > 0, NULL,
        a.delay_ms) / 1000 AS clock_offset_seconds,
    ifNull(abs(clock_offset_seconds) > 60, 0) AS clock_wrong,
    n.x AS x, n.y AS y, n.theta AS theta,
    nullIf(n.last_map, '') AS map_id,
    n.site_id AS site_id,
    if(placed, n.position_time, NULL) AS position_ts,
    if(placed, greatest(0, (dateDiff('millisecond', n.position_time, asked_at) / 1000 - if(clock_wrong, clock_offset_seconds, 0))), NULL) AS position_age_seconds,
    n.speed AS speed,
    n.battery AS battery,
    n.state AS state,
    multiIf(silent_seconds > 60, 'silent', n.state IS NOT NULL, n.state, n.last_task != '', 'working', 'unknown') AS status,
    n.x IS NOT NULL AS placed,
    if(placed, '', 'no position') AS not_placed_reason,
    nullIf(n.last_error, '') AS error_code,
    nullIf(n.last_task, '') AS task_id,
    n.firmware AS firmware,
    n.last_event_type AS last_event_type,
    if(JSONType(n.last_meta, 'localized') = 'Bool', toUInt8(JSONExtractBool(n.last_meta, 'localized')), NULL) AS localized,
    JSONExtract(n.last_meta, 'localization_score', 'Nullable(Float32)') AS localization_score,
    JSONExtract(n.last_meta, 'deviation_range', 'Nullable(Float32)') AS deviation_metres
FROM
(
    SELECT
        robot_id,
        max(l.version) AS last_version,
        argMax(l.ts, l.version) AS last_ts,
        max(l.arrived_at) AS arrived_at,
        minIf(dateDiff('millisecond', l.ts, l.arrived_at), l.arrived_at > toDateTime64(0, 3, 'UTC')) AS delay_ms,
        argMax(l.topic, l.version) AS last_topic,
        argMax(l.partition, l.version) AS last_partition,
        argMax(l.event_type, l.version) AS last_event_type,
        -- argMax ignores NULL, so this is the newest event with the field
        argMax(l.site_id, l.version) AS site_id,
        argMax(l.battery, l.version) AS battery,
        argMax(l.firmware, l.version) AS firmware,
        argMaxIf(l.ts, l.version, l.x IS NOT NULL) AS position_time,
        argMax(l.x, l.version) AS x,
        argMax(l.y, l.version) AS y,
        argMax(l.theta, l.version) AS theta,
        argMax(l.speed, l.version) AS speed,
        argMaxIf(toString(ifNull(l.map_id, '')), l.version, l.x IS NOT NULL) AS last_map,
        argMaxIf(l.meta, l.version, l.x IS NOT NULL) AS last_meta,
        argMax(l.state, l.version) AS state,
        argMaxIf(if(l.event_type IN ('TASK_COMPLETED', 'TASK_FAILED'), '', ifNull(l.task_id, '')), l.version, l.state IS NOT NULL OR l.task_id IS NOT NULL) AS last_task,
        argMaxIf(toString(ifNull(l.error_code, '')), l.version, l.state IS NOT NULL OR l.error_code IS NOT NULL) AS last_error
    FROM warehouse.robot_latest AS l
    GROUP BY robot_id
) AS n
LEFT JOIN arrivals AS a ON a.robot_id = n.robot_id
LEFT JOIN progress AS g ON g.topic = n.last_topic AND g.partition = n.last_partition
COMMENT 'Where is each robot, what does it do, and how old is that? One row a robot, the silent ones too. age_seconds: since its last arrival; silent_seconds: the same, less what the pipeline lags; clock_offset_seconds: arrival minus event time, negative when its clock is ahead.';

CREATE OR REPLACE VIEW warehouse.v_fleet_summary{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
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
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT status, count() AS robots
FROM warehouse.v_fleet_now
GROUP BY status
COMMENT 'How many robots are in each state right now? One row a state that occurs.';

CREATE OR REPLACE VIEW warehouse.v_fleet_dropoff{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    min(f.silent_seconds) AS silent_seconds,
    count() AS robots,
    countIf(status = 'silent') AS silent_robots
FROM warehouse.v_fleet_now AS f
HAVING robots > 0
COMMENT 'For how long has no robot arrived, as far as the pipeline has got? One row; none while no robot is known.';

-- The alert per robot: silence measured against the robot's own rhythm.
-- A robot that reports every 30 s (VDA 5050 allows it) is not silent after 60 s: its usual longest gap is learned from the
-- hours of the last day. Three times that gap is silence, at least 60 s and at most 10 minutes.
-- Only silent robots have their rhythm looked up, so the hours of the others cost nothing.
CREATE OR REPLACE VIEW warehouse.v_telemetry_dropoff{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    f.robot_id AS robot_id,
    f.silent_seconds AS silent_seconds,
    greatest(60, least(600, 3 * r.usual_gap_seconds)) AS allowed_seconds,
    f.ts AS last_ts,
    f.site_id AS site_id,
    f.map_id AS map_id
FROM
(
    -- the same as v_fleet_dropoff, without planning v_fleet_now a second time, which would take longer than the query
    SELECT robot_id, silent_seconds, ts, site_id, map_id, status, state, min(silent_seconds) OVER () AS fleet_silent_seconds
    FROM warehouse.v_fleet_now
) AS f
LEFT JOIN
(
    SELECT h.robot_id AS robot_id, quantile(0.5)(h.max_gap_seconds) AS usual_gap_seconds
    FROM warehouse.telemetry_hour AS h FINAL
    WHERE h.minute >= now('UTC') - INTERVAL 1 DAY
      AND h.robot_id IN (SELECT s.robot_id FROM warehouse.robot_latest AS s GROUP BY s.robot_id HAVING max(s.arrived_at) < now64(3, 'UTC') - INTERVAL 1 MINUTE)
    GROUP BY h.robot_id
) AS r ON r.robot_id = f.robot_id
WHERE f.status = 'silent'
  AND silent_seconds > allowed_seconds
  AND ifNull(f.state, '') != 'offline'
  AND f.fleet_silent_seconds <= 60
COMMENT 'Which robots fell silent while others still report? Empty when the whole fleet is silent: that is one alert, not thousands.';

CREATE OR REPLACE VIEW warehouse.v_battery_distribution{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
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
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT robot_id, model, site_id, fleet, updated_at
FROM warehouse.robots FINAL
WHERE deleted = 0
COMMENT 'Which model is each robot, and to which site and fleet does it belong?';
