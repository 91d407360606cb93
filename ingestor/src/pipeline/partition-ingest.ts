import type { Logger } from 'pino';
import type { Assignment, ConsumedMessage, TopicPartition } from '../kafka/group-consumer.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import type { ClaimedBatch } from './checkpoint.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import { PartitionCheckpoint } from './partition-checkpoint.ts';
import type { PartitionDependencies } from './partition-dependencies.ts';
import type { PauseReason } from './pause-reasons.ts';
import { PreparationQueue } from './preparation-queue.ts';
import { Batch } from './batch.ts';
import { batchToken } from './batch-token.ts';
import { RowsRefusedError } from './batch-sink.ts';
import { ReadingPace } from './reading-pace.ts';
import { reportBatch } from './report-batch.ts';
import { untilDone } from './retry.ts';
import { UNTRACED } from '../tracing/batch-tracing.ts';

/** While a backlog is read, fewer and larger inserts are worth waiting this many times as long. */
const BACKLOG_PATIENCE = 10;

/** One batch fills, one is written; a little below a half, so that a buffer that doubles does not double once more. */
const FULL_SHARE = 0.48;

/**
 * Reads one assigned partition into contiguous batches and makes them durable in order, one at a time.
 *
 * Invariant: an offset is committed only after the rows and the dead letters below it are durable, and a batch is written
 * into the checkpoint before its insert begins, so that whoever reads the partition next repeats exactly that insert.
 */
export class PartitionIngest {
  readonly #of: TopicPartition;
  readonly #assignment: Assignment;
  readonly #deps: PartitionDependencies;
  readonly #log: Logger;
  readonly #checkpoint: PartitionCheckpoint;
  /** The offset that must come next; null before the first message of a log without a checkpoint. */
  #next: number | null = null;
  /** A batch of an earlier life that must be built again as it was. */
  #pending: ClaimedBatch | null = null;
  #window: DuplicateWindow;
  /** Takes what lies below the committed offset, for the sake of the window alone. */
  #warmUp: Batch | null = null;
  #open: Batch | null = null;
  #closed: Batch[] = [];
  #writing: Promise<void> | null = null;
  #keepSources = false;
  readonly #pace: ReadingPace;
  #life: AbortController | null = null;
  /** What has been read but cannot be decoded yet; null when the topic's format needs nothing. */
  #preparing: PreparationQueue | null = null;

