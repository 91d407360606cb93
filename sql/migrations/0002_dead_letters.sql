-- Messages that did not become an event, byte for byte, with the first rule of the contract that they break.
--
-- Invariant: (topic, partition, offset, part), its bytes and the message's key identify one event of one Kafka message, so both paths and
-- every retry write one row. `part` is the index of the event in its message. `raw` holds exactly the bytes of that event. The place alone
-- is not enough: a topic that was created again, a truncated log and a second Kafka cluster have other messages at the same places. The
-- bytes alone are not either: two tombstones differ only in their keys.
CREATE TABLE IF NOT EXISTS {local}.dead_letters{on_cluster}
(
    topic       LowCardinality(String),
    partition   Int32,
    offset      Int64 CODEC(Delta, ZSTD(1)),
    part        UInt32,
    reason      LowCardinality(String) COMMENT 'a RejectReason of packages/contract/src/contract.ts',
    detail      String CODEC(ZSTD(1)),
    raw         String CODEC(ZSTD(3)),
    key         String COMMENT 'the Kafka key; empty when there is none' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    source      Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5),
    content     UInt64 MATERIALIZED reinterpretAsUInt64(MD5(concat(key, '\0', raw))) COMMENT 'hash of key and raw'
)
ENGINE = {replicated}ReplacingMergeTree
ORDER BY (topic, partition, offset, part, content)
TTL toDateTime(received_at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- Which dead letters were requeued (`ingestor dead-letters requeue`), with the bytes that were stored.
--
-- Invariant: one dead letter, by its place and the hash of its key and bytes, is repaired by one payload, once. The first `claimed` row of a dead letter wins, because its
-- insert uses the name of the dead letter as deduplication token. A later attempt, or a retry after a crash, stores the
-- claimed payload and no other. `stored` follows when its events are in telemetry_raw.
CREATE TABLE IF NOT EXISTS {local}.dead_letter_repairs{on_cluster}
(
    topic     LowCardinality(String),
    partition Int32,
    offset    Int64 CODEC(Delta, ZSTD(1)),
    part      UInt32,
    content   UInt64 COMMENT 'dead_letters.content: another message may have been at the same place',
    phase     Enum8('claimed' = 1, 'stored' = 2),
    payload   String COMMENT 'what is put back; empty when stored' CODEC(ZSTD(3)),
    judged_at DateTime64(3, 'UTC') COMMENT 'the clock that the contract judged the payload by',
    at        DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    by        LowCardinality(String) DEFAULT currentUser()
)
ENGINE = {replicated}ReplacingMergeTree
ORDER BY (topic, partition, offset, part, content, phase)
TTL toDateTime(at) + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 10000;
