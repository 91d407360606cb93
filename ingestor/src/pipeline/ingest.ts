import type { Logger } from 'pino';
import type { TopicFormat } from '../decode/topic-format.ts';
import type { DeadLetterTopic } from './dead-letter-topic.ts';
import { partitionKey, type Assignment, type GroupConsumer, type TopicPartition } from '../kafka/group-consumer.ts';
import { KeylessMessage } from '../kafka/keyless-message.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { BatchTracing } from '../tracing/batch-tracing.ts';
import type { BatchSink } from './batch-sink.ts';
import type { BatchLimits } from './batch.ts';
import { FlushPace } from './flush-pace.ts';
import { PartitionIngest } from './partition-ingest.ts';
import { memoryBytes, PAUSE_REASONS, planReading, type PartitionLoad, type ReadingPlan } from './reading-plan.ts';

const TICK_MS = 50;

export interface IngestOptions {
  consumer: GroupConsumer;
  sink: BatchSink;
  formatOf: (topic: string) => TopicFormat;
  /** `source` of the rows; that of the live path when absent. */
  source?: number;
  /** Gets the rejected messages; absent or null: they are only in ClickHouse. */
  deadLetterTopic?: DeadLetterTopic | null;
  tracing?: BatchTracing | undefined;
  batch: BatchLimits & {
    /** Maximum bytes of rows in memory, for all partitions together. */
    bufferMaxBytes: number;
    /** Event ids remembered per partition. */
    duplicateWindowEvents: number;
    /** Batches per second that are flushed for their age, of all partitions together. */
    maxPerSecond: number;
  };
  metrics: Metrics;
  log: Logger;
}

/** Path B: reads the partitions that the group assigns to this process into ClickHouse, until it is stopped. */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #pace: FlushPace;
  #partitions = new Map<string, PartitionIngest>();
  #plan: ReadingPlan = planReading([], { bufferMaxBytes: 0, nowMs: 0 });
  #tick: NodeJS.Timeout | null = null;
  #hasAssignment = false;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#pace = new FlushPace(options.batch.maxPerSecond);
  }

  /** False until the first assignment of the group. */
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
        const { invalidBatch } = messages[0] ?? {};
        if (invalidBatch) this.#options.metrics.invalidBatches.inc({ cause: invalidBatch.cause });
        const { hidesKeys, storedHeaders = [] } = formatOf(from.topic);
        const shown = hidesKeys ? messages.map((message) => new KeylessMessage(message, storedHeaders)) : messages;
        this.#partitions.get(partitionKey(from))?.accept(shown, remaining);
      },
      onSkipped: (from, next) => {
        this.#partitions.get(partitionKey(from))?.skip(next);
      },
    });
  }

  /** Stores and commits what was read, within the given time, and leaves the group. The rest is read again by the next owner. */
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
    const { consumer, sink, formatOf, source, deadLetterTopic, tracing, metrics, log, batch } = this.#options;
    this.#hasAssignment = true;
    this.#partitions = new Map(); // Partitions of the previous assignment may have another owner, so do not pause or resume them.
    const onLoad = (): void => {
      this.#replan();
    };
    this.#partitions = new Map(
      assignment.partitions.map((of) => {
        const key = partitionKey(of);
        const partition = new PartitionIngest(of, assignment, {
          ...{ consumer, sink, clusterId, source, deadLetterTopic, tracing, metrics, log, onLoad },
          format: formatOf(of.topic),
          limits: {
            ...batch,
            get maxRows() {
              return Math.min(batch.maxRows, sink.rowLimit);
            },
          },
          memoryBytes: () => memoryBytes(this.#plan, key, assignment.partitions.length, batch),
          duplicateWindowEvents: batch.duplicateWindowEvents,
        });
        return [key, partition];
      })
    );
    // Assigned partitions are paused, and stay paused until their position is known.
    this.#plan = planReading(this.#loads(), { bufferMaxBytes: batch.bufferMaxBytes, nowMs: Date.now() });
    assignment.lost.addEventListener('abort', () => (this.#hasAssignment = false), { once: true });
  }

  #onTick(): void {
    const { metrics } = this.#options;
    metrics.delayedBatches.set(this.#flushDue());
    this.#replan();
    const reasons = [...this.#plan.paused.values()];
    metrics.assignedPartitions.set(this.#partitions.size);
    for (const reason of PAUSE_REASONS) {
      metrics.pausedPartitions.set({ reason }, reasons.filter((each) => each === reason).length);
    }
    metrics.bufferedBytes.set(this.#loads().reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0));
  }

  /** @returns how many batches are due and wait for their turn */
  #flushDue(): number {
    const nowMs = Date.now();
    const mayFlush = (): boolean => this.#pace.take(nowMs);
    // The batch that has waited longest is first, so that each partition has its turn.
    return [...this.#partitions.values()]
      .map((partition) => ({ partition, openSinceMs: partition.openSinceMs }))
      .sort((a, b) => a.openSinceMs - b.openSinceMs)
      .filter(({ partition }) => partition.flushIfDue(nowMs, mayFlush) === 'delayed').length;
  }

  #loads(): PartitionLoad[] {
    return [...this.#partitions.values()].map(({ load }) => load);
  }

  /** Pauses and resumes partitions as the plan says. Call it when a partition's load has changed, and at intervals. */
  #replan(): void {
    const { consumer, batch } = this.#options;
    const before = this.#plan.paused;
    this.#plan = planReading(this.#loads(), { bufferMaxBytes: batch.bufferMaxBytes, nowMs: Date.now() }, this.#plan);
    const { paused } = this.#plan;
    for (const [key, { of }] of this.#partitions) {
      if (paused.has(key) === before.has(key)) continue;
      if (paused.has(key)) consumer.pause(of);
      else consumer.resume(of);
    }
  }
}
