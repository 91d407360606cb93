-- Path A: ClickHouse reads Kafka itself.
-- queue -> messages -> parsed (plain) -> telemetry_raw
--          messages (split) | parsed (not plain: whole) -> event_bytes -> validated -> telemetry_raw | dead_letters
--
-- Invariant: no expression below can throw, whatever the bytes are. A row that throws would stop its partition
-- and insert into the earlier targets again at each attempt. So these views use only functions that return NULL or a default
-- for what they cannot read.
--
-- The engine may be reading while these views change: the migrator changes each query in one step and never drops a view here
-- to create it again. It goes from top to bottom, so while it runs, a view may still get rows from the old version above it.

-- Nearly all messages are one object on one line that keeps every rule of the contract in the simplest way. One parse reads such an
-- event and cuts `meta` out of the text; `plain` says that this was certainly right. Everything else, invalid or only unusual,
-- goes through the validation below, which decides alone: a `plain` that is too strict costs CPU, one that is too lax is a defect
-- (ingestor/test/path-parity.test.ts). It takes half of the CPU of validation (bench:sql, path_a_sql_vs_original_sql).
--
-- Without a backslash, quotes open and close texts in turn. So the first brace after the opening one begins the event's only
-- object. It is `meta` if that is the key before it, and ends at the next brace that is not inside a text.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_parse_mv{on_cluster} TO {local}.telemetry_parsed
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$' AS iso_8601,
    JSONExtract(payload, 'Tuple({plain_fields}, meta Tuple(firmware LowCardinality(Nullable(String)), heading Nullable(Float64)))') AS e,
    toUUIDOrNull(e.event_id) AS id,
    parseDateTime64BestEffortOrNull(e.ts, 3, 'UTC') AS event_time,
    if(e.theta IS NULL, e.meta.heading, e.theta) AS heading,
    heading - 2 * pi() * floor((heading + pi()) / (2 * pi())) AS turned,
    position(payload, '{', 2) AS meta_start,
    if(meta_start = 0, 0, position(payload, '}', meta_start)) AS meta_end,
    substring(payload, meta_start, meta_end - meta_start + 1) AS meta_text,
    position(payload, '"meta"') AS meta_key
SELECT
    assumeNotNull(id) AS event_id,
    assumeNotNull(e.robot_id) AS robot_id,
    assumeNotNull(event_time) AS ts,
    ifNull(e.event_type, '') AS event_type,
    toFloat32(multiIf(heading > -pi() AND heading <= pi(), heading, turned <= -pi(), pi(), turned)) AS theta,
    {plain_values},
    e.meta.firmware AS firmware,
    if(meta_start = 0, '', meta_text) AS meta,
    now64(3, 'UTC') AS received_at,
    topic, partition, offset, key,
    payload AS raw,
    ifNull(length(payload) <= 1048576
        AND id IS NOT NULL AND length(e.event_id) = 36 AND e.robot_id IS NOT NULL
        AND event_time BETWEEN now64(3, 'UTC') - INTERVAL 90 DAY AND now64(3, 'UTC') + INTERVAL 1 DAY AND match(e.ts, iso_8601)
        AND (e.x IS NULL) = (e.y IS NULL)
        AND NOT ifNull({plain_limits} OR abs(heading) > 1e6 OR length(e.meta.firmware) NOT BETWEEN 1 AND 256, 0)
        AND position(payload, '\\') = 0
        AND if(meta_start = 0,
            meta_key = 0,
            match(substring(payload, meta_key, meta_start - meta_key + 1), '^"meta"\\s*:\\s*\\{$')
                AND countSubstrings(meta_text, '"') % 2 = 0
                AND position(payload, '{', meta_start + 1) = 0
                AND position(payload, '"meta"', meta_end) = 0)
        AND NOT multiMatchAny(payload, ['"(?:{number_names}|heading)"\\s*:\\s*["tf\\[{]', '"(?:{text_names}|firmware)"\\s*:\\s*[^"n\\s]']), 0) AS plain
