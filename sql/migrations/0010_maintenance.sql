-- What `ingestor backup` wrote, where and when. A backup does not contain its own row.
CREATE TABLE IF NOT EXISTS {local}.backups{on_cluster}
(
    disk       LowCardinality(String) COMMENT 'of the server''s configuration',
    name       String,
    base       String COMMENT 'the backup that this one continues; empty: it is complete by itself',
    started_at DateTime64(3, 'UTC'),
    ended_at   DateTime64(3, 'UTC'),
    bytes      UInt64 COMMENT 'written to the disk, without its base'
)
ENGINE = {replicated}MergeTree
ORDER BY started_at;

-- Whom `ingestor erase` removed, as hashes: v_health shows when an erased robot is stored again (Kafka, a replay or an old backup
-- still had it). All rows have the same salt.
CREATE TABLE IF NOT EXISTS {local}.erasures{on_cluster}
(
    field     String COMMENT 'robot_id, or a path into meta such as meta.operator',
    salt      String,
    hash      String COMMENT 'SHA-256 of the salt and the value, hexadecimal',
    erased_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    erased_by String DEFAULT currentUser()
)
ENGINE = {replicated}ReplacingMergeTree(erased_at)
ORDER BY (field, hash);
