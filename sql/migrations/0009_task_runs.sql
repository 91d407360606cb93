-- From TASK_STARTED to TASK_COMPLETED or TASK_FAILED, exact when events arrive twice or out of order.
--
-- Every column is a union of sets or an extreme, so no order and no repetition can change it; the pairing is done when
-- the view is read. A task that is started again after a failure has several starts and ends under one key.

CREATE TABLE IF NOT EXISTS {local}.task_runs{on_cluster}
(
    robot_id LowCardinality(String),
    task_id  String,
    starts   SimpleAggregateFunction(groupUniqArrayArray, Array(DateTime64(3, 'UTC'))),
    ends     SimpleAggregateFunction(groupUniqArrayArray, Array(Tuple(ts DateTime64(3, 'UTC'), event_type String, map_id String, x Float32, y Float32)))
             COMMENT 'x and y are NaN when the event has no position',
    last_ts  SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (robot_id, task_id)
TTL toDateTime(last_ts) + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.task_runs_mv{on_cluster} TO {local}.task_runs
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    r.robot_id AS robot_id,
    assumeNotNull(r.task_id) AS task_id,
    groupUniqArrayIf(r.ts, r.event_type = 'TASK_STARTED') AS starts,
    groupUniqArrayIf(
        CAST((r.ts, r.event_type, ifNull(r.map_id, ''), ifNull(r.x, nan), ifNull(r.y, nan)),
            'Tuple(ts DateTime64(3, \'UTC\'), event_type String, map_id String, x Float32, y Float32)'),
        r.event_type IN ('TASK_COMPLETED', 'TASK_FAILED')) AS ends,
    max(r.ts) AS last_ts
FROM {local}.telemetry_raw AS r
WHERE r.event_type IN ('TASK_STARTED', 'TASK_COMPLETED', 'TASK_FAILED') AND r.task_id IS NOT NULL
GROUP BY r.robot_id, r.task_id;

CREATE OR REPLACE VIEW warehouse.v_task_runs{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    robot_id,
    task_id,
    started_at,
    if(empty(found), NULL, found[1].ts) AS ended_at,
    multiIf(empty(found), 'running', found[1].event_type = 'TASK_COMPLETED', 'completed', 'failed') AS outcome,
    dateDiff('millisecond', started_at, ended_at) / 1000 AS task_duration,
    if(empty(found), '', found[1].map_id) AS map_id,
    if(empty(found) OR isNaN(found[1].x), NULL, found[1].x) AS x,
    if(empty(found) OR isNaN(found[1].y), NULL, found[1].y) AS y
FROM
(
    SELECT
        t.robot_id AS robot_id,
        t.task_id AS task_id,
        started_at,
        arraySlice(arrayFilter(e -> e.ts >= started_at AND e.ts < next_start, sorted_ends), 1, 1) AS found
    FROM
    (
        SELECT
            robot_id, task_id,
            arraySort(CAST(r.starts AS Array(DateTime64(3, 'UTC')))) AS sorted_starts,
            arrayPushBack(arrayPopFront(sorted_starts), toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) AS next_starts,
            arraySort(CAST(r.ends AS Array(Tuple(ts DateTime64(3, 'UTC'), event_type String, map_id String, x Float32, y Float32)))) AS sorted_ends
        FROM warehouse.task_runs AS r FINAL
        -- an end whose start never arrived is no run, and must not stop those of the other robots
        WHERE notEmpty(r.starts)
    ) AS t
    ARRAY JOIN sorted_starts AS started_at, next_starts AS next_start
)
COMMENT 'How long did each run of a task take (task_duration, seconds), and how did it end? Running ones have no end yet.';

-- The original design's name for it: one row a finished run, under the type and time of the event that ended it.
CREATE OR REPLACE VIEW warehouse.task_events_mv{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    robot_id,
    task_id,
    if(outcome = 'completed', 'TASK_COMPLETED', 'TASK_FAILED') AS event_type,
    assumeNotNull(ended_at) AS ts,
    started_at,
    assumeNotNull(ended_at) AS completed_at,
    outcome,
    assumeNotNull(task_duration) AS task_duration
FROM warehouse.v_task_runs
WHERE outcome != 'running'
COMMENT 'How long did finished tasks take? task_duration is in seconds.';