FROM {local}.telemetry_messages
WHERE startsWith(payload, '{') AND position(payload, '\n') = 0;

-- TO warehouse, not {local}: a cluster's consumer reads robots of every shard, and each row belongs on its robot's shard.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_plain_mv{on_cluster} TO warehouse.telemetry_raw
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    {event_columns},
    meta, received_at, 'engine' AS source, topic, partition, offset
FROM {local}.telemetry_parsed
WHERE plain;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_whole_mv{on_cluster} TO {local}.telemetry_event_bytes
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT raw, toUInt32(0) AS part, key, topic, partition, offset
FROM {local}.telemetry_parsed
WHERE NOT plain;

-- Messages that are not one object on one line. Splitting copies every message: 0.7 of the 3.4 CPU-seconds of SQL per million
-- events (measured). `texts` is the whole message when it is one JSON text, or else its lines when any of them is one.
-- `parts` replaces each array by its elements, cut from the text (not re-serialised), so that dead letters keep their bytes.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_split_mv{on_cluster} TO {local}.telemetry_event_bytes
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT raw, toUInt32(part_number - 1) AS part, key, topic, partition, offset
FROM
(
    SELECT
        topic, partition, offset, key,
        length(payload) <= 1048576 AS divisible,
        divisible AND isValidJSON(payload) AS is_one_text,
        if(divisible AND NOT is_one_text,
            arrayFilter(l -> l != '', arrayMap(l -> trim(BOTH ' \t\r' FROM l), splitByChar('\n', payload))), []) AS lines,
        multiIf(is_one_text, [payload], arrayExists(l -> isValidJSON(l), lines), lines, []) AS texts,
        if(empty(texts), [payload], arrayFlatten(arrayMap(
            t -> if(match(t, '^(?:\\x{FEFF})?\\s*\\[\\s*[^\\]\\s]') AND isValidJSON(t),
                arrayMap(
                    element -> trim(BOTH ' \t\r\n' FROM arrayStringConcat(if(element[1] = ',', arrayPopFront(element), element))),
                    arrayMap(
                        tokens -> arraySplit(
                            (token, depth) -> token = ',' AND depth = 0,
                            tokens,
                            arrayCumSum(token -> multiIf(token IN ('[', '{'), 1, token IN (']', '}'), -1, 0), tokens)),
                        [extractAll(extract(t, '(?s)\\[(.*)\\]'), '(?s)"(?:[^"\\\\]|\\\\.)*"|[\\[\\]{},]|[^"\\[\\]{},]+')])[1]),
                [t]),
            texts))) AS parts
    FROM {local}.telemetry_messages
    WHERE NOT (startsWith(payload, '{') AND position(payload, '\n') = 0)
)
ARRAY JOIN parts AS raw, arrayEnumerate(parts) AS part_number;

-- The contract (packages/contract/src/event-fields.ts) in SQL; ingestor/test/path-parity.test.ts compares the two.
-- One JSON parse per event. JSONExtract converts between types ("1.5" becomes 1.5), which the contract forbids, so a
-- cheap search of the text (`doubtful_types`) finds the events where that could have happened, and only these pay for
-- a look at the JSON type of each field (`wrong_types`).
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_validate_mv{on_cluster} TO {local}.telemetry_validated
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$' AS iso_8601,
    '^-?[0-9][-+.0-9eE]*$' AS json_number,
    '"(?:{text_names})"\\s*:\\s*[^"n\\s]' AS text_without_quotes,
    -- begins like a JSON number, array or object, or is a JSON boolean
    text -> ifNull(ascii(text) BETWEEN 45 AND 57 OR ascii(text) IN (91, 123) OR text IN ('true', 'false'), 0) AS looks_unquoted
