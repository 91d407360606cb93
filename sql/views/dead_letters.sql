-- Which events were invalid, and what happened to them since.

CREATE OR REPLACE VIEW warehouse.v_dead_letters{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    d.topic AS topic, d.partition AS partition, d.offset AS offset, d.part AS part, d.reason AS reason, d.detail AS detail,
    length(d.raw) AS raw_bytes, substring(toValidUTF8(d.raw), 1, 4096) AS sample, d.key AS key, d.received_at AS received_at,
    toString(d.source) AS path,
    nullIf(r.stored_at, toDateTime64(0, 3, 'UTC')) AS repaired_at
FROM (SELECT * FROM warehouse.dead_letters FINAL) AS d
LEFT JOIN
(
    SELECT s.topic AS topic, s.partition AS partition, s.offset AS offset, s.part AS part, max(s.at) AS stored_at
    FROM warehouse.dead_letter_repairs AS s
    WHERE s.phase = 'stored'
    GROUP BY topic, partition, offset, part
) AS r ON r.topic = d.topic AND r.partition = d.partition AND r.offset = d.offset AND r.part = d.part
COMMENT 'Which events were refused, why, what did they look like, and when were they repaired? `sample` is the first 4 kB of the bytes.';

CREATE OR REPLACE VIEW warehouse.v_dead_letter_reasons{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    reason,
    count() AS dead_letters,
    countIf(l.repaired_at IS NOT NULL) AS repaired,
    countIf(l.received_at > now64(3, 'UTC') - INTERVAL 1 HOUR) AS last_hour,
    min(l.received_at) AS first_received_at,
    max(l.received_at) AS last_received_at,
    argMax(substring(l.sample, 1, 1024), l.received_at) AS last_sample
FROM warehouse.v_dead_letters AS l
GROUP BY reason
COMMENT 'How many events were refused for each reason, how many of them were repaired, and what did the latest look like?';
