-- How far each backfill (`ingestor backfill`) has come, so that an interrupted one goes on where it stopped.
-- Appended to, never changed; the latest row of a month counts, and rows before a `finished` one are history.

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
