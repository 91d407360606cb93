-- What each robot last reported, so that a question about now costs by robots and not by events.
--
-- Events carry different fields. For each robot and each set of fields, this table keeps the newest event that has exactly
-- these fields. The newest value of a field is in the newest of these rows that have the field (v_fleet_now looks there).
-- The same event twice, or events out of order, change nothing. A silent robot stays: its rows have no TTL.
-- An aggregate state per field holds the same, but took three times the CPU of an insert (measured).
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

-- The last arrival of each robot and its delay after event time, by ten minutes of arrival. The smallest delay is the
-- offset of the robot's clock: an event that was buffered comes late, but no event comes before it happened.
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

-- What is known about a robot but not reported by it. The ingestor adds it to events when ENRICH_EVERY_MS is set.
CREATE TABLE IF NOT EXISTS {local}.robots{on_cluster}
(
    robot_id   String,
    model      LowCardinality(String) COMMENT 'becomes meta.model; empty when unknown',
    site_id    LowCardinality(String) COMMENT 'becomes site_id of events that have none; empty when unknown',
    fleet      LowCardinality(String) COMMENT 'becomes meta.fleet; empty when unknown',
    deleted    UInt8 DEFAULT 0 COMMENT '1 hides the robot',
    updated_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(updated_at)
ORDER BY robot_id;
