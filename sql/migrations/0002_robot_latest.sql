-- What each robot last said, one row a robot, so that a "now" question costs by robots and not by events.
--
-- Every state is an argMax over event time: the same event twice, or events out of order, change nothing.
-- A robot that falls silent stays: its row has no TTL.

CREATE TABLE IF NOT EXISTS {local}.robot_latest{on_cluster}
(
    robot_id       LowCardinality(String),
    last_ts        SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    received_at    SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    event_type     AggregateFunction(argMax, String, DateTime64(3, 'UTC')),
    site_id        AggregateFunction(argMax, Nullable(String), DateTime64(3, 'UTC')),
    battery        AggregateFunction(argMax, Nullable(Float32), DateTime64(3, 'UTC')),
    firmware       AggregateFunction(argMax, Nullable(String), DateTime64(3, 'UTC')),
    position_ts    SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'epoch when the robot never reported a position',
    x              AggregateFunction(argMax, Nullable(Float32), DateTime64(3, 'UTC')),
    y              AggregateFunction(argMax, Nullable(Float32), DateTime64(3, 'UTC')),
    theta          AggregateFunction(argMax, Nullable(Float32), DateTime64(3, 'UTC')),
    speed          AggregateFunction(argMax, Nullable(Float32), DateTime64(3, 'UTC')),
    map_id         AggregateFunction(argMax, String, DateTime64(3, 'UTC')) COMMENT 'of the last position; empty when it named none',
    position_meta  AggregateFunction(argMax, String, DateTime64(3, 'UTC')) COMMENT 'meta of the last position: localisation lives there',
    state          AggregateFunction(argMax, Nullable(String), DateTime64(3, 'UTC')),
    state_task     AggregateFunction(argMax, String, DateTime64(3, 'UTC')) COMMENT 'task of the last event that reported a state or a task; empty when none',
    state_error    AggregateFunction(argMax, String, DateTime64(3, 'UTC')) COMMENT 'error of the last event that reported a state or an error; empty when none'
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY robot_id
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_latest_mv{on_cluster} TO {local}.robot_latest
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    robot_id,
    max(r.ts) AS last_ts,
    max(r.received_at) AS received_at,
    argMaxState(toString(r.event_type), r.ts) AS event_type,
    argMaxState(CAST(r.site_id AS Nullable(String)), r.ts) AS site_id,
    argMaxState(r.battery, r.ts) AS battery,
    argMaxState(CAST(r.firmware AS Nullable(String)), r.ts) AS firmware,
    maxIf(r.ts, r.x IS NOT NULL) AS position_ts,
    argMaxState(r.x, r.ts) AS x,
    argMaxState(r.y, r.ts) AS y,
    argMaxState(r.theta, r.ts) AS theta,
    argMaxState(r.speed, r.ts) AS speed,
    argMaxStateIf(toString(ifNull(r.map_id, '')), r.ts, r.x IS NOT NULL) AS map_id,
    argMaxStateIf(r.meta, r.ts, r.x IS NOT NULL) AS position_meta,
    argMaxState(CAST(r.state AS Nullable(String)), r.ts) AS state,
    argMaxStateIf(if(r.event_type IN ('TASK_COMPLETED', 'TASK_FAILED'), '', ifNull(r.task_id, '')), r.ts, r.state IS NOT NULL OR r.task_id IS NOT NULL) AS state_task,
    argMaxStateIf(toString(ifNull(r.error_code, '')), r.ts, r.state IS NOT NULL OR r.error_code IS NOT NULL) AS state_error
FROM {local}.telemetry_raw AS r
GROUP BY robot_id;
