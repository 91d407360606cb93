-- Which events were invalid, and what happened to them since.
--
-- What is shown of their bytes hides the values of personal_fields, at any depth and in text that is no JSON: the bytes break a
-- rule, so nothing can be said about their structure. A value that is an object or a list hides the rest, and so does a key
-- written with escaped letters (\u006f for o).

CREATE OR REPLACE VIEW warehouse.v_dead_letters{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    (SELECT arrayStringConcat(arrayMap(f -> regexpQuoteMeta(f), groupUniqArray(p.field)), '|') FROM warehouse.personal_fields AS p) AS personal,
    concat('(?is)(["\']?(?:', personal, ')["\']?\\s*[:=]\\s*)("(?:[^"\\\\]|\\\\.)*(?:"|$)|\'(?:[^\'\\\\]|\\\\.)*(?:\'|$)|[\\[{].*|[^,}\\]\\s]*)') AS personal_value,
    '(?is)\\\\u00(?:4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a]).*' AS escaped_letter
SELECT
    d.topic AS topic, d.partition AS partition, d.offset AS offset, d.part AS part, d.reason AS reason, d.detail AS detail,
    length(d.raw) AS raw_bytes,
    substring(replaceRegexpAll(replaceRegexpOne(toValidUTF8(substring(d.raw, 1, 16384)), escaped_letter, '[hidden]'),
        if(personal = '', '$^', personal_value), '\\1"[personal]"'), 1, 4096) AS sample,
    d.key AS key, d.received_at AS received_at,
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
COMMENT 'Which events were invalid, why, what did they look like, and when were they repaired? `sample` is the first 4 kB of the bytes without personal values.';

-- Counted without the bytes, which are then read for the latest of each reason alone. The counts are one array, because a subquery that
-- is named twice is computed twice.
CREATE OR REPLACE VIEW warehouse.v_dead_letter_reasons{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    (
        SELECT groupArray(CAST((c.reason, c.dead_letters, c.repaired, c.last_hour, c.first_at, c.last_at, c.last_key),
            'Tuple(reason String, dead_letters UInt64, repaired UInt64, last_hour UInt64, first_at DateTime64(3, \'UTC\'), last_at DateTime64(3, \'UTC\'), last_key Tuple(String, Int32, Int64, UInt32))'))
        FROM
        (
            SELECT
                l.reason AS reason,
                count() AS dead_letters,
                countIf(l.repaired_at IS NOT NULL) AS repaired,
                countIf(l.received_at > now64(3, 'UTC') - INTERVAL 1 HOUR) AS last_hour,
                min(l.received_at) AS first_at,
                max(l.received_at) AS last_at,
                argMax((toString(l.topic), l.partition, l.offset, l.part), (l.received_at, l.topic, l.partition, l.offset, l.part)) AS last_key
            FROM warehouse.v_dead_letters AS l
            GROUP BY reason
        ) AS c
    ) AS reasons
SELECT
    n.of_reason.reason AS reason,
    n.of_reason.dead_letters AS dead_letters,
    n.of_reason.repaired AS repaired,
    n.of_reason.last_hour AS last_hour,
    n.of_reason.first_at AS first_received_at,
    n.of_reason.last_at AS last_received_at,
    substring(s.sample, 1, 1024) AS last_sample
FROM (SELECT arrayJoin(reasons) AS of_reason) AS n
LEFT JOIN
(
    SELECT toString(v.topic) AS topic, v.partition AS partition, v.offset AS offset, v.part AS part, v.sample AS sample
    FROM warehouse.v_dead_letters AS v
    WHERE (v.topic, v.partition, v.offset, v.part) IN (SELECT arrayJoin(reasons).last_key)
) AS s ON (s.topic, s.partition, s.offset, s.part) = n.of_reason.last_key
COMMENT 'How many events were invalid for each reason, how many of them were repaired, and what did the latest look like?';