  constructor(of: TopicPartition, assignment: Assignment, deps: PartitionDependencies) {
    this.#of = of;
    this.#assignment = assignment;
    this.#deps = deps;
    this.#log = deps.log.child({ ...of });
    this.#pace = new ReadingPace(of, deps, () => ({
      bufferedBytes: this.bufferedBytes,
      isRebuilding: this.#pending !== null,
    }));
    this.#checkpoint = new PartitionCheckpoint(of, assignment, { consumer: deps.consumer, log: this.#log });
    this.#window = new DuplicateWindow(deps.duplicateWindowEvents);
    this.#begin(false);
  }

  get bufferedBytes(): number {
    return this.#closed.reduce((sum, batch) => sum + batch.bufferedBytes, this.#open?.bufferedBytes ?? 0);
  }

  /** Null while it is read. */
  get pauseReason(): PauseReason | null {
    return this.#pace.pauseReason;
  }

  /** @param remaining messages that lay behind these in the log when they were read */
  accept(messages: readonly ConsumedMessage[], remaining = 0): void {
    if (this.#life === null) return; // Finding its position: what comes now was fetched from the one before.
    if (this.#preparing === null) this.#take(messages);
    else this.#preparing.add(messages);
    if (this.#pace.isLookingForPosition) return; // Reading has just begun anew, and the queue is gone.
    this.#pace.waitForPreparation(this.#preparing?.isWaiting ?? false);
    this.#pace.haveRead(remaining);
  }

  #take(messages: readonly ConsumedMessage[]): void {
    const { decode } = this.#deps.format;
    for (const message of messages) {
      const offset = message.offsetNumber ?? Number(message.offset);
      if (this.#isWarmUp(message, offset)) continue;
      if (this.#next !== null && offset < this.#next) {
        this.#log.warn({ expected: this.#next, offset }, 'the log was cut or made again, starting over');
        this.#begin(false);
        return;
      }
      if (this.#pending && offset > this.#pending.last) this.#closeOpen();
      this.#open ??= this.#newBatch(this.#next ?? offset, message.arrivedAtMs);
      this.#open.add(message, offset, decode);
      this.#next = offset + 1;
      if (this.#isFull(this.#open)) this.#closeOpen();
    }
    this.#pace.watchMemory();
  }

  /** True for a message that is durable already; it is read again only to remember its event ids. */
  #isWarmUp(message: ConsumedMessage, offset: number): boolean {
    if (this.#warmUp === null) return false;
    if (offset < (this.#next ?? 0)) {
      this.#warmUp.add(message, offset, this.#deps.format.decode);
      return true;
    }
    this.#warmUp = null;
    return false;
  }

  /** Cuts the open batch when its first event has waited long enough and nothing older is being written. */
  flushIfDue(nowMs: number): void {
    if (!this.#open || this.#pending || this.#closed.length > 0) return;
    const { maxMs } = this.#deps.limits();
    const patienceMs = this.#pace.isBehind ? maxMs * BACKLOG_PATIENCE : maxMs;
    if (nowMs - this.#open.validatedAsOfMs >= patienceMs) this.#closeOpen();
  }

  /** Writes and commits all that was read. A batch that must be rebuilt and is not whole yet stays for the next owner. */
  async drain(): Promise<void> {
    if (!this.#pending) this.#closeOpen();
    await this.#writing;
  }

  /** Forgets what is in memory, asks the group where to go on, and goes on there. */
  #begin(keepSources: boolean): void {
    this.#life?.abort();
    this.#life = null;
    this.#writing = null;
    this.#open = null;
    this.#closed = [];
    this.#preparing = null;
    this.#keepSources = keepSources;
    this.#pace.lookForPosition();
    const life = new AbortController();
    const signal = AbortSignal.any([life.signal, this.#assignment.lost]);
    this.#findPosition(signal).then(
      () => {
        this.#life = life;
        this.#preparing = this.#preparationQueue(signal);
        this.#pace.foundPosition();
      },
      (err: unknown) => {
        if (!signal.aborted) this.#log.error({ err }, 'cannot find the position of the partition');
      }
    );
  }

  async #findPosition(signal: AbortSignal): Promise<void> {
    const onFailure = (err: Error) => {
      this.#log.warn({ err }, 'cannot read the checkpoint, trying again');
    };
    await untilDone(
      async () => {
        const { offset, pending } = await this.#checkpoint.read();
        const from = offset === null ? 'earliest' : Math.max(0, offset - this.#deps.duplicateWindowEvents);
        await this.#deps.consumer.seek(this.#of, from);
        this.#window = new DuplicateWindow(this.#deps.duplicateWindowEvents);
        this.#next = offset;
        this.#warmUp = offset === null ? null : this.#newBatch(offset, Date.now());
        this.#pending = pending;
      },
      { signal, onFailure }
    );
    const { epoch } = this.#checkpoint;
    this.#log.info({ next: this.#next, epoch, pending: this.#pending }, 'partition assigned');
  }

  #preparationQueue(signal: AbortSignal): PreparationQueue | null {
    const { format, metrics } = this.#deps;
    if (!format.preparation) return null;
    return new PreparationQueue(format.preparation, {
      signal,
      onReady: (messages) => {
        this.#take(messages);
        this.#pace.waitForPreparation(this.#preparing?.isWaiting ?? false);
      },
      onFailure: (err) => {
        metrics.preparationFailures.inc();
        this.#log.warn({ err }, 'messages cannot be decoded yet, trying again');
      },
    });
  }

  #newBatch(first: number, arrivedAtMs: number): Batch {
    const validatedAsOfMs = this.#pending?.validatedAsOfMs ?? arrivedAtMs;
    return new Batch({
      ...{ of: this.#of, first, validatedAsOfMs, keepSources: this.#keepSources, window: this.#window },
      rows: new RowBinaryWriter(),
      isPlainJson: this.#deps.format.isPlainJson ?? false,
      source: this.#deps.source,
    });
  }

  #isFull(batch: Batch): boolean {
    if (this.#pending) return batch.last >= this.#pending.last;
    const { maxRows, maxBytes } = this.#deps.limits();
    const rows = batch.rows.rows + batch.deadLetters.rows;
    return (
      rows >= maxRows || batch.messageBytes >= maxBytes || batch.bufferedBytes >= this.#pace.memoryBytes * FULL_SHARE
    );
  }

  #closeOpen(): void {
    if (this.#open) {
      this.#open.closedAtMs = Date.now();
      this.#closed.push(this.#open);
      this.#writing ??= this.#writeClosed();
    }
    this.#open = null;
    this.#pending = null;
    this.#keepSources = false;
    this.#pace.endTurn();
  }

  async #writeClosed(): Promise<void> {
    const life = this.#life;
    if (!life) return;
    const signal = AbortSignal.any([life.signal, this.#assignment.lost]);
    try {
      for (let batch = this.#closed[0]; batch; batch = this.#closed[0]) {
        await this.#write(batch, signal);
        signal.throwIfAborted();
        this.#closed.shift();
        batch.rows.release();
        this.#pace.watchMemory();
      }
      this.#writing = null;
    } catch (error) {
      if (signal.aborted) return;
      this.#log.warn({ err: error }, 'starting the partition over from its checkpoint');
      this.#begin(error instanceof RowsRefusedError);
    }
  }

  async #write(batch: Batch, signal: AbortSignal): Promise<void> {
    const { sink, clusterId, metrics, tracing } = this.#deps;
    const pending = { last: batch.last, validatedAsOfMs: batch.validatedAsOfMs };
    const token = batchToken(clusterId, this.#checkpoint.epoch, batch);
    const trace = tracing?.start(batch) ?? UNTRACED;
    try {
      await trace.step('claim', () => this.#checkpoint.write(batch.first, pending, signal));
      await trace.step('insert', () => sink.write(batch, token, signal));
      await trace.step('commit', () => this.#checkpoint.write(batch.last + 1, null, signal));
    } finally {
      trace.end();
    }
    reportBatch(metrics, batch);
    this.#log.debug(
      { first: batch.first, last: batch.last, rows: batch.rows.rows, deadLetters: batch.deadLetters.rows },
      'batch committed'
    );
  }
}
