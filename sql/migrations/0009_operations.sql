-- How many rows arrive by which path, per second. Counted at insert, a producer's duplicates included: use it for rates, not for totals.
CREATE TABLE IF NOT EXISTS {local}.path_progress{on_cluster}
(
    source           Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5),
    topic            LowCardinality(String),
    partition        Int32,
    second           DateTime('UTC') COMMENT 'of arrival',
    rows             SimpleAggregateFunction(sum, UInt64),
    max_offset       SimpleAggregateFunction(max, Int64),
    last_ts          SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    last_received_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (second, source, topic, partition)
TTL second + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- How far each path has stored each partition. The ingestor adds a row for itself and for ClickHouse's own Kafka path every
-- few seconds, also while no message arrives: without these rows, a path that stopped looks like a silent fleet.
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
ORDER BY (sampled_at, path, topic, partition)
TTL toDateTime(sampled_at) + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- The first and the last of these samples in five minutes, so that a view of now does not read all samples of a day.
CREATE TABLE IF NOT EXISTS {local}.path_offset_history{on_cluster}
(
    path         Enum8('ingestor' = 1, 'engine' = 2),
    topic        LowCardinality(String),
    partition    Int32,
    bucket       DateTime('UTC') COMMENT 'start of five minutes' CODEC(Delta, ZSTD(1)),
    first_sample SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), end_offset Int64, committed_offset Int64)),
    last_sample  SimpleAggregateFunction(max, Tuple(at DateTime64(3, 'UTC'), end_offset Int64, committed_offset Int64))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (path, topic, partition, bucket)
TTL bucket + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- How far each backfill (`ingestor backfill`) has come, so that an interrupted one continues where it stopped.
-- Rows are appended and never changed. The latest row of a month counts; rows before a `finished` row are history.
CREATE TABLE IF NOT EXISTS {local}.backfills{on_cluster}
(
    month    UInt32 COMMENT 'YYYYMM, the partition',
    phase    Enum8('loading' = 1, 'swapped' = 2, 'finished' = 3),
    source   String COMMENT 'what is being loaded: SHA-256 of a file, or cluster/topic/partition',
    next     UInt64 COMMENT 'the next line or offset of that source; all before are in the staging table',
    messages UInt64 COMMENT 'of that source that are in the staging table',
    rows     UInt64 COMMENT 'events of the month in those messages',
    rejected UInt64 COMMENT 'events against the contract',
    outside  UInt64 COMMENT 'events of another month',
    fed_to   DateTime('UTC') COMMENT 'after the swap: the roll-ups and other views know the events before this time',
    at       DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}MergeTree
ORDER BY (month, at);
