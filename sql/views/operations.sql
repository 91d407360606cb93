-- Does telemetry flow, by which path, and what stops it?

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.path_progress_mv{on_cluster} TO {local}.path_progress
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    source, topic, partition, toDateTime(r.received_at, 'UTC') AS second,
    count() AS rows, max(r.offset) AS max_offset, max(r.ts) AS last_ts, max(r.received_at) AS last_received_at
FROM {local}.telemetry_raw AS r
GROUP BY source, topic, partition, second;

-- Rows that pass through the views again are counted if their first pass did not count them. The rows of an insert are counted together, and
-- inserts of a partition follow each other, so of a second, the rows up to the highest counted offset are counted.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.path_progress_stored_mv{on_cluster} TO {local}.path_progress
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    e.source AS source, e.topic AS topic, e.partition AS partition, e.second AS second,
    count() AS rows, max(e.offset) AS max_offset, max(e.ts) AS last_ts, max(e.received_at) AS last_received_at
FROM
(
    SELECT r.source AS source, r.topic AS topic, r.partition AS partition, toDateTime(r.received_at, 'UTC') AS second,
        r.offset AS offset, r.ts AS ts, r.received_at AS received_at
    FROM {local}.telemetry_stored AS r
) AS e
LEFT JOIN
(
    SELECT p.source AS source, p.topic AS topic, p.partition AS partition, p.second AS second, max(p.max_offset) + 1 AS counted_to
    FROM {local}.path_progress AS p
    WHERE p.second >= (SELECT min(toDateTime(t.received_at, 'UTC')) FROM {local}.telemetry_stored AS t)
    GROUP BY p.source, p.topic, p.partition, p.second
) AS c ON c.source = e.source AND c.topic = e.topic AND c.partition = e.partition AND c.second = e.second
WHERE e.offset >= c.counted_to
GROUP BY source, topic, partition, second;

-- In a view, a table that triggers it stands for the inserted rows, in subqueries too. So each scalar subquery has the value of the one
-- inserted row. Events that were more than an hour old at their arrival are not among the newest ones: the others are a small part of
-- telemetry_raw, and a partition waits for this.
-- TO warehouse, not {local}: the rows are those of all shards, and each belongs to its robot's shard.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.stored_ranges_mv{on_cluster} TO warehouse.telemetry_stored
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT {event_columns}, meta, received_at, source, topic, partition, offset
FROM {local}.stored_ranges AS q
CROSS JOIN
(
    WITH if((SELECT max(s.newest_ms) FROM {local}.stored_ranges AS s) = 0, toDateTime64(0, 3, 'UTC'),
        (
            SELECT greatest(max(p.last_received_at), now64(3, 'UTC') - INTERVAL 1 DAY)
            FROM warehouse.path_progress AS p
            WHERE CAST(p.source, 'Int8') = (SELECT any(s.of_source) FROM {local}.stored_ranges AS s)
                AND p.topic = (SELECT any(s.of_topic) FROM {local}.stored_ranges AS s)
                AND p.partition = (SELECT any(s.of_partition) FROM {local}.stored_ranges AS s)
        ) - toIntervalMillisecond((SELECT max(s.newest_ms) FROM {local}.stored_ranges AS s))) AS arrived_from
    SELECT {event_columns}, r.meta AS meta, r.received_at AS received_at, r.source AS source, r.topic AS topic, r.partition AS partition, r.offset AS offset
    FROM warehouse.telemetry_raw AS r
    WHERE r.ts BETWEEN (SELECT min(s.from_ts) FROM {local}.stored_ranges AS s) AND (SELECT max(s.to_ts) FROM {local}.stored_ranges AS s)
        AND r.ts >= arrived_from - INTERVAL 1 HOUR AND r.received_at >= arrived_from
        AND r.offset BETWEEN (SELECT min(s.first_offset) FROM {local}.stored_ranges AS s) AND (SELECT max(s.last_offset) FROM {local}.stored_ranges AS s)
        AND r.topic = (SELECT any(s.of_topic) FROM {local}.stored_ranges AS s)
        AND r.partition = (SELECT any(s.of_partition) FROM {local}.stored_ranges AS s)
        AND CAST(r.source, 'Int8') = (SELECT any(s.of_source) FROM {local}.stored_ranges AS s)
) AS e;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.path_offset_history_mv{on_cluster} TO {local}.path_offset_history
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    o.path AS path, o.topic AS topic, o.partition AS partition, toStartOfFiveMinutes(toDateTime(o.sampled_at, 'UTC')) AS bucket,
    min(CAST((o.sampled_at, o.end_offset, o.committed_offset), 'Tuple(at DateTime64(3, \'UTC\'), end_offset Int64, committed_offset Int64)')) AS first_sample,
    max(CAST((o.sampled_at, o.end_offset, o.committed_offset), 'Tuple(at DateTime64(3, \'UTC\'), end_offset Int64, committed_offset Int64)')) AS last_sample
