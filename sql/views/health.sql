-- What an operator must know at 3 a.m.: one row per check, the worst first, with what is wrong and what to do.
--
-- On a cluster, the rows describe the server that is asked. Quoted values are cut out of error texts, because they can be a robot's.
-- Limits are where trouble begins, not where it is complete: ClickHouse slows inserts at `parts_to_delay_insert` parts.
CREATE OR REPLACE VIEW warehouse.v_health{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    text -> replaceRegexpAll(substring(text, 1, 300), '\'[^\']*(\'|$)', '\'…\'') AS without_values,
    -- 0 ok, 1 warning, 2 critical
    (value, warning, critical) -> multiIf(value >= critical, 2, value >= warning, 1, 0) AS grade_of_high,
    refreshes AS
    (
        -- A server that just started has had no time to refresh.
        SELECT
            'refresh' AS check, r.view AS subject,
            least(dateDiff('second', ifNull(r.last_success_time, toDateTime(0)), now()), uptime()) AS value,
            if(r.view LIKE '%hour%', 1800, 600) AS threshold, 'seconds since the last success' AS unit,
            multiIf(r.status = 'Disabled' OR value >= threshold, 2, r.exception != '', 1, 0) AS grade,
            multiIf(
                r.status = 'Disabled', 'The view is stopped: its table does not change.',
                r.exception != '', concat('The last refresh failed: ', without_values(r.exception)),
                'The roll-up is not up to date.') AS problem,
            if(r.status = 'Disabled', concat('As floorwatch_owner, run SYSTEM START VIEW ', r.database, '.', r.view, '.'),
                concat('Check memory and load. As floorwatch_owner, run SYSTEM REFRESH VIEW ', r.database, '.', r.view, '. The next refresh catches up.')) AS remedy
        FROM system.view_refreshes AS r
        WHERE r.database IN ('warehouse', 'warehouse_local')
    ),
    parts AS
    (
        SELECT
            'parts' AS check, argMax(concat(p.table, ' partition ', p.partition), p.parts) AS subject,
            toInt64(max(p.parts)) AS value,
            (SELECT intDiv(toInt64OrZero(any(s.value)), 2) FROM system.merge_tree_settings AS s WHERE s.name = 'parts_to_delay_insert') AS threshold,
            'active parts in a partition' AS unit,
            grade_of_high(value, threshold, threshold * 2) AS grade,
            'Merges are slower than inserts; at twice this number, ClickHouse slows inserts.' AS problem,
            'Check CPU and disk. Make batches larger (BATCH_MAX_MS), and look for a client with many small inserts.' AS remedy
        FROM
        (
            SELECT a.table AS table, a.partition AS partition, count() AS parts
            FROM system.parts AS a
            WHERE a.active AND a.database IN ('warehouse', 'warehouse_local')
            GROUP BY a.table, a.partition
        ) AS p
    ),
    broken_parts AS
    (
        SELECT
            'broken_parts' AS check, ifNull(argMax(d.table, d.reason), '') AS subject, toInt64(count()) AS value, 1 AS threshold, 'detached parts' AS unit,
            toUInt8(if(value > 0, 2, 0)) AS grade, 'ClickHouse set aside parts that it could not read: rows are missing.' AS problem,
            'Check the disk. Restore a backup (as floorwatch_owner), or replay the time from Kafka. Then drop the detached parts (as floorwatch_owner).' AS remedy
        FROM system.detached_parts AS d
        WHERE d.database IN ('warehouse', 'warehouse_local') AND d.reason LIKE 'broken%'
    ),
    merges AS
    (
        SELECT
            'merge' AS check, argMax(m.table, m.elapsed) AS subject, toInt64(max(m.elapsed)) AS value, 7200 AS threshold, 'seconds' AS unit,
            grade_of_high(value, threshold, threshold * 6) AS grade, 'A merge runs for hours.' AS problem,
            'Check its progress in system.merges (as floorwatch_owner), the disk, and the memory of the server.' AS remedy
        FROM system.merges AS m
        WHERE m.database IN ('warehouse', 'warehouse_local')
    ),
    mutations AS
    (
        SELECT
            'mutation' AS check, argMin(u.table, u.create_time) AS subject,
            if(count() = 0, 0, dateDiff('second', min(u.create_time), now())) AS value, 3600 AS threshold, 'seconds' AS unit,
            if(max(u.latest_fail_reason) != '', 2, grade_of_high(value, threshold, threshold * 12)) AS grade,
            if(max(u.latest_fail_reason) != '', concat('A deletion or update fails: ', without_values(max(u.latest_fail_reason))),
                'A deletion or update (such as `ingestor erase`) does not end.') AS problem,
            'See system.mutations (as floorwatch_owner). Remove the cause; ClickHouse then continues. KILL MUTATION gives it up.' AS remedy
        FROM system.mutations AS u
        WHERE u.database IN ('warehouse', 'warehouse_local') AND NOT u.is_done
    ),
    disks AS
    (
        SELECT
            'disk' AS check, d.name AS subject, round(100 * d.free_space / d.total_space, 1) AS value, 15 AS threshold, 'percent free' AS unit,
            multiIf(value < 5, 2, value < threshold, 1, 0) AS grade,
            'The disk is nearly full; a full disk stops inserts, and events then wait in Kafka.' AS problem,
            'Add space. Or, as floorwatch_owner, move old partitions (sql/storage/tiered.sql) or shorten a TTL.' AS remedy
        FROM system.disks AS d
        WHERE NOT d.is_remote AND d.total_space > 0
    ),
    -- Without merges and deletions by TTL: the disk is full in this time at the earliest.
    disk_time AS
    (
        SELECT
            'disk_time' AS check, 'default' AS subject,
            round(least(8760., d.free_space / greatest(1e-9, g.rows_per_hour * s.bytes_per_event)), 1) AS value,
            48 AS threshold, 'hours until full' AS unit, multiIf(value < 6, 2, value < threshold, 1, 0) AS grade,
            'At the rate of the last hour, the disk of the data is full soon.' AS problem,
            'Add space, move old partitions (sql/storage/tiered.sql, as floorwatch_owner), or find out who sends more than usual (v_pipeline).' AS remedy
        FROM (SELECT min(f.free_space) AS free_space FROM system.disks AS f WHERE f.name = 'default') AS d
        CROSS JOIN
        (
            SELECT sum(p.rows) AS rows_per_hour FROM warehouse.path_progress AS p WHERE p.second > now('UTC') - INTERVAL 1 HOUR
        ) AS g
        CROSS JOIN
        (
            -- a few events say nothing of their size
            SELECT if(sumIf(a.rows, a.table = 'telemetry_raw') AS events < 100000, 100, sum(a.bytes_on_disk) / events) AS bytes_per_event
            FROM system.parts AS a
            WHERE a.active AND a.database IN ('warehouse', 'warehouse_local')
        ) AS s
    ),
    replicas AS
    (
        SELECT c.1 AS check, subject, c.2 AS value, c.3 AS threshold, c.4 AS unit, toUInt8(if(value >= threshold, c.5, 0)) AS grade, c.6 AS problem, c.7 AS remedy
        FROM
        (
            SELECT
                argMax(r.table, r.is_readonly * 1000000000 + r.queue_size) AS subject,
                arrayJoin([
                    ('replica_readonly', toInt64(countIf(r.is_readonly)), 1, 'tables', 2,
                        'Tables are read-only: this server cannot reach ZooKeeper or Keeper, and inserts fail.',
                        'Check Keeper and the network. SYSTEM RESTART REPLICA (as floorwatch_owner) reconnects a table.'),
                    ('replica_queue', toInt64(max(r.queue_size)), 1000, 'entries', 1,
                        'A replica lags: entries wait in its replication queue.',
                        'See last_exception in system.replication_queue (as floorwatch_owner), and check network and disk.'),
                    ('replica_delay', toInt64(max(r.absolute_delay)), 300, 'seconds', 1,
                        'A replica is behind the others: it answers with old data.',
                        'See system.replicas and system.replication_queue (as floorwatch_owner).')]) AS c
            FROM system.replicas AS r
            WHERE r.database IN ('warehouse', 'warehouse_local')
        )
    ),
    engine AS
    (
        SELECT
            'kafka_engine' AS check, 'telemetry_from_kafka' AS subject,
            if(v.views = 0, 0, least(dateDiff('second', c.last_poll_time, now()), uptime())) AS value,
            60 AS threshold, if(v.views = 0, 'views', 'seconds since the last poll') AS unit,
            multiIf(v.views = 0, if(o.samples > 0, 2, 0), c.missing > 0 OR value >= threshold, 2, c.recent_exception != '', 1, 0) AS grade,
            multiIf(
                v.views = 0, 'Its consumer group is measured, but the view that reads Kafka does not exist or is detached.',
                c.missing > 0, 'The Kafka table misses a table or view that it feeds, so it does not read.',
                value >= threshold, 'ClickHouse does not poll Kafka.',
                concat('The last exception: ', without_values(c.recent_exception))) AS problem,
            'Run `ingestor migrate` as floorwatch_owner with the right INGEST_PATH, and check that the brokers are reachable from ClickHouse.' AS remedy
        FROM
        (
            SELECT
                max(k.last_poll_time) AS last_poll_time, sum(length(k.missing_dependencies)) AS missing,
                max(if(notEmpty(k.exceptions.time) AND k.exceptions.time[-1] > now() - INTERVAL 10 MINUTE, k.exceptions.text[-1], '')) AS recent_exception
            FROM system.kafka_consumers AS k
            WHERE k.database IN ('warehouse', 'warehouse_local') AND k.table = 'telemetry_queue'
        ) AS c
        CROSS JOIN
        (
            SELECT count() AS views FROM system.tables AS t
            WHERE t.database IN ('warehouse', 'warehouse_local') AND t.name = 'telemetry_from_kafka'
        ) AS v
        CROSS JOIN
        (
            SELECT count() AS samples FROM warehouse.path_offsets AS p
            -- shorter than the rule waits, so that switching the path off pages nobody
            WHERE p.path = 'engine' AND p.sampled_at > now64(3, 'UTC') - INTERVAL 1 MINUTE
        ) AS o
    ),
    lag AS
    (
        SELECT
            'path_lag' AS check, p.path AS subject, max(p.lag_seconds) AS value, 60 AS threshold, 'seconds' AS unit,
            grade_of_high(value, threshold, 600) AS grade, 'Events are stored late.' AS problem,
            'See v_pipeline and `ingestor check`: is the path running, and are Kafka and ClickHouse fast enough?' AS remedy
        FROM warehouse.v_path_offsets AS p
        WHERE p.sampled_at > now64(3, 'UTC') - INTERVAL 5 MINUTE
        GROUP BY p.path
    ),
    dead AS
    (
        SELECT
            'dead_letters' AS check, toString(l.reason) AS subject, round(100 * l.letters / greatest(1, l.letters + e.events), 2) AS value,
            1 AS threshold, 'percent of the last 10 minutes' AS unit, grade_of_high(value, threshold, 20) AS grade,
            concat('Events are invalid; most often: ', subject, '.') AS problem,
            'See v_dead_letter_reasons. After the sender is corrected: `ingestor dead-letters requeue` as floorwatch_owner.' AS remedy
        FROM
        (
            SELECT count() AS letters, topK(1)(d.reason)[1] AS reason
            FROM warehouse.dead_letters AS d
            WHERE d.received_at > now64(3, 'UTC') - INTERVAL 10 MINUTE
        ) AS l
        CROSS JOIN
        (
            SELECT sum(p.rows) AS events FROM warehouse.path_progress AS p WHERE p.second > now('UTC') - INTERVAL 10 MINUTE
        ) AS e
    ),
    backup AS
    (
        SELECT
            'backup' AS check, argMax(b.name, b.ended_at) AS subject,
            if(count() = 0, NULL, round(dateDiff('second', max(b.ended_at), now64(3, 'UTC')) / 3600, 1)) AS value,
            26 AS threshold, 'hours since the last backup' AS unit, if(ifNull(value, threshold) >= threshold, 1, 0) AS grade,
            if(count() = 0, 'There is no backup.', 'The last backup is old.') AS problem,
            -- A new installation has no such disk. A backup can also be on another one (--disk).
            if(has((SELECT groupArray(k.name) FROM system.disks AS k), if(count() = 0, 'backups', argMax(b.disk, b.ended_at))),
                'Run `ingestor backup` as floorwatch_owner, at best every night (sql/README.md).',
                'ClickHouse has no disk for backups. Copy sql/server/backups.example.xml into its config.d, set CLICKHOUSE_BACKUP_PATH and restart it. Then run `ingestor backup` as floorwatch_owner every night (sql/README.md).') AS remedy
        FROM warehouse.backups AS b
    ),
    erased AS
    (
        SELECT
            'erased' AS check, '' AS subject, toInt64(uniqExact(l.robot_id)) AS value, 1 AS threshold, 'robots' AS unit, toUInt8(value > 0) AS grade,
            'Robots that were erased are stored again: Kafka, a replay or a backup still had them.' AS problem,
            'Stop the source, then run `ingestor erase --robot` for them again, as floorwatch_owner.' AS remedy
        FROM warehouse.robot_latest AS l
        WHERE (SELECT count() FROM warehouse.erasures AS c) > 0 AND lower(hex(SHA256(concat((SELECT any(s.salt) FROM warehouse.erasures AS s), toString(l.robot_id))))) IN
            (SELECT h.hash FROM warehouse.erasures AS h WHERE h.field = 'robot_id')
    ),
    schema AS
    (
        SELECT
            'migration' AS check, argMax(n.name, n.phase != 'finished') AS subject, toInt64(countIf(n.phase != 'finished')) AS value,
            1 AS threshold, 'steps' AS unit, toUInt8(value > 0) AS grade, 'A migration or a view was applied only in part.' AS problem,
            'Run `ingestor migrate` as floorwatch_owner; it says what to do.' AS remedy
        FROM
        (
            SELECT m.version AS version, m.name AS name, toString(argMax(m.phase, (m.at, m.phase))) AS phase
            FROM {local}.schema_migrations AS m
            GROUP BY m.version, m.name
        ) AS n
    )
SELECT
    a.check AS check,
    a.subject AS subject,
    ['ok', 'warning', 'critical'][a.grade + 1] AS status,
    a.value AS value,
    a.threshold AS threshold,
    a.unit AS unit,
    if(a.grade = 0, '', a.problem) AS problem,
    if(a.grade = 0, '', a.remedy) AS remedy
FROM
(
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM refreshes
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM parts
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM broken_parts
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM merges
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM mutations
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM disks
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM disk_time
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM replicas
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM engine
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM lag
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM dead
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM backup
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM erased
    UNION ALL
    SELECT check, subject, toNullable(toFloat64(value)) AS value, toFloat64(threshold) AS threshold, unit, toUInt8(grade) AS grade, problem, remedy FROM schema
) AS a
ORDER BY a.grade DESC, check, subject
COMMENT 'What is wrong with the storage and the paths, how bad, and what to do? One row a check; ask for status != ''ok''.';
