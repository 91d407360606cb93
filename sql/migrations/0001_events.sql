-- Every valid event, once. All other tables can be rebuilt from this one.
--
-- Invariant: (robot_id, ts, event_id) identifies an event, so retries, replays and the two ingestion paths collapse into
-- one row. A query that must be exact before the merge reads FINAL, as the views do.
--
-- Codecs (900,000 events of a generated fleet, bytes per event and CPU of reading): Delta instead of Gorilla for positions 0.65 instead
-- of 0.91 and 0.6 of the CPU; ZSTD(3) instead of ZSTD(1) for task_id 0.07 instead of 0.48, for meta 0.73 instead of 1.07, and less CPU
-- for both, because there is less to write and read. The UUID does not compress: 16 of 19 bytes.
--
-- ttl_only_drop_parts: a month is dropped as a whole when its newest event expires, 90 to 121 days after an event. Deleting rows
-- would rewrite the month every four hours while it expires: about 90 times each event, 0.3 to 0.7 µs of CPU each time (measured).
CREATE TABLE IF NOT EXISTS {local}.telemetry_raw{on_cluster}
(
    event_id    UUID COMMENT 'given by the robot, or UUID v5 of topic/partition/offset/part',
    robot_id    LowCardinality(String),
    ts          DateTime64(3, 'UTC') COMMENT 'event time, as the robot reports it' CODEC(Delta, ZSTD(1)),
    event_type  LowCardinality(String) COMMENT 'empty when the event has none; unknown types are kept' CODEC(ZSTD(1)),
    task_id     Nullable(String) CODEC(ZSTD(3)),
    x           Nullable(Float32) COMMENT 'metres, map frame; NULL together with y: not placed' CODEC(Delta, ZSTD(1)),
    y           Nullable(Float32) COMMENT 'metres, map frame' CODEC(Delta, ZSTD(1)),
    theta       Nullable(Float32) COMMENT 'radians, counter-clockwise from +x, in (-pi, pi]' CODEC(ZSTD(1)),
    map_id      LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    site_id     LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    speed       Nullable(Float32) COMMENT 'm/s' CODEC(ZSTD(1)),
    battery     Nullable(Float32) COMMENT 'percent, 0 to 100; NULL is unknown and never 0' CODEC(Delta, ZSTD(1)),
    state       LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    error_code  LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    firmware    LowCardinality(Nullable(String)) COMMENT 'meta.firmware' CODEC(ZSTD(1)),
    meta        String COMMENT 'the event''s meta object as JSON text, empty when absent' CODEC(ZSTD(3)),
    received_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    source      Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5) COMMENT 'who inserted the row' CODEC(ZSTD(1)),
    topic       LowCardinality(String) CODEC(ZSTD(1)),
    partition   Int32 CODEC(Delta, ZSTD(1)),
    offset      Int64 CODEC(Delta, ZSTD(1)),
    INDEX offset_range offset TYPE minmax GRANULARITY 1,
    INDEX arrival_range received_at TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}ReplacingMergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (robot_id, ts, event_id)
TTL toDateTime(ts) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- Events that are stored in telemetry_raw already and pass through its views again: an insert stores events before its views have them,
-- and if the server stops in between, or a view throws, the others miss them. Each view on telemetry_raw that inserts feed has a copy on
-- this table, which ingestor migrate adds.
CREATE TABLE IF NOT EXISTS {local}.telemetry_stored{on_cluster} AS {local}.telemetry_raw
ENGINE = Null;

-- Which stored events pass through the views again: stored_ranges_mv reads them. A user that inserts here needs no right to read events.
CREATE TABLE IF NOT EXISTS {local}.stored_ranges{on_cluster}
(
    of_source    Int8 COMMENT 'number of telemetry_raw.source',
    of_topic     String,
    of_partition Int32,
    first_offset Int64,
    last_offset  Int64,
    from_ts      DateTime64(3, 'UTC') COMMENT 'event times; a short range reads a small part of telemetry_raw',
    to_ts        DateTime64(3, 'UTC'),
    newest_ms    Int64 COMMENT '0: all. Otherwise those that arrived at most this long before the newest arrival in path_progress',
    insert_id    UUID COMMENT 'generateUUIDv4(): ClickHouse drops what an insert that equals an earlier one adds to the targets of the views',
    CONSTRAINT insert_id_is_new CHECK insert_id != toUUID('00000000-0000-0000-0000-000000000000')
)
ENGINE = Null;

-- Keys of `meta` that name or track a person. INSERT a key to hide it from every reader: v_events leaves it out.
CREATE TABLE IF NOT EXISTS {local}.personal_fields{on_cluster}
(
    field String
)
ENGINE = {replicated}ReplacingMergeTree
ORDER BY field;

INSERT INTO warehouse.personal_fields VALUES ('operator'), ('operator_id'), ('operator_name'), ('driver'), ('badge');