SELECT
    if(e.event_id IS NULL, position_uuid, ifNull(toUUIDOrNull(e.event_id), toUUID('00000000-0000-0000-0000-000000000000'))) AS event_id,
    ifNull(e.robot_id, '') AS robot_id,
    ifNull(event_time, toDateTime64(0, 3, 'UTC')) AS ts,
    ifNull(e.event_type, '') AS event_type,
    e.task_id AS task_id,
    toFloat32(e.x) AS x,
    toFloat32(e.y) AS y,
    toFloat32(multiIf(heading > -pi() AND heading <= pi(), heading, turned <= -pi(), pi(), turned)) AS theta,
    e.map_id AS map_id,
    e.site_id AS site_id,
    toFloat32(e.speed) AS speed,
    toFloat32(e.battery) AS battery,
    e.state AS state,
    e.error_code AS error_code,
    if(lengthUTF8(m.firmware) BETWEEN 1 AND 256 AND NOT has(wrong_types, 'firmware'), m.firmware, NULL) AS firmware,
    ifNull(e.meta, '') AS meta,
    now64(3, 'UTC') AS received_at,
    topic, partition, offset, part, key, raw,
    -- Selected, not only used: otherwise each branch of the multiIf below computes it again (4 times the CPU, measured).
    wrong_types,
    multiIf(
        length(raw) > 1048576, 'message_too_large',
        doubtful_shape AND NOT isValidUTF8(raw), 'invalid_utf8',
        doubtful_shape AND NOT isValidJSON(raw), 'invalid_json',
        doubtful_shape AND JSONType(raw) != 'Object', 'not_an_object',
        has(wrong_types, 'event_id') OR (e.event_id IS NOT NULL AND (length(e.event_id) != 36 OR toUUIDOrNull(e.event_id) IS NULL)), 'event_id_invalid',
        e.robot_id IS NULL, 'robot_id_missing',
        has(wrong_types, 'robot_id') OR lengthUTF8(e.robot_id) NOT BETWEEN 1 AND 128, 'robot_id_invalid',
        e.ts IS NULL, 'ts_missing',
        has(wrong_types, 'ts') OR event_time IS NULL, 'ts_invalid',
        event_time < now64(3, 'UTC') - INTERVAL 90 DAY, 'ts_too_old',
        event_time > now64(3, 'UTC') + INTERVAL 1 DAY, 'ts_too_far_ahead',
        has(wrong_types, 'event_type') OR lengthUTF8(e.event_type) NOT BETWEEN 1 AND 256, 'event_type_invalid',
        has(wrong_types, 'task_id') OR lengthUTF8(e.task_id) NOT BETWEEN 1 AND 256, 'task_id_invalid',
        (e.x IS NULL AND NOT has(wrong_types, 'x')) != (e.y IS NULL AND NOT has(wrong_types, 'y')), 'position_incomplete',
        has(wrong_types, 'x') OR has(wrong_types, 'y') OR abs(e.x) > 1e7 OR abs(e.y) > 1e7, 'position_invalid',
        has(wrong_types, 'theta') OR abs(heading) > 1e6, 'theta_invalid',
        has(wrong_types, 'map_id') OR lengthUTF8(e.map_id) NOT BETWEEN 1 AND 256, 'map_id_invalid',
        has(wrong_types, 'site_id') OR lengthUTF8(e.site_id) NOT BETWEEN 1 AND 256, 'site_id_invalid',
        has(wrong_types, 'speed') OR abs(e.speed) > 1e4, 'speed_invalid',
        has(wrong_types, 'battery'), 'battery_invalid',
        e.battery NOT BETWEEN 0 AND 100, 'battery_out_of_range',
        has(wrong_types, 'state') OR e.state NOT IN ('working', 'idle', 'charging', 'blocked', 'error', 'manual', 'maintenance', 'offline'), 'state_invalid',
        has(wrong_types, 'error_code') OR lengthUTF8(e.error_code) NOT BETWEEN 1 AND 256, 'error_code_invalid',
        has(wrong_types, 'meta'), 'meta_invalid',
        '') AS reason
