import type { Logger } from 'pino';
import type { Metrics } from '../metrics/metrics.ts';
import { UNTRACED, type BatchTracing } from '../tracing/batch-tracing.ts';
import type { BatchSink } from './batch-sink.ts';
import type { Batch } from './batch.ts';
import type { PartitionCheckpoint } from './checkpoint.ts';

export interface BatchWriterOptions {
  checkpoint: PartitionCheckpoint;
  sink: BatchSink;
  clusterId: string;
  tracing?: BatchTracing | undefined;
  metrics: Metrics;
  log: Logger;
  /** Stops the writer and drops the waiting batches. */
  signal: AbortSignal;
  /** Called before each attempt to insert: must the batch be compared with storage? */
  mustCompare: (batch: Batch) => boolean;
  onStored: (batch: Batch) => void;
  /** The batch can be neither stored nor committed, and the writer has stopped. */
  onFailed: (error: unknown) => void;
}

/**
 * Stores the batches of one partition in order, one at a time.
 * Invariant: a batch is claimed in the checkpoint before its insert begins, so that the next owner of the partition
 * repeats exactly that insert, and its offsets are committed only after its rows and dead letters are durable.
 */
export class BatchWriter {
  readonly #options: BatchWriterOptions;
  readonly #waiting: Batch[] = [];
  #running: Promise<void> | null = null;
  /** Nothing is left to store below this offset, and it is to be committed. */
  #skippedTo: number | null = null;

  constructor(options: BatchWriterOptions) {
    this.#options = options;
  }

  get bufferedBytes(): number {
    return this.#waiting.reduce((sum, batch) => sum + batch.bufferedBytes, 0);
  }

  get isBusy(): boolean {
    return this.#running !== null;
  }

  add(batch: Batch): void {
    this.#waiting.push(batch);
    this.#running ??= this.#run();
  }

  /** Commits an offset below which nothing is left to store. Does nothing while a batch is being stored. */
  skipTo(offset: number): void {
    if (this.#running) return;
    this.#skippedTo = offset;
    this.#running = this.#run();
  }

  /** Resolves when no batch waits, or the writer has stopped. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { checkpoint, signal, onStored, onFailed } = this.#options;
    try {
      if (this.#skippedTo !== null) await checkpoint.write(this.#skippedTo, null, signal);
      this.#skippedTo = null;
      for (let batch = this.#waiting[0]; batch; batch = this.#waiting[0]) {
        await this.#write(batch);
        signal.throwIfAborted();
        this.#waiting.shift();
        batch.rows.release();
        onStored(batch);
      }
      this.#running = null;
    } catch (error) {
      if (!signal.aborted) onFailed(error);
    }
  }

  async #write(batch: Batch): Promise<void> {
    const { checkpoint, sink, clusterId, tracing, metrics, log, signal } = this.#options;
    const { first, last, validatedAsOfMs } = batch;
    const token = batchToken(clusterId, checkpoint.epoch, batch);
    let isCompared = false;
    const mustCompare = (): boolean => {
      if (!this.#options.mustCompare(batch)) return false;
      if (!isCompared) {
        metrics.comparedBatches.inc();
        log.info({ first, last }, 'batch compared with storage before its insert');
      }
      isCompared = true;
      return true;
    };
    const trace = tracing?.start(batch) ?? UNTRACED;
    try {
      await trace.step('claim', () => checkpoint.write(first, { last, validatedAsOfMs }, signal));
      await trace.step('insert', () => sink.write(batch, { token, signal, mustCompare }));
      await trace.step('commit', () => checkpoint.write(last + 1, null, signal));
    } finally {
      trace.end();
    }
    reportBatch(metrics, batch);
    log.debug({ first, last, rows: batch.rows.rows, deadLetters: batch.deadLetters.rows }, 'batch committed');
  }
}

/** Counts a stored batch. */
export function reportBatch(metrics: Metrics, batch: Batch): void {
  const doneMs = Date.now();
  metrics.processSeconds.observe((doneMs - batch.validatedAsOfMs) / 1000);
  metrics.eventAgeSeconds.observe(Math.max(0, doneMs - batch.oldestMs) / 1000);
  metrics.messages.inc(batch.messages);
  metrics.messageBytes.inc(batch.messageBytes);
  metrics.events.inc(batch.rows.rows);
  metrics.unknownTypes.inc(batch.unknownTypes);
  metrics.duplicates.inc(batch.duplicates);
  for (const [reason, count] of batch.rejected) metrics.rejected.inc({ reason }, count);
}

/** Dead letters that may be events at the next attempt: their schema is registered, or the broker's disk is repaired. */
const UNREAD_REASONS = ['schema_unknown', 'batch_invalid'] as const;

/**
 * The deduplication token of a batch. ClickHouse drops a second insert with the same token, whatever its rows are.
 *
 * So a token must not be reused for other rows. For example, a schema that was unknown at the first attempt may be registered at
 * the second. Then an event that was a dead letter is a row, and a reused token would lose it.
 */
export function batchToken(
  clusterId: string,
  epoch: string,
  { of, first, last, rejected }: Pick<Batch, 'of' | 'first' | 'last' | 'rejected'>
): string {
  const unread = UNREAD_REASONS.reduce((sum, reason) => sum + (rejected.get(reason) ?? 0), 0);
  const offsets = `${clusterId}:${of.topic}:${epoch}:${of.partition}:${first}-${last}`;
  return unread === 0 ? offsets : `${offsets}:unread-${unread}`;
}
