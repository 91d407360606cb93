-- The recent events again, ordered by time: what the roll-ups read of the last hours. telemetry_raw is ordered by robot, so a
-- minute of the fleet would read at least 8,192 rows of each robot.
-- `state`, `clock_ahead`, `score` and `deviation` are computed once, at the insert. rollup_stored_events has the same of all events.
CREATE TABLE IF NOT EXISTS {local}.rollup_events{on_cluster}
(
    minute      DateTime('UTC') CODEC(DoubleDelta, LZ4),
    robot_id    LowCardinality(String),
    ts          DateTime64(3, 'UTC') CODEC(Delta, LZ4),
    event_id    UUID CODEC(NONE),
    event_type  LowCardinality(String),
    site_id     LowCardinality(Nullable(String)),
    map_id      LowCardinality(Nullable(String)),
    x           Nullable(Float32),
    y           Nullable(Float32),
    speed       Nullable(Float32),
    battery     Nullable(Float32),
    state       LowCardinality(String) COMMENT '`unknown` without a state and without a task',
    clock_ahead Bool COMMENT 'dated more than 60 s after its arrival',
    score       Nullable(Float32) COMMENT 'meta.localization_score, 0 to 1',
    deviation   Nullable(Float32) COMMENT 'meta.deviation_range, metres'
)
ENGINE = {replicated}ReplacingMergeTree
PARTITION BY toStartOfHour(minute)
ORDER BY (minute, robot_id, ts, event_id)
TTL minute + INTERVAL 3 HOUR
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- What the roll-ups have to do: a row a minute with events (`is_robot` 0), and a row for each robot whose events came when the minute
-- could have been computed already, or long before it: late events, replays, clocks that run ahead (`is_robot` 1).
--
-- A minute is computed again while its counts here are higher than those that its computation has seen, so no failed refresh, no
-- slow insert and no outage loses anything. Each insert adds to the counts. One table, because each view that an insert feeds
-- costs milliseconds, however few its rows are.
CREATE TABLE IF NOT EXISTS {local}.rollup_touched{on_cluster}
(
    is_robot       UInt8,
    minute         DateTime('UTC') CODEC(Delta, ZSTD(1)),
    robot_id       LowCardinality(String) COMMENT 'empty in the row of a minute',
    events         SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    on_time_events SimpleAggregateFunction(sum, UInt64) COMMENT 'inserted before the minute was computed: it is computed for all robots' CODEC(T64, ZSTD(1)),
    touches        SimpleAggregateFunction(sum, UInt64) COMMENT 'of a minute: robots that touched it, counted again by each block of an insert' CODEC(T64, ZSTD(1)),
    touched_at     SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'time of the server at the last touch' CODEC(Delta, ZSTD(1))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (is_robot, minute, robot_id)
TTL minute + INTERVAL 95 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- What each robot did in each minute. telemetry_minute_mv computes whole minutes and appends them. The version is what was read:
-- of two computations, the one that read more events wins, also if a replica that lags behind computes later.
--
-- The row without a robot (`robot_id` is empty) is the progress of the minute: `is_closed` when the minute was over, and which counts of
-- rollup_touched its computation has seen: `events` of those on time, `seen_touches`. It is in the same part as the minute's other
-- rows, so both or none are stored.
-- Sorted by hour, then robot: a question about all robots reads its hours, and one about a robot reads a granule an hour. Sorted by
-- robot alone, six hours of 5,000 robots would read six days of each.
CREATE TABLE IF NOT EXISTS {local}.telemetry_minute{on_cluster}
(
    is_progress         UInt8 MATERIALIZED robot_id = '' COMMENT 'the row without a robot',
    robot_id            LowCardinality(String),
    minute              DateTime('UTC') CODEC(Delta, ZSTD(1)),
    site_id             LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    map_id              LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    events              UInt32 CODEC(T64, ZSTD(1)),
    distance_metres     Float32 CODEC(ZSTD(1)),
    speed_mean          Nullable(Float32) COMMENT 'm/s, of the reported speeds' CODEC(ZSTD(1)),
    speed_reports       UInt32 COMMENT 'weight of speed_mean' CODEC(T64, ZSTD(1)),
    battery_mean        Nullable(Float32) COMMENT 'percent' CODEC(ZSTD(1)),
    battery_reports     UInt32 COMMENT 'weight of battery_mean' CODEC(T64, ZSTD(1)),
    battery_min         Nullable(Float32) CODEC(ZSTD(1)),
    battery_first       Nullable(Float32) CODEC(ZSTD(1)),
    battery_last        Nullable(Float32) CODEC(ZSTD(1)),
    errors              UInt32 COMMENT 'ERROR events' CODEC(T64, ZSTD(1)),
    stops               UInt32 COMMENT 'changes into error, blocked or manual: what ends a mission without help' CODEC(T64, ZSTD(1)),
    tasks_started       UInt32 CODEC(T64, ZSTD(1)),
    tasks_completed     UInt32 CODEC(T64, ZSTD(1)),
    tasks_failed        UInt32 CODEC(T64, ZSTD(1)),
    seconds_working     Float32 CODEC(ZSTD(1)),
    seconds_idle        Float32 CODEC(ZSTD(1)),
    seconds_charging    Float32 CODEC(ZSTD(1)),
    seconds_blocked     Float32 CODEC(ZSTD(1)),
    seconds_error       Float32 CODEC(ZSTD(1)),
    seconds_manual      Float32 CODEC(ZSTD(1)),
    seconds_maintenance Float32 CODEC(ZSTD(1)),
    seconds_offline     Float32 CODEC(ZSTD(1)),
    seconds_unknown     Float32 COMMENT 'it reported, but no state' CODEC(ZSTD(1)),
    max_gap_seconds     Float32 COMMENT 'longest wait for an event that ended in this minute, at most the minute before it' CODEC(ZSTD(1)),
    clock_ahead_events  UInt32 COMMENT 'events dated more than 60 s after their arrival' CODEC(T64, ZSTD(1)),
    is_closed           Bool DEFAULT false COMMENT 'of the row without a robot: the minute was over' CODEC(ZSTD(1)),
    seen_touches        UInt64 DEFAULT 0 COMMENT 'of the row without a robot: see rollup_touched' CODEC(T64, ZSTD(1)),
    events_read         UInt64 COMMENT 'version' CODEC(T64, ZSTD(1)),
    computed_at         DateTime64(3, 'UTC') COMMENT 'when the computation began; in telemetry_hour: of the newest minute in it' CODEC(Delta, ZSTD(1))
)
ENGINE = {replicated}ReplacingMergeTree(events_read)
PARTITION BY toYYYYMM(minute)
ORDER BY (is_progress, toStartOfHour(minute), robot_id, minute)
TTL minute + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 100, ttl_only_drop_parts = 1;

-- The same per hour, for questions over weeks.
CREATE TABLE IF NOT EXISTS {local}.telemetry_hour{on_cluster} AS {local}.telemetry_minute
ENGINE = {replicated}ReplacingMergeTree(events_read)
PARTITION BY toYYYYMM(minute)
ORDER BY (is_progress, robot_id, minute)
TTL minute + INTERVAL 5 YEAR
SETTINGS non_replicated_deduplication_window = 100, ttl_only_drop_parts = 1;
