-- Silence by arrival, robots with wrong clocks, and roll-ups of a fleet in which nothing is late.
--
-- A robot's clock may be wrong; its arrival is not. So:
--   silence, drop-off and "last seen" go by arrival, as far as the path has got (path_offsets): a pipeline that lags is one
--   lag alert and not a silent fleet;
--   `robot_latest` versions by the earlier of event time and arrival: an event from the future cannot freeze a robot;
--   replays, repairs and backfills change what is known of a robot, but they are not arrivals;
--   an event dated more than 60 s after its arrival proves a clock that is ahead (`clock_ahead`): it counts for its own robot
--   and for nobody else.

-- How far each path has stored each partition. The ingestor and ClickHouse's own Kafka path each add a row every few seconds,
-- also while no message arrives: without it, nobody could tell a silent fleet from a path that stopped.
CREATE TABLE IF NOT EXISTS {local}.path_offsets{on_cluster}
(
    path             Enum8('ingestor' = 1, 'engine' = 2),
    topic            LowCardinality(String),
    partition        Int32,
    sampled_at       DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    end_offset       Int64 COMMENT 'offset that the next message of the partition gets' CODEC(Delta, ZSTD(1)),
    committed_offset Int64 COMMENT 'offset of the first message that the path has not stored' CODEC(Delta, ZSTD(1))
)
ENGINE = {replicated}ReplacingMergeTree
ORDER BY (path, topic, partition, sampled_at)
TTL toDateTime(sampled_at) + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- The engine's own progress, from librdkafka's statistics (every 5 s: sql/server/config.xml), at the time that they name: a
-- consumer that hangs gives none, and its old ones must not look new. A consumer that has fetched and committed all that it was
-- given is at the end: transaction markers take offsets that no message has.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.engine_offsets_mv{on_cluster}
REFRESH EVERY 5 SECOND APPEND TO {local}.path_offsets
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    'engine' AS path,
    topic,
    toInt32(JSONExtractInt(stat, 'partition')) AS partition,
    at AS sampled_at,
    end_offset,
    if(JSONExtractInt(stat, 'next_offset') >= end_offset AND JSONExtractInt(stat, 'fetchq_cnt') = 0
        AND (JSONExtractInt(stat, 'app_offset') < 0 OR committed >= JSONExtractInt(stat, 'app_offset')),
        end_offset, greatest(committed, JSONExtractInt(stat, 'lo_offset'), 0)) AS committed_offset
FROM
(
    SELECT
        toDateTime64(JSONExtractUInt(c.rdkafka_stat, 'time'), 3, 'UTC') AS at,
        t.1 AS topic,
        arrayJoin(JSONExtractKeysAndValuesRaw(t.2, 'partitions')).2 AS stat,
        JSONExtractInt(stat, 'hi_offset') AS end_offset,
        JSONExtractInt(stat, 'committed_offset') AS committed
    FROM system.kafka_consumers AS c
    ARRAY JOIN JSONExtractKeysAndValuesRaw(c.rdkafka_stat, 'topics') AS t
    WHERE c.database IN ('warehouse', 'warehouse_local') AND c.table = 'telemetry_queue'
)
WHERE JSONExtractBool(stat, 'desired') AND end_offset >= 0 AND at > now64(3, 'UTC') - INTERVAL 1 HOUR;

