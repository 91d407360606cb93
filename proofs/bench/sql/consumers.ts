/** One way to load a Kafka topic into a table inside ClickHouse. All are measured with the same topic. */
export interface Consumer {
  name: 'engine' | 'floor' | 'original' | 'floorwatch';
  /** Format of the Kafka table `bench.queue (payload String)`. */
  format: 'RawBLOB' | 'JSONAsString';
  /** More settings of that Kafka table, each after a comma. Empty: ClickHouse's defaults. */
  kafkaSettings: string;
  /** Creates or empties the target table. Runs before each measurement. */
  setup: string[];
  target: string;
  /** What the materialised view selects from `bench.queue`. */
  select: string;
  /** Counts the events that arrived. */
  count: string;
}

/** The settings of path A's table (sql/migrations/0005_kafka_engine.sql). */
const OWN_SETTINGS = `, kafka_num_consumers = 2, kafka_thread_per_consumer = 1, kafka_max_block_size = 262144,
  kafka_poll_max_batch_size = 65536, kafka_flush_interval_ms = 1000`;

/** What ClickHouse's Kafka engine itself takes, with the settings of path A: no SQL, and nothing is stored. */
export const ENGINE: Consumer = {
  name: 'engine',
  format: 'RawBLOB',
  kafkaSettings: OWN_SETTINGS,
  // A Null table cannot count its rows.
  setup: [
    'DROP VIEW IF EXISTS bench.engine_counter SYNC',
    'DROP TABLE IF EXISTS bench.engine_count SYNC',
    'CREATE TABLE bench.engine (payload String) ENGINE = Null',
    'CREATE TABLE bench.engine_count (events UInt64) ENGINE = MergeTree ORDER BY tuple()',
    'CREATE MATERIALIZED VIEW bench.engine_counter TO bench.engine_count AS SELECT count() AS events FROM bench.engine',
  ],
  target: 'bench.engine',
  select: 'SELECT payload FROM bench.queue',
  count: 'SELECT sum(events) AS events FROM bench.engine_count',
};

/** The lower bound: stores only the bytes, with the settings of path A. */
export const FLOOR: Consumer = {
  name: 'floor',
  format: 'RawBLOB',
  kafkaSettings: OWN_SETTINGS,
  setup: ['CREATE TABLE bench.floor (payload String) ENGINE = MergeTree ORDER BY tuple()'],
  target: 'bench.floor',
  select: 'SELECT payload FROM bench.queue',
  count: 'SELECT count() AS events FROM bench.floor',
};

/** The view and the table of the original design, with ClickHouse's default settings for Kafka. */
export const ORIGINAL: Consumer = {
  name: 'original',
  format: 'JSONAsString',
  kafkaSettings: '',
  setup: [
    `CREATE TABLE bench.original (event_id String, robot_id String, ts DateTime64(3, 'UTC'), event_type String,
       task_id Nullable(String), x Float64, y Float64, battery UInt8, error_code Nullable(String), meta String,
       received_at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (robot_id, ts)`,
  ],
  target: 'bench.original',
  select: `SELECT
      JSON_VALUE(payload, '$.event_id') AS event_id,
      JSON_VALUE(payload, '$.robot_id') AS robot_id,
      parseDateTime64BestEffort(JSON_VALUE(payload, '$.ts'), 3, 'UTC') AS ts,
      JSON_VALUE(payload, '$.event_type') AS event_type,
      JSON_VALUE(payload, '$.task_id') AS task_id,
      toFloat64(JSON_VALUE(payload, '$.x')) AS x,
      toFloat64(JSON_VALUE(payload, '$.y')) AS y,
      toUInt8OrZero(JSON_VALUE(payload, '$.battery')) AS battery,
      JSON_VALUE(payload, '$.error_code') AS error_code,
      JSONExtractString(payload, '$.meta') AS meta
    FROM bench.queue`,
  count: 'SELECT count() AS events FROM bench.original',
};

/** Path A: validates, deduplicates, and updates the latest state, task runs and dead letters. */
export const FLOORWATCH: Consumer = {
  name: 'floorwatch',
  format: 'RawBLOB',
  kafkaSettings: OWN_SETTINGS,
  setup: ['telemetry_raw', 'robot_latest', 'robot_state_minutes', 'task_runs', 'path_progress', 'dead_letters'].map(
    (table) => `TRUNCATE TABLE warehouse.${table}`
  ),
  target: 'warehouse.telemetry_messages',
  select: `SELECT payload, _key AS key, _topic AS topic, toInt32(_partition) AS partition, toInt64(_offset) AS offset
    FROM bench.queue`,
  count: 'SELECT count() AS events FROM warehouse.telemetry_raw',
};
