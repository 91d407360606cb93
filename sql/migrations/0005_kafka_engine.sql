-- Path A: ClickHouse reads Kafka itself. These tables are its stages and store nothing; sql/views/kafka_engine.sql connects them.
-- queue -> messages -> parsed (plain) -> telemetry_raw
--          messages | parsed (not plain) -> event_bytes -> validated -> telemetry_raw | dead_letters
--
-- RawBLOB is the parser that accepts all bytes: no message can stop a partition.
-- 2 consumers with a thread each use two cores; more consumers than the topic has partitions would idle.
-- A block holds 262,144 messages or the messages of 1 s, whichever comes first. A viewer waits 1 s. When there is a backlog,
-- large blocks make few parts and few merges (with 65,536 messages, path A took 18 % more CPU, measured).
CREATE TABLE IF NOT EXISTS {local}.telemetry_queue{on_cluster} (payload String)
ENGINE = Kafka(floorwatch_kafka)
SETTINGS kafka_format = 'RawBLOB', kafka_num_consumers = 2, kafka_thread_per_consumer = 1,
         kafka_max_block_size = 262144, kafka_poll_max_batch_size = 65536, kafka_flush_interval_ms = 1000;

-- One row per Kafka message. `telemetry_from_kafka`, the view that fills it from the queue, is created and dropped by
-- `ingestor migrate` (INGEST_PATH), so that a migration never starts to consume.
CREATE TABLE IF NOT EXISTS {local}.telemetry_messages{on_cluster}
(
    payload   String,
    key       String,
    topic     LowCardinality(String),
    partition Int32,
    offset    Int64
)
ENGINE = Null;

-- One row per message that is one object on one line, parsed without a full validation.
CREATE TABLE IF NOT EXISTS {local}.telemetry_parsed{on_cluster}
(
    event_id    UUID,
    robot_id    LowCardinality(String),
    ts          DateTime64(3, 'UTC'),
    event_type  LowCardinality(String),
    task_id     Nullable(String),
    x           Nullable(Float32),
    y           Nullable(Float32),
    theta       Nullable(Float32),
    map_id      LowCardinality(Nullable(String)),
    site_id     LowCardinality(Nullable(String)),
    speed       Nullable(Float32),
    battery     Nullable(Float32),
    state       LowCardinality(Nullable(String)),
    error_code  LowCardinality(Nullable(String)),
    firmware    LowCardinality(Nullable(String)),
    meta        String,
    received_at DateTime64(3, 'UTC'),
    topic       LowCardinality(String),
    partition   Int32,
    offset      Int64,
    key         String,
    raw         String,
    plain       UInt8 COMMENT 'the event certainly keeps every rule of the contract, and the columns are its fields'
)
ENGINE = Null;

-- One row per event, not yet parsed.
CREATE TABLE IF NOT EXISTS {local}.telemetry_event_bytes{on_cluster}
(
    raw       String COMMENT 'the bytes of one event',
    part      UInt32 COMMENT 'its place in the message, from 0',
    key       String,
    topic     LowCardinality(String),
    partition Int32,
    offset    Int64
)
ENGINE = Null;

-- One row per event, parsed, with the result of its validation.
CREATE TABLE IF NOT EXISTS {local}.telemetry_validated{on_cluster}
(
    event_id    UUID,
    robot_id    String,
    ts          DateTime64(3, 'UTC'),
    event_type  String,
    task_id     Nullable(String),
    x           Nullable(Float32),
    y           Nullable(Float32),
    theta       Nullable(Float32),
    map_id      Nullable(String),
    site_id     Nullable(String),
    speed       Nullable(Float32),
    battery     Nullable(Float32),
    state       Nullable(String),
    error_code  Nullable(String),
    firmware    Nullable(String),
    meta        String,
    received_at DateTime64(3, 'UTC'),
    topic       LowCardinality(String),
    partition   Int32,
    offset      Int64,
    part        UInt32,
    key         String,
    raw         String,
    wrong_types Array(LowCardinality(String)) COMMENT 'fields whose JSON type the contract forbids',
    reason      LowCardinality(String) COMMENT 'empty: the event keeps every rule'
)
ENGINE = Null;
