-- What could not become an event, byte for byte, with the first rule of the contract that it breaks.
--
-- Invariant: (topic, partition, offset, part) names one event inside one Kafka message, so both paths and every retry
-- make one row. `part` is the index of the event within its message; `raw` holds exactly that event's bytes.

CREATE TABLE IF NOT EXISTS {local}.dead_letters{on_cluster}
(
    topic       LowCardinality(String),
    partition   Int32,
    offset      Int64 CODEC(Delta, ZSTD(1)),
    part        UInt32,
    reason      LowCardinality(String) COMMENT 'a RejectReason of ingestor/src/contract.ts',
    detail      String CODEC(ZSTD(1)),
    raw         String CODEC(ZSTD(3)),
    key         String COMMENT 'the Kafka key; empty when there is none' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    source      Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5)
)
ENGINE = {replicated}ReplacingMergeTree
ORDER BY (topic, partition, offset, part)
TTL toDateTime(received_at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000;
