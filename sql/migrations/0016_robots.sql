-- What is known of a robot but not said by it. The ingestor adds it to events when ENRICH_EVERY_MS is set.

CREATE TABLE IF NOT EXISTS {local}.robots{on_cluster}
(
    robot_id   String,
    model      LowCardinality(String) COMMENT 'becomes meta.model; empty when unknown',
    site_id    LowCardinality(String) COMMENT 'becomes site_id of events that have none; empty when unknown',
    fleet      LowCardinality(String) COMMENT 'becomes meta.fleet; empty when unknown',
    deleted    UInt8 DEFAULT 0 COMMENT '1 hides the robot',
    updated_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(updated_at)
ORDER BY robot_id;

CREATE OR REPLACE VIEW warehouse.v_robots{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT robot_id, model, site_id, fleet, updated_at
FROM warehouse.robots FINAL
WHERE deleted = 0
COMMENT 'Which model is each robot, and to which site and fleet does it belong?';
