-- Single events, for people who investigate one robot, without personal data.

CREATE OR REPLACE VIEW warehouse.v_events{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    {event_columns},
    if(meta = '', '', concat('{', arrayStringConcat(arrayMap(kv -> concat(toJSONString(kv.1), ':', kv.2),
        arrayFilter(kv -> kv.1 NOT IN (SELECT field FROM warehouse.personal_fields), JSONExtractKeysAndValuesRaw(meta))), ','), '}')) AS meta,
    received_at, ts > received_at + INTERVAL 1 MINUTE AS clock_ahead, toString(source) AS source, topic, partition, offset
FROM warehouse.telemetry_raw FINAL
COMMENT 'What exactly did a robot report? Filter by robot_id and ts. Personal keys of meta are left out. clock_ahead: dated more than 60 s after its arrival.';
