-- Minutes that changed although they are not among the most recent: late events, replays, clocks that run ahead.
-- The server sets the time when the row is inserted, because `received_at` can be much older after an outage.
CREATE TABLE IF NOT EXISTS {local}.rollup_touched{on_cluster}
(
    touched_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    robot_id   LowCardinality(String),
    minute     DateTime('UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = {replicated}MergeTree
ORDER BY touched_at
TTL toDateTime(touched_at) + INTERVAL 2 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- What each robot did in each minute. telemetry_minute_mv computes whole minutes and appends them with a newer version.
CREATE TABLE IF NOT EXISTS {local}.telemetry_minute{on_cluster}
(
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
    computed_at         DateTime64(3, 'UTC') COMMENT 'version: when the computation began' CODEC(Delta, ZSTD(1)),
    INDEX computed_range computed_at TYPE minmax GRANULARITY 4
)
ENGINE = {replicated}ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (robot_id, minute)
TTL minute + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 100;

-- The same per hour, for questions over weeks.
CREATE TABLE IF NOT EXISTS {local}.telemetry_hour{on_cluster} AS {local}.telemetry_minute
ENGINE = {replicated}ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (robot_id, minute)
TTL minute + INTERVAL 5 YEAR
SETTINGS non_replicated_deduplication_window = 100;
