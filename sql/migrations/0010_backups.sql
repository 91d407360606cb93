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
