import { readFileSync } from 'node:fs';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { INVALID_BATCH_CAUSES } from '../kafka/invalid-batch.ts';
import { DEAD_LETTER_REASONS } from '../decode/outcome.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Gauges of prom-client whose names end like counters, which `promtool check metrics` rejects. */
const MISNAMED = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total'];

/**
 * Every metric of the service, in its own registry. `ch_insert_batches_total` and `telemetry_process_seconds` have the names of the
 * original design.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });

  gauge('floorwatch_build_info', 'Version of the ingestor; always 1', ['version']).set({ version }, 1);

  const rejected = counter('floorwatch_rejected_events_total', 'Events sent to the dead letters', ['reason']);
  // Export each reason from 0. If a counter first appears with the value 1, Prometheus sees no increase, and the first event is lost.
  for (const reason of DEAD_LETTER_REASONS) rejected.inc({ reason }, 0);

  const invalidBatches = counter(
    'floorwatch_invalid_record_batches_total',
    'Record batches of Kafka that cannot be read; each of their offsets is a dead letter',
    ['cause']
  );
  for (const cause of INVALID_BATCH_CAUSES) invalidBatches.inc({ cause }, 0);

  return {
    registry,
    messages: counter('floorwatch_messages_total', 'Kafka messages read'),
    messageBytes: counter('floorwatch_message_bytes_total', 'Bytes of the values of these messages'),
    events: counter('floorwatch_events_total', 'Valid events read'),
    unknownTypes: counter(
      'floorwatch_unknown_event_types_total',
      'Valid events whose event_type is not in the contract'
    ),
    duplicates: counter(
      'floorwatch_duplicate_events_total',
      'Events dropped because their event_id is in the duplicate window'
    ),
    rejected,
    preparationFailures: counter(
      'floorwatch_preparation_failures_total',
      'Failed attempts to fetch what decoding needs, such as a schema; they are retried'
    ),
    referenceRobots: gauge('floorwatch_reference_robots', 'Robots in the robots table when it was last read'),
    referenceReadAt: gauge(
      'floorwatch_reference_read_timestamp_seconds',
      'When the robots table was last read, seconds since the epoch'
    ),
    referenceFailures: counter('floorwatch_reference_failures_total', 'Failed attempts to read the robots table'),
    invalidBatches,
    processingFailures: counter(
      'floorwatch_processing_failures_total',
      'Unexpected errors while messages were processed; their partition restarts from its checkpoint'
    ),
    insertedRows: counter('floorwatch_inserted_rows_total', 'Rows that ClickHouse confirmed', ['table']),
    insertBatches: counter('ch_insert_batches_total', 'Inserts that ClickHouse confirmed'),
    insertFailures: counter('floorwatch_insert_failures_total', 'Failed attempts to insert; they are retried'),
    splitInserts: counter(
      'floorwatch_split_inserts_total',
      'Inserts split into halves, because ClickHouse repeatedly had not enough memory or time for the whole'
    ),
    deadLetterInsertFailures: counter(
      'floorwatch_dead_letter_insert_failures_total',
      'Failed attempts to insert dead letters; they are retried, and their partition waits'
    ),
    deadLetterTopicMessages: counter(
      'floorwatch_dead_letter_topic_messages_total',
      'Messages sent to DEAD_LETTER_TOPIC'
    ),
    deadLetterTopicFailures: counter(
      'floorwatch_dead_letter_topic_failures_total',
      'Failed attempts to send to DEAD_LETTER_TOPIC; they are retried, and their partition waits'
    ),
    insertsFailing: gauge(
      'floorwatch_inserts_failing',
      '1 while inserts of a partition fail and none of them has succeeded since, by reason: refused (ClickHouse answered with this error), timeout, unreachable',
      ['reason', 'code']
    ),
    completedRows: counter(
      'floorwatch_completed_rows_total',
      'Rows that ClickHouse confirmed and did not have, because it was killed during their insert; inserted again',
      ['table']
    ),
    comparedBatches: counter(
      'floorwatch_compared_batches_total',
      'Batches compared with storage before their insert, because its token may not show that it is repeated'
    ),
    newEpochs: counter(
      'floorwatch_new_epochs_total',
      'Partitions whose checkpoint did not describe the log, so that their messages were compared with storage',
      ['reason']
    ),
    insertSeconds: histogram(
      'floorwatch_insert_seconds',
      'Duration of one confirmed insert',
      [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]
    ),
    processSeconds: histogram(
      'telemetry_process_seconds',
      'Time from reading the first message of a batch until its offsets are committed',
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
    ),
    eventAgeSeconds: histogram(
      'floorwatch_event_age_seconds',
      'Age, by its Kafka timestamp, of the oldest message of a batch when its offsets are committed',
      [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600, 86_400]
    ),
    bufferedBytes: gauge('floorwatch_buffered_bytes', 'Bytes of rows in memory that are not yet durable'),
    delayedBatches: gauge(
      'floorwatch_delayed_batches',
      'Batches that are older than BATCH_MAX_MS and wait for their turn, because BATCH_MAX_PER_SECOND are flushed already'
    ),
    assignedPartitions: gauge('floorwatch_assigned_partitions', 'Partitions that this instance reads'),
    pausedPartitions: gauge(
      'floorwatch_paused_partitions',
      'Paused partitions by reason: memory (ClickHouse is slower than Kafka), preparation (a schema is missing), position (the committed offset is not yet known), turn (other partitions catch up first)',
      ['reason']
    ),
    lagMessages: gauge('floorwatch_consumer_lag_messages', 'Messages not yet committed by a consumer group', [
      'group',
      'topic',
      'partition',
      'path',
    ]),
    lagSeconds: gauge(
      'floorwatch_consumer_lag_seconds',
      'Age of the oldest message that a consumer group has not committed; 0 when there is none',
      ['group', 'topic', 'partition', 'path']
    ),
    kafkaAnsweredAt: gauge(
      'floorwatch_kafka_answered_timestamp_seconds',
      'When Kafka last answered the measurement of lag, seconds since the epoch; until then, when the ingestor started'
    ),
    lagFailures: counter('floorwatch_lag_failures_total', 'Failed measurements of lag'),
    offsetReportFailures: counter(
      'floorwatch_offset_report_failures_total',
      'Failed attempts to write offsets to path_offsets; silence is computed without them'
    ),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
