-- What happened in each square metre of each floor in a minute: time spent, congestion, errors, localization.
--
-- One row holds all cells of all floors, so a cell that a late event empties disappears by itself. On a cluster, each shard
-- has a row for its own robots, and v_floor_cells adds them up. The version is what was read, as in telemetry_minute.
CREATE TABLE IF NOT EXISTS {local}.floor_cells{on_cluster}
(
    bucket            DateTime('UTC') COMMENT 'start of the minute' CODEC(Delta, ZSTD(1)),
    map_id            Array(LowCardinality(String)) COMMENT 'these arrays have one element a cell; empty without a map' CODEC(ZSTD(1)),
    cell_x            Array(Int32) CODEC(Delta, ZSTD(1)),
    cell_y            Array(Int32) CODEC(Delta, ZSTD(1)),
    dwell_seconds     Array(Float32) COMMENT 'of all robots together' CODEC(ZSTD(1)),
    waiting_seconds   Array(Float32) CODEC(ZSTD(1)),
    congested_seconds Array(Float32) CODEC(ZSTD(1)),
    errors            Array(UInt32) COMMENT 'ERROR events' CODEC(ZSTD(1)),
    score_sum         Array(Float32) COMMENT 'meta.localization_score, 0 to 1' CODEC(ZSTD(1)),
    score_reports     Array(UInt32) CODEC(ZSTD(1)),
    deviation_sum     Array(Float32) COMMENT 'meta.deviation_range, metres' CODEC(ZSTD(1)),
    deviation_reports Array(UInt32) CODEC(ZSTD(1)),
    seen              UInt64 DEFAULT 0 COMMENT 'on_time_events and touches of rollup_touched that the computation has seen, of this minute and the two before it' CODEC(T64, ZSTD(1)),
    events_read       UInt64 COMMENT 'version' CODEC(T64, ZSTD(1)),
    computed_at       DateTime64(3, 'UTC') COMMENT 'when the computation began; in floor_cells_hour: of the newest minute in it' CODEC(Delta, ZSTD(1))
)
ENGINE = {replicated}ReplacingMergeTree(events_read)
PARTITION BY toYYYYMM(bucket)
ORDER BY bucket
TTL bucket + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 100, index_granularity = 64, ttl_only_drop_parts = 1;

-- The same per hour, for questions over days and weeks.
CREATE TABLE IF NOT EXISTS {local}.floor_cells_hour{on_cluster} AS {local}.floor_cells
ENGINE = {replicated}ReplacingMergeTree(events_read)
PARTITION BY toYYYYMM(bucket)
ORDER BY bucket
TTL bucket + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 100, index_granularity = 64, ttl_only_drop_parts = 1;
