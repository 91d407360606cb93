import type { Logger } from 'pino';
import type { TopicFormat } from '../decode/topic-format.ts';
import type { GroupConsumer } from '../kafka/group-consumer.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { BatchTracing } from '../tracing/batch-tracing.ts';
import type { BatchSink } from './batch-sink.ts';
import type { ReadingTurns } from './reading-turns.ts';

export interface BatchLimits {
  maxRows: number;
  maxBytes: number;
  maxMs: number;
  /** Rows in memory of all partitions. */
  bufferMaxBytes: number;
  /** Of one partition, above which it is paused. */
  pauseAboveBytes: number;
}

export interface PartitionDependencies {
  consumer: GroupConsumer;
  sink: BatchSink;
  format: TopicFormat;
  limits: () => BatchLimits;
  turns: ReadingTurns;
  /** Event ids remembered to drop a producer's repetitions. */
  duplicateWindowEvents: number;
  clusterId: string;
  /** `source` of the rows; that of the live path when absent. */
  source?: number | undefined;
  tracing?: BatchTracing | undefined;
  metrics: Metrics;
  log: Logger;
}