FROM {local}.path_offsets AS o
GROUP BY path, topic, partition, bucket;

-- All samples of the last ten minutes, and two of each five minutes before. So a lag or a pause of more than ten minutes is exact to
-- five minutes: stored_to is at most that much too early, last_growth_at at most that much too late. Both make silence shorter.
CREATE OR REPLACE VIEW warehouse.v_path_offsets{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH toDateTime64(0, 3, 'UTC') AS never
SELECT
    toString(s.path) AS path,
    s.topic AS topic,
    s.partition AS partition,
    s.last_at AS sampled_at,
    s.last_end AS end_offset,
    s.last_committed AS committed_offset,
    greatest(0, end_offset - committed_offset) AS lag_messages,
    -- a lag older than the first sample is at least that old
    greatest(arrayMax((at, end) -> if(end <= s.last_committed, at, never), s.times, s.ends), s.first_at) AS stored_to,
    -- the first sample with this end; a topic that was created again may have had it before
    greatest(
        arrayMin((at, end) -> if(end = s.last_end, at, s.last_at), s.times, s.ends),
        arrayMax((at, end) -> if(end != s.last_end, at, never), s.times, s.ends)) AS last_growth_at,
    greatest(0, dateDiff('millisecond', stored_to, sampled_at) / 1000) AS lag_seconds
FROM
(
    -- one pass over the samples: a join of the samples with the latest ones takes 1.4 times as long
    SELECT
        o.path AS path, o.topic AS topic, o.partition AS partition,
        max(o.sampled_at) AS last_at,
        min(o.sampled_at) AS first_at,
        argMax(o.end_offset, o.sampled_at) AS last_end,
        argMax(o.committed_offset, o.sampled_at) AS last_committed,
        groupArray(o.sampled_at) AS times,
        groupArray(o.end_offset) AS ends
    FROM
    (
        SELECT r.path AS path, r.topic AS topic, r.partition AS partition, r.sampled_at AS sampled_at, r.end_offset AS end_offset, r.committed_offset AS committed_offset
        FROM warehouse.path_offsets AS r
        WHERE r.sampled_at > now64(3, 'UTC') - INTERVAL 10 MINUTE
        UNION ALL
        SELECT h.path, h.topic, h.partition, sample.1, sample.2, sample.3
        FROM warehouse.path_offset_history AS h
        ARRAY JOIN [h.first_sample, h.last_sample] AS sample
        WHERE h.bucket > now('UTC') - INTERVAL 1 DAY AND sample.1 > now64(3, 'UTC') - INTERVAL 1 DAY
    ) AS o
    GROUP BY o.path, o.topic, o.partition
) AS s
COMMENT 'How far has each path stored each partition? All that was produced until stored_to is stored; nothing was produced after last_growth_at. One row a path and partition.';

CREATE OR REPLACE VIEW warehouse.v_pipeline{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    consumers AS
    (
        SELECT
            'engine' AS path,
            count() AS consumers,
            sum(length(c.assignments.partition_id)) AS assigned_partitions,
            max(c.last_poll_time) AS last_poll_time,
            max(c.last_commit_time) AS last_commit_time,
            sum(length(c.exceptions.time)) AS exceptions,
            argMax(if(empty(c.exceptions.text), '', c.exceptions.text[-1]), if(empty(c.exceptions.time), toDateTime(0), c.exceptions.time[-1])) AS last_exception,
            max(if(empty(c.exceptions.time), toDateTime(0), c.exceptions.time[-1])) AS last_exception_time,
            sum(length(c.missing_dependencies)) AS missing_dependencies,
            sum(c.num_rebalance_revocations) AS rebalances
        FROM system.kafka_consumers AS c
        WHERE c.database IN ('warehouse', 'warehouse_local') AND c.table = 'telemetry_queue'
    ),
    progress AS
    (
        SELECT
            toString(p.source) AS path,
            sumIf(p.rows, p.second > now('UTC') - INTERVAL 5 MINUTE) / 300 AS rows_per_second,
            sumIf(p.rows, p.second > now('UTC') - INTERVAL 1 MINUTE) / 60 AS rows_per_second_1m,
            CAST(max(p.last_received_at) AS DateTime64(3, 'UTC')) AS last_received_at,
            CAST(max(p.last_ts) AS DateTime64(3, 'UTC')) AS last_ts
        FROM warehouse.path_progress AS p
        GROUP BY p.source
    ),
    -- not from rdkafka_stat of system.kafka_consumers, which can be empty: the lag would then always be 0
    offsets AS
    (
        SELECT o.path AS path, sum(o.lag_messages) AS lag_messages, max(o.lag_seconds) AS lag_seconds
        FROM warehouse.v_path_offsets AS o
        WHERE o.sampled_at > now64(3, 'UTC') - INTERVAL 1 MINUTE
        GROUP BY o.path
    ),
    refused AS
    (
        SELECT toString(d.source) AS path, count() AS dead_letters_5m
        FROM warehouse.dead_letters AS d
        WHERE d.received_at > now64(3, 'UTC') - INTERVAL 5 MINUTE
        GROUP BY d.source
    )
SELECT
    n.path AS path,
    p.rows_per_second AS rows_per_second,
    p.rows_per_second_1m AS rows_per_second_1m,
    nullIf(p.last_received_at, toDateTime64(0, 3, 'UTC')) AS last_received_at,
    nullIf(p.last_ts, toDateTime64(0, 3, 'UTC')) AS last_ts,
    dateDiff('second', last_received_at, now64(3, 'UTC')) AS seconds_since_received,
    r.dead_letters_5m AS dead_letters_5m,
    c.consumers AS consumers,
    c.assigned_partitions AS assigned_partitions,
    -- NULL if the ingestor has not measured it for a minute, because 0 would mean no lag
    if(o.path = '', NULL, o.lag_messages) AS lag_messages,
    if(o.path = '', NULL, o.lag_seconds) AS lag_seconds,
    nullIf(c.last_poll_time, toDateTime(0)) AS last_poll_time,
    nullIf(c.last_commit_time, toDateTime(0)) AS last_commit_time,
    c.exceptions AS exceptions,
    c.last_exception AS last_exception,
    nullIf(c.last_exception_time, toDateTime(0)) AS last_exception_time,
    c.missing_dependencies AS missing_dependencies,
    c.rebalances AS rebalances
FROM (SELECT arrayJoin(['engine', 'ingestor']) AS path) AS n
LEFT JOIN progress AS p ON p.path = n.path
LEFT JOIN refused AS r ON r.path = n.path
LEFT JOIN consumers AS c ON c.path = n.path
LEFT JOIN offsets AS o ON o.path = n.path
COMMENT 'Does telemetry flow through each path, how fast, and what stands in its way? One row a path; consumer columns are those of the Kafka engine.';
