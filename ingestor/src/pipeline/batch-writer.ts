import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DeadLetterTopic } from './dead-letter-topic.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { UNTRACED, type BatchTracing } from '../tracing/batch-tracing.ts';
import type { BatchSink } from './batch-sink.ts';
import type { Batch } from './batch.ts';
import type { PartitionCheckpoint } from './checkpoint.ts';

export interface BatchWriterOptions {
  checkpoint: PartitionCheckpoint;
  sink: BatchSink;
  clusterId: string;
  /** Gets the rejected messages after they are stored. */
  deadLetterTopic?: DeadLetterTopic | null | undefined;
  tracing?: BatchTracing | undefined;
  metrics: Metrics;
  log: Logger;
  /** Stops the writer and drops the waiting batches. */
  signal: AbortSignal;
  /** Before the first commit. Until then, the checkpoint does not say where to continue. */
  recover: (() => Promise<void>) | null;
  /** Before this time, an insert of the previous owner may still be running whose batch is unknown. */
  earlierInsertsEndMs: number;
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
  #isRecovered: boolean;

  constructor(options: BatchWriterOptions) {
    this.#options = options;
    this.#isRecovered = options.recover === null;
    if (!this.#isRecovered) this.#running = this.#run();
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
    if (this.#running && this.#isRecovered) return;
    this.#skippedTo = offset;
    this.#running ??= this.#run();
  }

  /** Resolves when no batch waits, or the writer has stopped. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { checkpoint, signal, onStored, onFailed } = this.#options;
    try {
      if (!this.#isRecovered) await this.#recover();
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

  async #recover(): Promise<void> {
    await this.#sleepUntil(this.#options.earlierInsertsEndMs);
    await this.#options.recover?.();
    this.#isRecovered = true;
  }

  /**
   * The previous owner may have died while ClickHouse inserted what a batch contained then. If it contained something else, no token
   * connects the two, and a comparison shows the rows only after they are stored.
   */
  async #untilEarlierInsertsEnd({ differs, openedAtMs }: Batch): Promise<void> {
    const { sink, earlierInsertsEndMs } = this.#options;
    await this.#sleepUntil(Math.max(earlierInsertsEndMs, differs ? openedAtMs + sink.timeoutMs : 0));
  }

  async #sleepUntil(timeMs: number): Promise<void> {
    if (timeMs > Date.now()) await sleep(timeMs - Date.now(), undefined, { signal: this.#options.signal });
  }

  async #write(batch: Batch): Promise<void> {
    const { checkpoint, sink, deadLetterTopic, clusterId, tracing, metrics, log, signal } = this.#options;
    const { first, last, validatedAsOfMs } = batch;
    await this.#untilEarlierInsertsEnd(batch);
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
      const claim = { last, validatedAsOfMs, digest: batch.claimedDigest ?? batch.digest };
      // If the token alone does not identify what is stored, it does not for the next owner either.
      const distrust = async (): Promise<void> => {
        checkpoint.compareBelow(last + 1);
        await checkpoint.write(first, claim, signal);
      };
      await trace.step('claim', () => (mustCompare() ? distrust() : checkpoint.write(first, claim, signal)));
      await trace.step('insert', () => sink.write(batch, { token, signal, mustCompare, distrust }));
      await deadLetterTopic?.send(batch.rejectedMessages, signal);
      await trace.step('commit', () => checkpoint.write(last + 1, null, signal, batch.mark));
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
