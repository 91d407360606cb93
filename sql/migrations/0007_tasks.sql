-- From TASK_STARTED to TASK_COMPLETED or TASK_FAILED, exact when events arrive twice or out of order.
--
-- Every column is a union of sets or an extreme, so order and repetition change nothing. v_task_runs pairs starts and ends
-- when it is read. A task that starts again after a failure has several starts and ends under one key.
CREATE TABLE IF NOT EXISTS {local}.task_runs{on_cluster}
(
    robot_id LowCardinality(String),
    task_id  String,
    starts   SimpleAggregateFunction(groupUniqArrayArray, Array(DateTime64(3, 'UTC'))),
    ends     SimpleAggregateFunction(groupUniqArrayArray, Array(Tuple(ts DateTime64(3, 'UTC'), event_type String, map_id String, x Float32, y Float32, error_code String)))
             COMMENT 'x and y are NaN when the event has no position; error_code is that of a failure',
    last_ts  SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    sites    SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'of its events; a site reader sees tasks with exactly its site'
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (robot_id, task_id)
TTL toDateTime(last_ts) + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 10000;
