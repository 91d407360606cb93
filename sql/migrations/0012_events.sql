-- Single events for people who look into one robot, without what is personal.

-- Keys of `meta` that name or track a person; INSERT one to hide it from every reader at once.
CREATE TABLE IF NOT EXISTS {local}.personal_fields{on_cluster}
(
    field String
)
ENGINE = {replicated}ReplacingMergeTree
ORDER BY field;

INSERT INTO warehouse.personal_fields VALUES ('operator'), ('operator_id'), ('operator_name'), ('driver'), ('badge');

CREATE OR REPLACE VIEW warehouse.v_events{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    event_id, robot_id, ts, event_type, task_id, x, y, theta, map_id, site_id, speed, battery, state, error_code, firmware,
    if(meta = '', '', concat('{', arrayStringConcat(arrayMap(kv -> concat(toJSONString(kv.1), ':', kv.2),
        arrayFilter(kv -> kv.1 NOT IN (SELECT field FROM warehouse.personal_fields), JSONExtractKeysAndValuesRaw(meta))), ','), '}')) AS meta,
    received_at, toString(source) AS source, topic, partition, offset
FROM warehouse.telemetry_raw FINAL
COMMENT 'What exactly did a robot report? Filter by robot_id and ts. Personal keys of meta are left out.';
