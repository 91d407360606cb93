-- What each robot last reported, so that a question about now costs by robots and not by events.
--
-- Events carry different fields. For each robot and each set of fields, this table keeps the newest event that has exactly
-- these fields. The newest value of a field is in the newest of these rows that have the field (v_fleet_now looks there).
-- The same event twice, or events out of order, change nothing. A silent robot stays: its rows have no TTL.
-- An aggregate state per field holds the same, but took three times the CPU of an insert (measured).
CREATE TABLE IF NOT EXISTS {local}.robot_latest{on_cluster}
(
    robot_id    LowCardinality(String),
    present     UInt16 COMMENT 'which of the nullable fields the event has, a bit each',
    version     UInt64 COMMENT 'the earlier of ts and arrival in milliseconds, times 2; 1 more when it arrived live, so that a replay of an event does not take its place',
    ts          DateTime64(3, 'UTC') COMMENT 'event time, as the robot reports it',
    arrived_at  DateTime64(3, 'UTC') COMMENT '1970 for a replay, repair or backfill: these are not arrivals',
    topic       LowCardinality(String),
    partition   Int32,
    event_type  LowCardinality(String),
    site_id     LowCardinality(Nullable(String)),
    battery     Nullable(Float32),
    firmware    LowCardinality(Nullable(String)),
    x           Nullable(Float32),
    y           Nullable(Float32),
    theta       Nullable(Float32),
    speed       Nullable(Float32),
    map_id      LowCardinality(Nullable(String)),
    meta        String COMMENT 'of an event with a position: localisation lives there',
    state       LowCardinality(Nullable(String)),
    task_id     Nullable(String),
    error_code  LowCardinality(Nullable(String)),
    stored_at   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'when ClickHouse stored the row, by its own clock: robots and ingestors have others'
)
ENGINE = {replicated}ReplacingMergeTree(version)
ORDER BY (robot_id, present)
SETTINGS non_replicated_deduplication_window = 10000;

-- The first and last arrival of each robot and its delay after event time, by ten minutes of arrival. The smallest delay is the
-- offset of the robot's clock: an event that was buffered comes late, but no event comes before it happened. The gaps between the
-- last arrival of ten minutes and the first one of the next show the robot's rhythm, however long they are.
CREATE TABLE IF NOT EXISTS {local}.robot_arrivals{on_cluster}
(
    bucket        DateTime('UTC') COMMENT 'start of ten minutes of arrival' CODEC(Delta, ZSTD(1)),
    robot_id      LowCardinality(String),
    first_arrival SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    last_arrival  SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    min_delay_ms  SimpleAggregateFunction(min, Int64) COMMENT 'arrival minus event time, milliseconds; negative: the clock is ahead' CODEC(T64, ZSTD(1))
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (bucket, robot_id)
TTL bucket + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- In which state each robot is and since when, by minute of insertion: what the events of a minute say about it. robot_states_mv
-- combines the minutes with robot_states, and v_fleet_now adds the minutes since then.
--
-- Invariant: a row is about some events of a robot. `last` is the newest of them and has `state`; `before` is the newest one of any
-- other state; `start` is the oldest one of `state` after `before`. Rows of different events, in any order and with any repetition,
-- combine to the row of all these events (sql/README.md, 'Since when'). Rows whose starts are in one minute combine here already:
-- if the robot left the state in between, the start is lost and `before` counts, which is less than a minute earlier.
-- Events are numbers: the version of robot_latest, and 2^63 more if the event has a state. So an event that only names a task
-- counts only for a robot that never reported a state.
CREATE TABLE IF NOT EXISTS {local}.robot_state_minutes{on_cluster}
(
    inserted_at DateTime('UTC') COMMENT 'start of the minute of insertion, by the clock of the server' CODEC(Delta, ZSTD(1)),
    robot_id    LowCardinality(String),
    state       LowCardinality(String) COMMENT 'as reported; `task`: names a task under way, `no task`: names one that ended',
    minute      UInt32 COMMENT 'of `start`, since 1970' CODEC(Delta, ZSTD(1)),
    last        SimpleAggregateFunction(max, UInt64),
    before      SimpleAggregateFunction(max, UInt64) COMMENT '0: no event of another state',
    start       SimpleAggregateFunction(min, UInt64) COMMENT 'not after `before`: unknown'
)
ENGINE = {replicated}AggregatingMergeTree
ORDER BY (inserted_at, robot_id, state, minute)
TTL inserted_at + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 10000;

-- The same for all events before: one row per robot, so that a state can last for months.
CREATE TABLE IF NOT EXISTS {local}.robot_states{on_cluster}
(
    robot_id    LowCardinality(String),
    state       LowCardinality(String),
    last        UInt64,
    before      UInt64,
    start       UInt64,
    inserted_at DateTime('UTC') COMMENT 'the newest minute that was read: minutes from two minutes before it may be missing'
)
ENGINE = {replicated}ReplacingMergeTree(last)
ORDER BY robot_id
SETTINGS non_replicated_deduplication_window = 100;

-- Robots that people took out of service (`ingestor robots retire`) or put back. The latest row of a robot counts.
CREATE TABLE IF NOT EXISTS {local}.robot_retirements{on_cluster}
(
    robot_id   String,
    retired    UInt8 COMMENT '0: restored',
    changed_by String COMMENT 'as given to the command, or the user of the operating system',
    reason     String,
    changed_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(changed_at)
ORDER BY robot_id;

-- What the views of the fleet need to know from people (`ingestor robots settings`). An absent setting has its default.
CREATE TABLE IF NOT EXISTS {local}.fleet_settings{on_cluster}
(
    name       String COMMENT 'offline_after_hours: a robot that is silent for longer is offline; default 24',
    setting    Float64,
    changed_by String,
    changed_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(changed_at)
ORDER BY name;

-- What is known about a robot but not reported by it. The ingestor adds it to events when ENRICH_EVERY_MS is set.
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
