-- Each step of a migration is a row of the ledger, and a run has dozens of them. Steps with less than five minutes between them are one run.
CREATE OR REPLACE VIEW warehouse.v_deployments{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    min(d.at) AS time,
    max(d.at) AS time_end,
    if(countIf(d.phase = 'failed') > 0, 'Schema: a step failed', 'Schema changed') AS title,
    concat(
        toString(uniqExact(d.version, d.name)), if(uniqExact(d.version, d.name) = 1, ' step: ', ' steps: '),
        arrayStringConcat(arraySlice(groupUniqArray(5)(d.name), 1, 5), ', '),
        if(uniqExact(d.version, d.name) > 5, ', …', '')) AS text
FROM
(
    SELECT s.version AS version, s.name AS name, s.phase AS phase, s.at AS at, sum(s.is_first) OVER (ORDER BY s.at, s.version, s.name) AS run
    FROM
    (
        SELECT
            m.version AS version, m.name AS name, toString(m.phase) AS phase, m.at AS at,
            toUInt32(dateDiff('second', lagInFrame(m.at, 1, toDateTime64(0, 3, 'UTC')) OVER (ORDER BY m.at, m.version, m.name ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), m.at) > 300) AS is_first
        FROM {local}.schema_migrations AS m
        WHERE m.phase != 'started'
    ) AS s
) AS d
GROUP BY d.run
COMMENT 'When was the schema changed, and by which steps? One row a run of ingestor migrate that changed something. For annotations.';