CREATE OR REPLACE VIEW warehouse.v_path_offsets{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH latest AS
(
    SELECT
        path, topic, partition,
        max(o.sampled_at) AS last_at,
        argMax(o.end_offset, o.sampled_at) AS last_end,
        argMax(o.committed_offset, o.sampled_at) AS last_committed,
        min(o.sampled_at) AS first_at
    FROM warehouse.path_offsets AS o
    WHERE o.sampled_at > now64(3, 'UTC') - INTERVAL 1 DAY
    GROUP BY path, topic, partition
)
SELECT
    toString(h.path) AS path,
    h.topic AS topic,
    h.partition AS partition,
    any(l.last_at) AS sampled_at,
    any(l.last_end) AS end_offset,
    any(l.last_committed) AS committed_offset,
    greatest(0, end_offset - committed_offset) AS lag_messages,
    -- a lag older than the first sample is at least that old
    greatest(maxIf(h.sampled_at, h.end_offset <= l.last_committed), any(l.first_at)) AS stored_to,
    -- the first sample with this end; a topic that was made again may have had it before
    greatest(minIf(h.sampled_at, h.end_offset = l.last_end), maxIf(h.sampled_at, h.end_offset != l.last_end)) AS last_growth_at,
    greatest(0, dateDiff('millisecond', stored_to, sampled_at) / 1000) AS lag_seconds
FROM warehouse.path_offsets AS h
INNER JOIN latest AS l ON l.path = h.path AND l.topic = h.topic AND l.partition = h.partition
WHERE h.sampled_at > now64(3, 'UTC') - INTERVAL 1 DAY
GROUP BY h.path, h.topic, h.partition
COMMENT 'How far has each path stored each partition? All that was produced until stored_to is stored; nothing was produced after last_growth_at. One row a path and partition.';

-- The last arrival of each robot and how long after its event time it came, by ten minutes of arrival. The smallest such delay is
-- what the robot's clock is off by: an event that was buffered comes late, but no event comes before it happened.
CREATE TABLE IF NOT EXISTS {local}.robot_arrivals{on_cluster}
(
    bucket       DateTime('UTC') COMMENT 'start of ten minutes of arrival' CODEC(Delta, ZSTD(1)),
    robot_id     LowCardinality(String),
    last_arrival SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    min_delay_ms SimpleAggregateFunction(min, Int64) COMMENT 'arrival minus event time, milliseconds; negative: the clock is ahead' CODEC(T64, ZSTD(1))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (bucket, robot_id)
TTL bucket + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_arrivals_mv{on_cluster} TO {local}.robot_arrivals
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    toStartOfTenMinutes(toDateTime(r.received_at, 'UTC')) AS bucket,
    r.robot_id AS robot_id,
    max(r.received_at) AS last_arrival,
    min(dateDiff('millisecond', r.ts, r.received_at)) AS min_delay_ms
FROM {local}.telemetry_raw AS r
WHERE r.source IN ('ingestor', 'engine')
GROUP BY bucket, robot_id;

-- As 0002's table, but with another version, which an engine cannot change in place; nothing has been released.
DROP VIEW IF EXISTS {local}.robot_latest_mv{on_cluster} SYNC;
DROP TABLE IF EXISTS warehouse.robot_latest{on_cluster} SYNC;
DROP TABLE IF EXISTS {local}.robot_latest{on_cluster} SYNC;

CREATE TABLE IF NOT EXISTS {local}.robot_latest{on_cluster}
(
    robot_id    LowCardinality(String),
    present     UInt16 COMMENT 'which of the nullable fields the event has, a bit each',
    version     UInt64 COMMENT 'the earlier of ts and arrival in milliseconds, times 2; 1 more when it arrived live, so that a replay of an event does not take its place',
    ts          DateTime64(3, 'UTC') COMMENT 'event time, as the robot reports it',
    arrived_at  DateTime64(3, 'UTC') COMMENT '1970 for a replay, repair or backfill: these are not arrivals',
    topic       LowCardinality(String),
    partition   Int32,
    event_type  LowCardinality(String),
    site_id     LowCardinality(Nullable(String)),
    battery     Nullable(Float32),
    firmware    LowCardinality(Nullable(String)),
    x           Nullable(Float32),
    y           Nullable(Float32),
    theta       Nullable(Float32),
    speed       Nullable(Float32),
    map_id      LowCardinality(Nullable(String)),
    meta        String COMMENT 'of an event with a position: localisation lives there',
    state       LowCardinality(Nullable(String)),
    task_id     Nullable(String),
    error_code  LowCardinality(Nullable(String))
)
ENGINE = {replicated}ReplacingMergeTree(version)
ORDER BY (robot_id, present)
SETTINGS non_replicated_deduplication_window = 10000;

-- Of each block only the newest rows: the rest would be merged away.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_latest_mv{on_cluster} TO {local}.robot_latest
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH r.source IN ('ingestor', 'engine') AS is_live
SELECT
    r.robot_id AS robot_id,
    toUInt16((r.site_id IS NOT NULL) + 2 * (r.battery IS NOT NULL) + 4 * (r.firmware IS NOT NULL) + 8 * (r.x IS NOT NULL)
        + 16 * (r.theta IS NOT NULL) + 32 * (r.speed IS NOT NULL) + 64 * (r.map_id IS NOT NULL) + 128 * (r.state IS NOT NULL)
        + 256 * (r.task_id IS NOT NULL) + 512 * (r.error_code IS NOT NULL)) AS present,
    toUInt64(greatest(0, toUnixTimestamp64Milli(least(r.ts, r.received_at)))) * 2 + is_live AS version,
    r.ts AS ts,
    if(is_live, r.received_at, toDateTime64(0, 3, 'UTC')) AS arrived_at,
    r.topic AS topic, r.partition AS partition,
    r.event_type AS event_type, r.site_id AS site_id, r.battery AS battery,
    r.firmware AS firmware, r.x AS x, r.y AS y, r.theta AS theta, r.speed AS speed, r.map_id AS map_id,
    if(r.x IS NULL, '', r.meta) AS meta, r.state AS state, r.task_id AS task_id, r.error_code AS error_code
FROM {local}.telemetry_raw AS r
ORDER BY version DESC
LIMIT 1 BY robot_id, present;

-- Silence counts from a robot's last arrival up to what its partition's path has stored (v_path_offsets), or, where nothing was
-- produced for longer, from the last growth of the partition. Where no path tells, or one still delivers but no longer tells, up to
-- now. `clock_offset_seconds` is the smallest delay of the last 20 to 30 minutes; while the path lags, a delay is the path's and
-- says nothing of the clock. More than 60 s are wrong: ages of event times are then corrected by the offset.
CREATE OR REPLACE VIEW warehouse.v_fleet_now{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS asked_at,
    -- the path that is farther ahead tells how far a partition is stored
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
    -- of a robot that was only replayed, repaired or backfilled, event time is all that is known
    ifNull(last_received_at, fromUnixTimestamp64Milli(toInt64(intDiv(n.last_version, 2)), 'UTC')) AS seen_at,
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
        -- argMax passes over NULL: the newest event that has the field
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

CREATE OR REPLACE VIEW warehouse.v_fleet_dropoff{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    min(f.silent_seconds) AS silent_seconds,
    count() AS robots,
    countIf(status = 'silent') AS silent_robots
FROM warehouse.v_fleet_now AS f
HAVING robots > 0
COMMENT 'For how long has no robot arrived, as far as the pipeline has got? One row; none while no robot is known.';

-- Only silent robots have their rhythm looked up, so the hours of the others cost nothing, however many are kept.
CREATE OR REPLACE VIEW warehouse.v_telemetry_dropoff{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
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
    -- what v_fleet_dropoff says, without planning v_fleet_now a second time: that takes longer than the answer
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

CREATE OR REPLACE VIEW warehouse.v_events{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    event_id, robot_id, ts, event_type, task_id, x, y, theta, map_id, site_id, speed, battery, state, error_code, firmware,
    if(meta = '', '', concat('{', arrayStringConcat(arrayMap(kv -> concat(toJSONString(kv.1), ':', kv.2),
        arrayFilter(kv -> kv.1 NOT IN (SELECT field FROM warehouse.personal_fields), JSONExtractKeysAndValuesRaw(meta))), ','), '}')) AS meta,
    received_at, ts > received_at + INTERVAL 1 MINUTE AS clock_ahead, toString(source) AS source, topic, partition, offset
FROM warehouse.telemetry_raw FINAL
COMMENT 'What exactly did a robot report? Filter by robot_id and ts. Personal keys of meta are left out. clock_ahead: dated more than 60 s after its arrival.';

-- Fleet-wide figures leave out a robot's minutes that its clock dated into the future: it was not there at that time.
ALTER TABLE {local}.telemetry_minute{on_cluster} ADD COLUMN IF NOT EXISTS clock_ahead_events UInt32 COMMENT 'events dated more than 60 s after their arrival' CODEC(T64, ZSTD(1)) AFTER max_gap_seconds;
ALTER TABLE {local}.telemetry_hour{on_cluster} ADD COLUMN IF NOT EXISTS clock_ahead_events UInt32 COMMENT 'events dated more than 60 s after their arrival' CODEC(T64, ZSTD(1)) AFTER max_gap_seconds;

DROP VIEW IF EXISTS {local}.telemetry_minute_mv{on_cluster} SYNC;
DROP VIEW IF EXISTS {local}.telemetry_hour_mv{on_cluster} SYNC;
DROP VIEW IF EXISTS {local}.floor_cells_mv{on_cluster} SYNC;

-- Every 30 s: the minutes since the last computation, and those that were touched since.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_minute_mv{on_cluster}
REFRESH EVERY 30 SECOND APPEND TO {local}.telemetry_minute
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    (
        SELECT greatest(max(m.computed_at), now64(3, 'UTC') - INTERVAL 1 DAY)
        FROM {local}.telemetry_minute AS m
        WHERE m.minute > now('UTC') - INTERVAL 2 DAY
    ) AS last_run,
    toStartOfMinute(last_run - INTERVAL 3 MINUTE) AS recent_from,
    touched AS
    (
        -- the state and the distance of a minute reach into the next one
        SELECT DISTINCT t.robot_id AS robot_id, arrayJoin([t.minute, t.minute + INTERVAL 1 MINUTE]) AS minute
        FROM {local}.rollup_touched AS t
        WHERE t.touched_at > last_run - INTERVAL 5 MINUTE
    ),
    -- of no minute, min() is 1970: without OrNull, a fleet in which nothing is late got no minutes at all
    (SELECT least(ifNull(minOrNull(t.minute), recent_from), recent_from) FROM touched AS t) AS earliest,
    events AS
    (
        SELECT
            r.robot_id AS robot_id, r.ts AS ts, r.event_type AS event_type, r.event_id AS event_id, r.site_id AS site_id, r.map_id AS map_id,
            r.x AS x, r.y AS y, r.speed AS speed, r.battery AS battery,
            r.ts > r.received_at + INTERVAL 1 MINUTE AS clock_ahead,
            toStartOfMinute(r.ts) AS minute,
            toString(multiIf(r.state IS NOT NULL, r.state, r.task_id IS NOT NULL AND r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED'), 'working', 'unknown')) AS state
        FROM {local}.telemetry_raw AS r FINAL
        WHERE r.ts >= earliest - INTERVAL 1 MINUTE
          AND
          (
              (r.ts >= recent_from - INTERVAL 1 MINUTE AND r.ts < started_at + INTERVAL 3 MINUTE)
              OR (r.robot_id, toStartOfMinute(r.ts)) IN (SELECT robot_id, minute FROM touched)
              OR (r.robot_id, toStartOfMinute(r.ts)) IN (SELECT robot_id, minute - INTERVAL 1 MINUTE FROM touched)
          )
    ),
    steps AS
    (
        SELECT
            *,
            lagInFrame(ts, 1, toDateTime64(0, 3, 'UTC')) OVER neighbours AS previous_ts,
            leadInFrame(ts, 1, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) OVER neighbours AS next_ts,
            lagInFrame(state, 1, '') OVER neighbours AS previous_state,
            -- of positions: an event without one may lie between two that have
            maxIf(ts, x IS NOT NULL) OVER earlier AS previous_position_ts,
            anyLast(x) OVER earlier AS previous_x,
            anyLast(y) OVER earlier AS previous_y,
            anyLastIf(toString(ifNull(map_id, '')), x IS NOT NULL) OVER earlier AS previous_map,
            least(60, dateDiff('millisecond', ts, next_ts) / 1000) AS held_seconds,
            dateDiff('millisecond', ts, minute + INTERVAL 1 MINUTE) / 1000 AS left_seconds,
            greatest(0, held_seconds - left_seconds) AS spilt_seconds
        FROM events
        WINDOW
            neighbours AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING),
            earlier AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ),
    -- one row an event, and one more for the seconds that its state holds in the next minute
    slots AS
    (
        SELECT
            *,
            arrayJoin(if(spilt_seconds > 0, [0, 1], [0])) AS spilt,
            minute + toIntervalMinute(spilt) AS slot,
            if(spilt = 1, spilt_seconds, least(held_seconds, left_seconds)) AS seconds,
            if(x IS NOT NULL AND previous_x IS NOT NULL AND previous_map = ifNull(map_id, '') AND ts <= previous_position_ts + INTERVAL 1 MINUTE,
                sqrt(pow(toFloat64(x) - previous_x, 2) + pow(toFloat64(y) - previous_y, 2)), 0) AS moved_metres
        FROM steps
    )
SELECT
    e.robot_id AS robot_id,
    e.slot AS minute,
    argMaxIf(e.site_id, e.ts, e.spilt = 0) AS site_id,
    argMaxIf(e.map_id, e.ts, e.spilt = 0) AS map_id,
    countIf(e.spilt = 0) AS events,
    sumIf(e.moved_metres, e.spilt = 0) AS distance_metres,
    avgIf(e.speed, e.spilt = 0) AS speed_mean,
    countIf(e.speed IS NOT NULL AND e.spilt = 0) AS speed_reports,
    avgIf(e.battery, e.spilt = 0) AS battery_mean,
    countIf(e.battery IS NOT NULL AND e.spilt = 0) AS battery_reports,
    minIf(e.battery, e.spilt = 0) AS battery_min,
    argMinIf(e.battery, e.ts, e.spilt = 0) AS battery_first,
    argMaxIf(e.battery, e.ts, e.spilt = 0) AS battery_last,
    countIf(e.event_type = 'ERROR' AND e.spilt = 0) AS errors,
    countIf(e.state IN ('error', 'blocked', 'manual') AND e.previous_state NOT IN ('error', 'blocked', 'manual')
        AND e.previous_ts >= e.minute - INTERVAL 1 MINUTE AND e.spilt = 0) AS stops,
    countIf(e.event_type = 'TASK_STARTED' AND e.spilt = 0) AS tasks_started,
    countIf(e.event_type = 'TASK_COMPLETED' AND e.spilt = 0) AS tasks_completed,
    countIf(e.event_type = 'TASK_FAILED' AND e.spilt = 0) AS tasks_failed,
    sumIf(e.seconds, e.state = 'working') AS seconds_working,
    sumIf(e.seconds, e.state = 'idle') AS seconds_idle,
    sumIf(e.seconds, e.state = 'charging') AS seconds_charging,
    sumIf(e.seconds, e.state = 'blocked') AS seconds_blocked,
    sumIf(e.seconds, e.state = 'error') AS seconds_error,
    sumIf(e.seconds, e.state = 'manual') AS seconds_manual,
    sumIf(e.seconds, e.state = 'maintenance') AS seconds_maintenance,
    sumIf(e.seconds, e.state = 'offline') AS seconds_offline,
    sumIf(e.seconds, e.state = 'unknown') AS seconds_unknown,
    maxIf(dateDiff('millisecond', greatest(e.previous_ts, toDateTime64(e.minute - INTERVAL 1 MINUTE, 3, 'UTC')), e.ts) / 1000, e.spilt = 0) AS max_gap_seconds,
    countIf(e.clock_ahead AND e.spilt = 0) AS clock_ahead_events,
    any(started_at) AS computed_at
FROM slots AS e
WHERE e.slot >= recent_from OR (e.robot_id, e.slot) IN (SELECT robot_id, minute FROM touched)
GROUP BY e.robot_id, e.slot;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_hour_mv{on_cluster}
REFRESH EVERY 5 MINUTE APPEND TO {local}.telemetry_hour
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    (
        SELECT max(h.computed_at) FROM {local}.telemetry_hour AS h
    ) AS last_run,
    changed AS
    (
        SELECT DISTINCT c.robot_id AS robot_id, toStartOfHour(c.minute) AS hour
        FROM {local}.telemetry_minute AS c
        WHERE c.computed_at > last_run - INTERVAL 10 MINUTE
    )
SELECT
    m.robot_id AS robot_id,
    toStartOfHour(m.minute) AS minute,
    argMax(m.site_id, m.minute) AS site_id,
    argMax(m.map_id, m.minute) AS map_id,
    sum(m.events) AS events,
    sum(m.distance_metres) AS distance_metres,
    sum(m.speed_mean * m.speed_reports) / nullIf(sum(m.speed_reports) AS all_speeds, 0) AS speed_mean,
    all_speeds AS speed_reports,
    sum(m.battery_mean * m.battery_reports) / nullIf(sum(m.battery_reports) AS all_batteries, 0) AS battery_mean,
    all_batteries AS battery_reports,
    min(m.battery_min) AS battery_min,
    argMin(m.battery_first, m.minute) AS battery_first,
    argMax(m.battery_last, m.minute) AS battery_last,
    sum(m.errors) AS errors,
    sum(m.stops) AS stops,
    sum(m.tasks_started) AS tasks_started,
    sum(m.tasks_completed) AS tasks_completed,
    sum(m.tasks_failed) AS tasks_failed,
    sum(m.seconds_working) AS seconds_working,
    sum(m.seconds_idle) AS seconds_idle,
    sum(m.seconds_charging) AS seconds_charging,
    sum(m.seconds_blocked) AS seconds_blocked,
    sum(m.seconds_error) AS seconds_error,
    sum(m.seconds_manual) AS seconds_manual,
    sum(m.seconds_maintenance) AS seconds_maintenance,
    sum(m.seconds_offline) AS seconds_offline,
    sum(m.seconds_unknown) AS seconds_unknown,
    max(m.max_gap_seconds) AS max_gap_seconds,
    sum(m.clock_ahead_events) AS clock_ahead_events,
    any(started_at) AS computed_at
FROM {local}.telemetry_minute AS m FINAL
WHERE (m.robot_id, toStartOfHour(m.minute)) IN (SELECT robot_id, hour FROM changed)
GROUP BY m.robot_id, toStartOfHour(m.minute);

-- Every minute: the five minutes under way, and at most two hours of what was touched since it was computed, or never was
-- in the last day. What was computed longest ago comes first, so that nothing waits for ever, and a backfill of a month
-- takes its time but no more memory than two hours.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.floor_cells_mv{on_cluster}
REFRESH EVERY 1 MINUTE APPEND TO {local}.floor_cells
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    toStartOfFiveMinutes(toDateTime(started_at, 'UTC') + INTERVAL 1 MINUTE) AS newest,
    stale AS
    (
        SELECT n.bucket AS bucket, max(c.last_at) AS known_at
        FROM
        (
            -- events are noted in rollup_touched when they come more than two minutes late
            SELECT newest - toIntervalMinute(5 * number) AS bucket, toDateTime64(bucket, 3, 'UTC') + INTERVAL 8 MINUTE AS needed_at
            FROM numbers(289)
            UNION ALL
            SELECT toStartOfFiveMinutes(t.minute + toIntervalMinute(arrayJoin([0, 1, 2]))) AS bucket, max(t.touched_at) + INTERVAL 30 SECOND AS needed_at
            FROM warehouse.rollup_touched AS t
            GROUP BY bucket
        ) AS n
        LEFT JOIN (SELECT bucket, max(computed_at) AS last_at FROM {local}.floor_cells GROUP BY bucket) AS c ON c.bucket = n.bucket
        GROUP BY n.bucket
        HAVING max(n.needed_at) > known_at
    ),
    newest - INTERVAL 15 MINUTE AS live_from,
    (SELECT argMin(bucket, (known_at, bucket)) FROM stale WHERE bucket < live_from) AS oldest,
    due AS
    (
        SELECT bucket FROM stale WHERE (bucket >= oldest AND bucket < oldest + INTERVAL 2 HOUR) OR bucket >= live_from
    ),
    events AS
    (
        SELECT
            r.robot_id AS robot_id, r.ts AS ts, r.event_id AS event_id, r.event_type AS event_type,
            r.x AS x, r.y AS y, toString(ifNull(r.map_id, '')) AS map_id,
            r.state = 'blocked' OR (r.speed < 0.1
                AND ifNull(r.state, if(r.task_id IS NOT NULL AND r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED'), 'working', '')) = 'working') AS waits,
            JSONExtract(r.meta, 'localization_score', 'Nullable(Float32)') AS score,
            JSONExtract(r.meta, 'deviation_range', 'Nullable(Float32)') AS deviation
        FROM {local}.telemetry_raw AS r FINAL
        WHERE ((r.ts >= oldest - INTERVAL 2 MINUTE AND r.ts < oldest + INTERVAL 125 MINUTE) OR r.ts >= live_from - INTERVAL 2 MINUTE)
          -- a robot whose clock is ahead was somewhere else by then
          AND r.ts <= r.received_at + INTERVAL 1 MINUTE
          AND (toStartOfFiveMinutes(r.ts) IN (SELECT bucket FROM due) OR toStartOfFiveMinutes(r.ts + INTERVAL 2 MINUTE) IN (SELECT bucket FROM due))
    ),
    steps AS
    (
        SELECT
            *,
            -- anyLast passes over NULL: an event without a position happens where the last one was
            anyLast(x) OVER earlier AS at_x,
            anyLast(y) OVER earlier AS at_y,
            anyLastIf(map_id, x IS NOT NULL) OVER earlier AS at_map,
            maxIf(ts, x IS NOT NULL) OVER earlier AS at_ts,
            toStartOfFiveMinutes(ts) AS began,
            leadInFrame(ts, 1, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) OVER neighbours AS next_ts,
            least(60, dateDiff('millisecond', ts, next_ts) / 1000) AS held_seconds,
            dateDiff('millisecond', ts, began + INTERVAL 5 MINUTE) / 1000 AS left_seconds,
            greatest(0, held_seconds - left_seconds) AS spilt_seconds
        FROM events
        WINDOW
            neighbours AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING),
            earlier AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    -- what a robot did in a cell in a minute, in each of the five minutes that it reaches into
    stays AS
    (
        SELECT
            robot_id, at_map AS map_id, toInt32(floor(at_x)) AS cell_x, toInt32(floor(at_y)) AS cell_y, toStartOfMinute(ts) AS minute,
            arrayJoin(if(spilt_seconds > 0, [0, 1], [0])) AS spilt,
            began + toIntervalMinute(5 * spilt) AS bucket,
            sum(if(spilt = 1, spilt_seconds, least(held_seconds, left_seconds)) AS seconds) AS dwell,
            sumIf(seconds, waits) AS waiting,
            countIf(event_type = 'ERROR' AND spilt = 0) AS errors,
            sumIf(ifNull(score, 0), spilt = 0) AS score_sum,
            countIf(score IS NOT NULL AND spilt = 0) AS score_reports,
            sumIf(ifNull(deviation, 0), spilt = 0) AS deviation_sum,
            countIf(deviation IS NOT NULL AND spilt = 0) AS deviation_reports
        FROM steps
        -- farther than any floor is no place, and would not fit a cell's number
        WHERE at_ts >= ts - INTERVAL 1 MINUTE AND abs(at_x) < 1e6 AND abs(at_y) < 1e6
        GROUP BY robot_id, map_id, cell_x, cell_y, minute, spilt, bucket
    ),
    -- two names are enough to know whether anybody else is there; of all shards
    presence AS
    (
        SELECT
            toString(ifNull(p.map_id, '')) AS map_id, toInt32(floor(p.x)) AS cell_x, toInt32(floor(p.y)) AS cell_y, toStartOfMinute(p.ts) AS minute,
            min(toString(p.robot_id)) AS first_robot, max(toString(p.robot_id)) AS last_robot
        FROM warehouse.telemetry_raw AS p
        WHERE ((p.ts >= oldest - INTERVAL 2 MINUTE AND p.ts < oldest + INTERVAL 125 MINUTE) OR p.ts >= live_from - INTERVAL 2 MINUTE)
          AND p.ts <= p.received_at + INTERVAL 1 MINUTE
          AND abs(p.x) < 1e6 AND abs(p.y) < 1e6
        GROUP BY map_id, cell_x, cell_y, minute
    ),
    looks AS
    (
        SELECT
            *,
            arrayJoin(if(waiting > 0, [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1)], [(0, 0)])) AS shift,
            toInt32(cell_x + shift.1) AS look_x,
            toInt32(cell_y + shift.2) AS look_y
        FROM stays
    ),
    accompanied AS
    (
        SELECT
            l.bucket AS bucket, l.map_id AS map_id, l.cell_x AS cell_x, l.cell_y AS cell_y,
            any(l.dwell) AS dwell, any(l.waiting) AS waiting, any(l.errors) AS errors, any(l.score_sum) AS score_sum, any(l.score_reports) AS score_reports,
            any(l.deviation_sum) AS deviation_sum, any(l.deviation_reports) AS deviation_reports,
            max(p.last_robot != '' AND (p.first_robot != l.robot_id OR p.last_robot != l.robot_id)) AS has_company
        FROM looks AS l
        LEFT JOIN presence AS p ON p.map_id = l.map_id AND p.cell_x = l.look_x AND p.cell_y = l.look_y AND p.minute = l.minute
        GROUP BY l.robot_id, l.minute, l.spilt, bucket, map_id, cell_x, cell_y
    ),
    cells AS
    (
        SELECT
            bucket, map_id, cell_x, cell_y,
            sum(dwell) AS dwell, sum(waiting) AS waits, sumIf(waiting, has_company) AS congested, sum(errors) AS errors,
            sum(score_sum) AS score, sum(score_reports) AS scores, sum(deviation_sum) AS deviation, sum(deviation_reports) AS deviations
        FROM accompanied
        GROUP BY bucket, map_id, cell_x, cell_y
        ORDER BY bucket, map_id, cell_x, cell_y
    ),
    rows AS
    (
        SELECT
            bucket,
            groupArray(map_id) AS map_ids, groupArray(cell_x) AS xs, groupArray(cell_y) AS ys, groupArray(dwell) AS dwells, groupArray(waits) AS all_waits,
            groupArray(congested) AS all_congested, groupArray(errors) AS all_errors, groupArray(score) AS all_scores, groupArray(scores) AS counts_of_scores,
            groupArray(deviation) AS all_deviations, groupArray(deviations) AS counts_of_deviations
        FROM cells
        GROUP BY bucket
    )
-- A row also for five minutes without events: they are computed and need not be looked at again.
SELECT
    d.bucket AS bucket,
    r.map_ids AS map_id,
    r.xs AS cell_x,
    r.ys AS cell_y,
    r.dwells AS dwell_seconds,
    r.all_waits AS waiting_seconds,
    r.all_congested AS congested_seconds,
    r.all_errors AS errors,
    r.all_scores AS score_sum,
    r.counts_of_scores AS score_reports,
    r.all_deviations AS deviation_sum,
    r.counts_of_deviations AS deviation_reports,
    started_at AS computed_at
FROM due AS d
LEFT JOIN rows AS r ON r.bucket = d.bucket;

CREATE OR REPLACE VIEW warehouse.v_state_shares{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    minute,
    share.1 AS state,
    share.2 AS seconds,
    100 * seconds / all_seconds AS percent
FROM
(
    SELECT
        m.minute AS minute,
        60. * count() AS all_seconds,
        [('working', sum(m.seconds_working)), ('idle', sum(m.seconds_idle)), ('charging', sum(m.seconds_charging)),
         ('blocked', sum(m.seconds_blocked)), ('error', sum(m.seconds_error)), ('manual', sum(m.seconds_manual)),
         ('maintenance', sum(m.seconds_maintenance)), ('offline', sum(m.seconds_offline)), ('unknown', sum(m.seconds_unknown))] AS reported,
        arrayPushBack(reported, ('silent', greatest(0, all_seconds - arraySum(r -> r.2, reported)))) AS shares
    FROM warehouse.telemetry_minute AS m FINAL
    WHERE m.minute < toStartOfMinute(now('UTC')) AND m.clock_ahead_events = 0
    GROUP BY m.minute
)
ARRAY JOIN shares AS share
COMMENT 'In which states did robots spend each minute, of those that reported in it or shortly before? Percents of a minute sum to 100. Over a range: sum(seconds) of a state / sum(seconds) of all.';

CREATE OR REPLACE VIEW warehouse.v_throughput{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    m.minute AS minute,
    sum(m.events) AS events,
    countIf(m.events > 0) AS robots,
    sum(m.tasks_started) AS tasks_started,
    sum(m.tasks_completed) AS tasks_completed,
    sum(m.tasks_failed) AS tasks_failed,
    sum(m.distance_metres) AS distance_metres,
    sum(m.errors) AS errors
FROM warehouse.telemetry_minute AS m FINAL
WHERE m.clock_ahead_events = 0
GROUP BY m.minute
COMMENT 'How much did the fleet do in each minute: events, tasks, metres, errors?';

-- For a robot r and an hour h, over the features f: longest gap, errors, drain of charge, mean speed:
--   own(f)   = |v - mean of r's 24 hours before h| / max(their standard deviation, floor of f)
--   peers(f) = |v - mean of all robots in h|       / max(their standard deviation, floor of f)
--   score    = max over f of (min(own, 6) + min(peers, 6)) / 2            0 usual, 6 as strange as it gets
-- A side without a past of 3 hours (or without 3 peers) counts 0. Floors: 5 s, 1 error, 2 percent, 0.1 m/s.
CREATE OR REPLACE VIEW warehouse.v_robot_anomaly{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    (deviation, spread, floor, n) -> if(n < 3 OR isNull(deviation), 0, least(6, abs(deviation) / greatest(spread, floor))) AS strangeness
SELECT
    robot_id,
    hour,
    (strangeness(gap - gap_own.1, gap_own.2, 5, past) + strangeness(gap - gap_peers.1, gap_peers.2, 5, robots)) / 2 AS gap_score,
    (strangeness(errors - errors_own.1, errors_own.2, 1, past) + strangeness(errors - errors_peers.1, errors_peers.2, 1, robots)) / 2 AS errors_score,
    (strangeness(drain - drain_own.1, drain_own.2, 2, past) + strangeness(drain - drain_peers.1, drain_peers.2, 2, robots)) / 2 AS drain_score,
    (strangeness(speed - speed_own.1, speed_own.2, 0.1, past) + strangeness(speed - speed_peers.1, speed_peers.2, 0.1, robots)) / 2 AS speed_score,
    greatest(gap_score, errors_score, drain_score, speed_score) AS score,
    multiIf(score < 1, '', score = gap_score, 'gap', score = errors_score, 'errors', score = drain_score, 'battery drain', 'speed') AS strangest,
    gap AS gap_seconds, errors, drain AS drain_percent, speed AS speed_mean
FROM
(
    SELECT
        robot_id, hour, gap, errors, drain, speed,
        count() OVER own AS past,
        count() OVER peers AS robots,
        (avg(gap) OVER own, stddevPop(gap) OVER own) AS gap_own, (avg(gap) OVER peers, stddevPop(gap) OVER peers) AS gap_peers,
        (avg(errors) OVER own, stddevPop(errors) OVER own) AS errors_own, (avg(errors) OVER peers, stddevPop(errors) OVER peers) AS errors_peers,
        (avg(drain) OVER own, stddevPop(drain) OVER own) AS drain_own, (avg(drain) OVER peers, stddevPop(drain) OVER peers) AS drain_peers,
        (avg(speed) OVER own, stddevPop(speed) OVER own) AS speed_own, (avg(speed) OVER peers, stddevPop(speed) OVER peers) AS speed_peers
    FROM
    (
        SELECT
            h.robot_id AS robot_id, h.minute AS hour,
            toFloat64(h.max_gap_seconds) AS gap, toFloat64(h.errors) AS errors,
            if(h.seconds_charging > 0, NULL, toFloat64(h.battery_first - h.battery_last)) AS drain, toFloat64(h.speed_mean) AS speed
        FROM warehouse.telemetry_hour AS h FINAL
        WHERE h.minute >= now('UTC') - INTERVAL 7 DAY AND h.clock_ahead_events = 0
    )
    WINDOW
        own AS (PARTITION BY robot_id ORDER BY hour ROWS BETWEEN 24 PRECEDING AND 1 PRECEDING),
        peers AS (PARTITION BY hour)
)
COMMENT 'Which robot behaves unlike its own past and unlike its peers? Score 0 to 6 a robot and an hour, last 7 days; formula in sql/README.md.';

CREATE OR REPLACE VIEW warehouse.v_robot_minutes{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    *,
    greatest(0, 60 - seconds_working - seconds_idle - seconds_charging - seconds_blocked - seconds_error - seconds_manual
        - seconds_maintenance - seconds_offline - seconds_unknown) AS seconds_silent,
    battery_last - battery_first AS battery_change
FROM warehouse.telemetry_minute FINAL
COMMENT 'What did each robot do in each minute? Filter by `minute` (and `robot_id`).';

CREATE OR REPLACE VIEW warehouse.v_robot_hours{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    h.minute AS hour,
    * EXCEPT (minute, computed_at),
    greatest(0, 3600 - seconds_working - seconds_idle - seconds_charging - seconds_blocked - seconds_error - seconds_manual
        - seconds_maintenance - seconds_offline - seconds_unknown) AS seconds_silent
FROM warehouse.telemetry_hour AS h FINAL
COMMENT 'What did each robot do in each hour? Filter by `hour`; for ranges of days and more.';