FROM
(
    SELECT
        *,
        -- only if robot_id cannot be read or the text does not start like an object: look at the JSON itself
        e.robot_id IS NULL OR NOT startsWith(raw, '{') AS doubtful_shape,
        -- Each line finds all events that fail its rule and few others. Every event pays for the first, and only events with
        -- unusual texts pay for the others.
        multiMatchAny(raw, ['"(?:{number_names})"\\s*:\\s*["tf\\[{]', '"meta"\\s*:\\s*"'])
            OR position(raw, '\\') > 0
            OR NOT startsWith(ifNull(e.meta, '{'), '{')
            OR ((looks_unquoted(e.robot_id) OR looks_unquoted(e.event_type) OR looks_unquoted(e.task_id) OR looks_unquoted(e.map_id)
                    OR looks_unquoted(e.site_id) OR looks_unquoted(e.error_code))
                AND match(raw, text_without_quotes))
            OR (match(e.ts, json_number) AND match(raw, '"ts"\\s*:\\s*"'))
            OR match(e.meta, '"firmware":[^"n]|"heading":["tf\\[{]') AS doubtful_types,
        arrayFilter(f -> multiIf(
                f IN ({number_fields}), JSONType(raw, f) NOT IN ('Int64', 'UInt64', 'Double', 'Null'),
                f = 'heading', JSONType(raw, 'meta', f) NOT IN ('Int64', 'UInt64', 'Double'),
                f = 'firmware', JSONType(raw, 'meta', f) != 'String',
                f = 'meta', JSONType(raw, f) NOT IN ('Object', 'Null'),
                f = 'ts', JSONType(raw, f) NOT IN ('String', 'Int64', 'UInt64', 'Double', 'Null')
                    OR (JSONType(raw, f) = 'String' AND match(e.ts, json_number)),
                JSONType(raw, f) NOT IN ('String', 'Null')),
            if(doubtful_types, [{typed_fields}], [])) AS wrong_types,
        JSONExtract(ifNull(e.meta, ''), 'Tuple(firmware Nullable(String), heading Nullable(Float64))') AS m,
        if(e.theta IS NULL AND NOT has(wrong_types, 'heading'), m.heading, e.theta) AS heading,
        heading - 2 * pi() * floor((heading + pi()) / (2 * pi())) AS turned,
        multiIf(
            match(e.ts, iso_8601), parseDateTime64BestEffortOrNull(e.ts, 3, 'UTC'),
            match(e.ts, json_number), fromUnixTimestamp64Milli(toInt64(greatest(-1., least(trunc(toFloat64OrZero(e.ts)), 9e12))), 'UTC'),
            NULL) AS event_time,
        -- UUID v5 of the Kafka position, in the URL namespace of RFC 4122: the same identity that path B derives
        if(e.event_id IS NULL, lower(hex(SHA1(concat(unhex('6ba7b8119dad11d180b400c04fd430c8'), topic, '/', toString(partition), '/', toString(offset), '/', toString(part))))), '') AS h,
        if(e.event_id IS NULL, toUUIDOrZero(concat(substring(h, 1, 8), '-', substring(h, 9, 4), '-5', substring(h, 14, 3), '-',
            substring('89ab89ab89ab89ab', position('0123456789abcdef', substring(h, 17, 1)), 1), substring(h, 18, 3), '-', substring(h, 21, 12))),
            toUUID('00000000-0000-0000-0000-000000000000')) AS position_uuid
    FROM
    (
        SELECT
            topic, partition, offset, key,
            raw, part,
            JSONExtract(raw, 'Tuple({parsed_fields})') AS e
        FROM {local}.telemetry_event_bytes
    )
);

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_valid_mv{on_cluster} TO warehouse.telemetry_raw
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    {event_columns},
    meta, received_at, 'engine' AS source, topic, partition, offset
FROM {local}.telemetry_validated
WHERE reason = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_invalid_mv{on_cluster} TO warehouse.dead_letters
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT topic, partition, offset, part, reason, if(empty(wrong_types), '', concat('wrong JSON type: ', arrayStringConcat(wrong_types, ', '))) AS detail, raw, key, received_at, 'engine' AS source
FROM {local}.telemetry_validated
WHERE reason != '';
