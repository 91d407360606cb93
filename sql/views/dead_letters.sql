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
    -- a repair before the arrival was of an equal message at the same place, for example of a topic that was created again since
    if(r.stored_at < d.received_at, NULL, nullIf(r.stored_at, toDateTime64(0, 3, 'UTC'))) AS repaired_at
FROM (SELECT *, content FROM warehouse.dead_letters FINAL) AS d
LEFT JOIN
(
    SELECT s.topic AS topic, s.partition AS partition, s.offset AS offset, s.part AS part, s.content AS content, max(s.at) AS stored_at
    FROM warehouse.dead_letter_repairs AS s
    WHERE s.phase = 'stored'
    GROUP BY topic, partition, offset, part, content
) AS r ON r.topic = d.topic AND r.partition = d.partition AND r.offset = d.offset AND r.part = d.part AND r.content = d.content
COMMENT 'Which events were invalid, why, what did they look like, and when were they repaired? `sample` is the first 4 kB of the bytes without personal values.';

-- Counted without the bytes, which are then read for the latest of each reason alone.
CREATE OR REPLACE VIEW warehouse.v_dead_letter_reasons{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH latest AS
(
    SELECT
        l.reason AS reason,
        count() AS dead_letters,
        countIf(l.repaired_at IS NOT NULL) AS repaired,
        countIf(l.received_at > now64(3, 'UTC') - INTERVAL 1 HOUR) AS last_hour,
        min(l.received_at) AS first_at,
        max(l.received_at) AS last_at,
        argMax((l.topic, l.partition, l.offset, l.part), (l.received_at, l.topic, l.partition, l.offset, l.part)) AS last_key
    FROM warehouse.v_dead_letters AS l
    GROUP BY reason
)
SELECT
    n.reason AS reason,
    n.dead_letters AS dead_letters,
    n.repaired AS repaired,
    n.last_hour AS last_hour,
    n.first_at AS first_received_at,
    n.last_at AS last_received_at,
    substring(s.sample, 1, 1024) AS last_sample
FROM latest AS n
LEFT JOIN
(
    SELECT v.topic AS topic, v.partition AS partition, v.offset AS offset, v.part AS part, v.sample AS sample
    FROM warehouse.v_dead_letters AS v
    WHERE (v.topic, v.partition, v.offset, v.part) IN (SELECT k.last_key FROM latest AS k)
) AS s ON (s.topic, s.partition, s.offset, s.part) = n.last_key
COMMENT 'How many events were invalid for each reason, how many of them were repaired, and what did the latest look like?';
