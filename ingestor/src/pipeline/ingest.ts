import type { Logger } from 'pino';
import type { TopicFormat } from '../decode/topic-format.ts';
import {
  partitionKey,
  type Assignment,
  type ConsumedMessage,
  type GroupConsumer,
  type TopicPartition,
} from '../kafka/group-consumer.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { BatchTracing } from '../tracing/batch-tracing.ts';
import type { BatchLimits } from './partition-dependencies.ts';
import { PAUSE_REASONS } from './pause-reasons.ts';
import { PartitionIngest } from './partition-ingest.ts';
import { ReadingTurns } from './reading-turns.ts';
import type { BatchSink } from './batch-sink.ts';

const TICK_MS = 50;

export interface IngestOptions {
  consumer: GroupConsumer;
  sink: BatchSink;
  formatOf: (topic: string) => TopicFormat;
  /** `source` of the rows; that of the live path when absent. */
  source?: number;
  tracing?: BatchTracing | undefined;
  batch: {
    maxRows: number;
    maxBytes: number;
    maxMs: number;
    bufferMaxBytes: number;
    /** Event ids remembered a partition. */
    duplicateWindowEvents: number;
  };
  metrics: Metrics;
  log: Logger;
}

/** Path B: reads every partition that the group assigns to this process into ClickHouse, until it is stopped. */
export class Ingest {
  readonly #options: IngestOptions;
  #partitions = new Map<string, PartitionIngest>();
  #turns: ReadingTurns | null = null;
  #tick: NodeJS.Timeout | null = null;
  #hasAssignment = false;

  constructor(options: IngestOptions) {
    this.#options = options;
  }

  /** False while the group has not yet told this process what to read. */
  get hasAssignment(): boolean {
    return this.#hasAssignment;
  }

  /** Whether the group has assigned the partition to this process. */
  reads(which: TopicPartition): boolean {
    return this.#hasAssignment && this.#partitions.has(partitionKey(which));
  }

  /** Throws when Kafka cannot be reached; it may be called again then. */
  async start(): Promise<void> {
    const { consumer, formatOf } = this.#options;
    await consumer.connect();
    const clusterId = await consumer.clusterId();
    this.#tick ??= setInterval(() => {
      this.#onTick();
    }, TICK_MS);
    await consumer.join({
      onAssigned: (assignment) => {
        this.#onAssigned(assignment, clusterId);
      },
      onMessages: (from, messages, remaining) => {
        const { hidesKeys } = formatOf(from.topic);
        const shown = hidesKeys ? messages.map(withoutKey) : messages;
        this.#partitions.get(partitionKey(from))?.accept(shown, remaining);
      },
    });
  }

  /** Makes durable and commits what was read, within the time given, and leaves the group. What is left is read again. */
  async stop(withinMs: number): Promise<void> {
    const partitions = [...this.#partitions.values()];
    this.#partitions.clear();
    const drained = Promise.all(partitions.map((partition) => partition.drain()));
    const giveUp = new Promise((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([drained, giveUp]);
    if (this.#tick) clearInterval(this.#tick);
    await this.#options.consumer.stop();
  }

  #onAssigned(assignment: Assignment, clusterId: string): void {
    const { consumer, sink, formatOf, source, tracing, metrics, log, batch } = this.#options;
    this.#hasAssignment = true;
    const limits = (): BatchLimits => ({
      ...batch,
      pauseAboveBytes: batch.bufferMaxBytes / Math.max(1, assignment.partitions.length),
    });
    const turns = new ReadingTurns(() => this.#bufferedBytes() <= batch.bufferMaxBytes / 2);
    this.#turns = turns;
    this.#partitions = new Map(
      assignment.partitions.map((of) => [
        partitionKey(of),
        new PartitionIngest(of, assignment, {
          ...{ consumer, sink, limits, turns, clusterId, source, tracing, metrics, log },
          format: formatOf(of.topic),
          duplicateWindowEvents: batch.duplicateWindowEvents,
        }),
      ])
    );
    assignment.lost.addEventListener('abort', () => (this.#hasAssignment = false), { once: true });
  }

  #onTick(): void {
    const nowMs = Date.now();
    const partitions = [...this.#partitions.values()];
    for (const partition of partitions) partition.flushIfDue(nowMs);
    this.#turns?.offer();
    const { metrics } = this.#options;
    metrics.assignedPartitions.set(partitions.length);
    for (const reason of PAUSE_REASONS) {
      metrics.pausedPartitions.set(
        { reason },
        partitions.filter((partition) => partition.pauseReason === reason).length
      );
    }
    metrics.bufferedBytes.set(this.#bufferedBytes());
  }

  #bufferedBytes(): number {
    return [...this.#partitions.values()].reduce((sum, partition) => sum + partition.bufferedBytes, 0);
  }
}

function withoutKey({ offset, timestamp, arrivedAtMs, value }: ConsumedMessage): ConsumedMessage {
  return { offset, timestamp, arrivedAtMs, value, key: null };
}
