-- What the alert rules ask about storage and the paths into it. Their common rules are at the top of alerts.sql.

-- v_health without what another rule says better: lag and invalid events (Prometheus). Without any backup, nobody asked for backups.
CREATE OR REPLACE VIEW warehouse.v_alert_storage{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    h.check AS check, h.subject AS subject, h.status AS severity,
    -- a number in an error text would make a new alert of each failure
    replaceRegexpAll(h.problem, '[0-9]+', '#') AS problem,
    h.remedy AS remedy,
    ifNull(h.value, 0) AS amount, h.unit AS unit
FROM warehouse.v_health AS h
WHERE h.status != 'ok' AND h.check NOT IN ('path_lag', 'dead_letters') AND NOT (h.check = 'backup' AND h.value IS NULL)
COMMENT 'What is wrong with the storage, and what to do?';

CREATE OR REPLACE VIEW warehouse.v_alert_engine_view{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT 1. + (count() > 0) AS reads
FROM system.tables AS t
WHERE t.database IN ('warehouse', 'warehouse_local') AND t.name = 'telemetry_from_kafka'
COMMENT 'Has path A the view that reads Kafka? 2: yes; 1: no. One row as long as ClickHouse answers.';

-- For installations without Prometheus: only ingestors store offsets, every few seconds, also without messages. Without one of the last
-- day, the installation was switched off on purpose. The clock of an ingestor may be up to a minute behind. When ClickHouse has started,
-- ingestors have to connect first.
CREATE OR REPLACE VIEW warehouse.v_alert_ingestor{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT toFloat64(round(s.seconds)) AS silent_seconds
FROM
(
    SELECT dateDiff('millisecond', max(o.sampled_at), now64(3, 'UTC')) / 1000 AS seconds, count() AS partitions
    FROM warehouse.v_path_offsets AS o
) AS s
WHERE s.partitions > 0 AND s.seconds >= 60 AND uptime() >= 30
COMMENT 'For how long has no ingestor stored how far it is? No row while one does.';
