import type { Logger } from 'pino';
import type { TopicFormat } from '../decode/topic-format.ts';
import {
  partitionKey,
  type Assignment,
  type ConsumedMessage,
  type GroupConsumer,
  type TopicPartition,
} from '../kafka/group-consumer.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { RowsRefusedError } from './batch-sink.ts';
import { BatchWriter, type BatchWriterOptions } from './batch-writer.ts';
import { Batch, type BatchLimits } from './batch.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import { PartitionCheckpoint } from './partition-checkpoint.ts';
import {
  mustCompare,
  nextOffset,
  onMessage,
  transition,
  unfinishedRebuild,
  UNLOCATED,
  type PartitionEvent,
  type PartitionState,
  type Rebuild,
} from './partition-state.ts';
import { PreparationQueue } from './preparation-queue.ts';
import type { PartitionLoad } from './reading-plan.ts';
import { untilDone } from './retry.ts';

/** With this many messages still to be read, a partition catches up. */
const BACKLOG_MESSAGES = 20_000;
/** While a backlog is read, fewer and larger inserts are worth waiting this many times as long. */
const BACKLOG_PATIENCE = 10;
/** One batch fills, one is written; a little below a half, so that a buffer that doubles does not double once more. */
const FULL_SHARE = 0.48;

export interface PartitionIngestOptions extends Pick<
  BatchWriterOptions,
  'sink' | 'clusterId' | 'tracing' | 'metrics' | 'log'
> {
  consumer: GroupConsumer;
  format: TopicFormat;
  limits: BatchLimits;
  /** Rows that the partition may have in memory now. */
  memoryBytes: () => number;
  /** `load` has changed. */
  onLoad: () => void;
  /** Event ids remembered to drop a producer's repetitions. */
  duplicateWindowEvents: number;
  /** `source` of the rows; that of the live path when absent. */
  source?: number | undefined;
}

/** What is in memory between finding the position and looking for it again. */
interface Reading {
  end: AbortController;
  window: DuplicateWindow;
  /** Takes what is stored already, for the sake of the window alone. */
  warmUp: Batch | null;
  open: Batch | null;
  writer: BatchWriter;
  /** What has been read but cannot be decoded yet; null when the topic's format needs nothing. */
  preparing: PreparationQueue | null;
}

/** Reads one assigned partition into contiguous batches. partition-state.ts decides what becomes of each message. */
export class PartitionIngest {
  readonly of: TopicPartition;
  readonly #assignment: Assignment;
  readonly #options: PartitionIngestOptions;
  readonly #log: Logger;
  readonly #checkpoint: PartitionCheckpoint;
  #state: PartitionState = UNLOCATED;
  /** Null while the position is looked for. */
  #reading: Reading | null = null;
  /** Messages that lay behind in the log at the last fetch. */
  #remaining = 0;
  #lastReadMs = 0;
  #closedBatches = 0;

  constructor(of: TopicPartition, assignment: Assignment, options: PartitionIngestOptions) {
    this.of = of;
    this.#assignment = assignment;
    this.#options = options;
    this.#log = options.log.child({ ...of });
    this.#checkpoint = new PartitionCheckpoint(of, assignment, { consumer: options.consumer, log: this.#log });
    this.#locate();
  }

  get load(): PartitionLoad {
    const reading = this.#reading;
    return {
      key: partitionKey(this.of),
      isLocating: reading === null,
      isPreparing: reading?.preparing?.isWaiting ?? false,
      isRebuilding: unfinishedRebuild(this.#state) !== null,
      isBehind: this.#isBehind,
      bufferedBytes: (reading?.open?.bufferedBytes ?? 0) + (reading?.writer.bufferedBytes ?? 0),
      closedBatches: this.#closedBatches,
      lastReadMs: this.#lastReadMs,
    };
  }

  get #isBehind(): boolean {
    return this.#remaining > BACKLOG_MESSAGES;
  }

  /** @param remaining messages that lay behind these in the log when they were read */
  accept(messages: readonly ConsumedMessage[], remaining = 0): void {
    const reading = this.#reading;
    if (reading === null) return; // What comes now was fetched from the position before.
    this.#remaining = remaining;
    this.#lastReadMs = Date.now();
    if (reading.preparing) reading.preparing.add(messages);
    else this.#take(messages, reading);
    this.#options.onLoad();
  }

  /** Closes the open batch when its first event has waited long enough and nothing older is being written. */
  flushIfDue(nowMs: number): void {
    const { open, writer } = this.#reading ?? {};
    if (!open || !writer || writer.isBusy || unfinishedRebuild(this.#state)) return;
    const { maxMs } = this.#options.limits;
    const patienceMs = this.#isBehind ? maxMs * BACKLOG_PATIENCE : maxMs;
    if (nowMs - open.validatedAsOfMs >= patienceMs) this.#close();
  }

  /** Writes and commits all that was read. A batch that must be rebuilt and is not whole yet stays for the next owner. */
  async drain(): Promise<void> {
    if (!unfinishedRebuild(this.#state)) this.#close();
    await this.#reading?.writer.idle();
  }

  #take(messages: readonly ConsumedMessage[], reading: Reading): void {
    const nowMs = Date.now();
    for (const message of messages) {
      const offset = message.offsetNumber ?? Number(message.offset);
      const before = this.#state;
      const { state, action } = onMessage(before, offset, nowMs);
      this.#state = state;
      switch (action) {
        case 'none':
          break;
        case 'remember':
          reading.warmUp ??= this.#newBatch(offset, message, null, reading);
          reading.warmUp.add(message, offset, this.#options.format.decode);
          break;
        case 'restart':
          this.#log.warn(
            { expected: nextOffset(before), offset },
            'log truncated or topic created again; restarting the partition'
          );
          this.#locate();
          return;
        case 'closeAndAppend':
          this.#close();
          this.#append(message, offset, before, null, reading);
          break;
        case 'append':
        case 'appendAndClose':
          this.#append(message, offset, before, unfinishedRebuild(before), reading);
          if (action === 'appendAndClose') this.#close();
      }
    }
  }

  #append(
    message: ConsumedMessage,
    offset: number,
    before: PartitionState,
    rebuild: Rebuild | null,
    reading: Reading
  ): void {
    reading.warmUp = null;
    reading.open ??= this.#newBatch(nextOffset(before) ?? offset, message, rebuild, reading);
    reading.open.add(message, offset, this.#options.format.decode);
    if (rebuild === null && this.#isFull(reading.open)) this.#close();
  }

  #newBatch(first: number, { arrivedAtMs }: ConsumedMessage, rebuild: Rebuild | null, { window }: Reading): Batch {
    return new Batch({
      ...{ of: this.of, first, window, rows: new RowBinaryWriter() },
      validatedAsOfMs: rebuild?.validatedAsOfMs ?? arrivedAtMs,
      keepSources: rebuild?.keepSources ?? false,
      isPlainJson: this.#options.format.isPlainJson ?? false,
      source: this.#options.source,
    });
  }

  #isFull(batch: Batch): boolean {
    const { limits, memoryBytes } = this.#options;
    return (
      batch.rows.rows + batch.deadLetters.rows >= limits.maxRows ||
      batch.messageBytes >= limits.maxBytes ||
      batch.bufferedBytes >= memoryBytes() * FULL_SHARE
    );
  }

  /** Hands the open batch over to be written. */
  #close(): void {
    const { open, writer } = this.#reading ?? {};
    if (!this.#reading || !open || !writer) return;
    open.closedAtMs = Date.now();
    this.#reading.open = null;
    this.#closedBatches++;
    writer.add(open);
    this.#options.onLoad();
  }

  #dispatch(event: PartitionEvent): void {
    const before = this.#state;
    this.#state = transition(before, event).state;
    if (this.#state.name === 'comparing' && before.name !== 'comparing') {
      this.#log.info({ until: this.#state.until }, 'comparing with storage before the insert');
    }
  }

  /** Forgets what is in memory, asks the group where to go on, and goes on there. */
  #locate(): void {
    this.#reading?.end.abort();
    this.#reading = null;
    this.#remaining = 0;
    this.#options.onLoad();
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, this.#assignment.lost]);
    this.#findPosition(signal).then(
      (found) => {
        this.#dispatch({ name: 'located', ...found });
        this.#reading = this.#newReading(end, signal);
        this.#options.onLoad();
      },
      (err: unknown) => {
        if (!signal.aborted) this.#log.error({ err }, 'cannot find the position of the partition');
      }
    );
  }

  async #findPosition(signal: AbortSignal): ReturnType<PartitionCheckpoint['read']> {
    const { consumer, duplicateWindowEvents } = this.#options;
    const found = await untilDone(
      async () => {
        const position = await this.#checkpoint.read();
        const { offset } = position;
        await consumer.seek(this.of, offset === null ? 'earliest' : Math.max(0, offset - duplicateWindowEvents));
        return position;
      },
      {
        signal,
        onFailure: (err) => {
          this.#log.warn({ err }, 'cannot read the checkpoint, trying again');
        },
      }
    );
    this.#log.info({ next: found.offset, epoch: this.#checkpoint.epoch, claim: found.claim }, 'partition assigned');
    return found;
  }

  #newReading(end: AbortController, signal: AbortSignal): Reading {
    const { format, metrics, duplicateWindowEvents, onLoad } = this.#options;
    const writer = new BatchWriter({
      ...{ ...this.#options, checkpoint: this.#checkpoint, log: this.#log, signal },
      mustCompare: ({ first, last, validatedAsOfMs }) => {
        this.#dispatch({ name: 'inserting', last, ageMs: Date.now() - validatedAsOfMs });
        return mustCompare(this.#state, first);
      },
      onStored: ({ last }) => {
        this.#dispatch({ name: 'stored', last });
        onLoad();
      },
      onFailed: (err) => {
        this.#log.warn({ err }, 'restarting the partition from its checkpoint');
        this.#dispatch({ name: 'failed', keepSources: err instanceof RowsRefusedError });
        this.#locate();
      },
    });
    const reading: Reading = {
      ...{ end, writer, warmUp: null, open: null, preparing: null },
      window: new DuplicateWindow(duplicateWindowEvents),
    };
    if (format.preparation) {
      reading.preparing = new PreparationQueue(format.preparation, {
        signal,
        onReady: (messages) => {
          this.#take(messages, reading);
          onLoad();
        },
        onFailure: (err) => {
          metrics.preparationFailures.inc();
          this.#log.warn({ err }, 'messages cannot be decoded yet, trying again');
        },
      });
    }
    return reading;
  }
}
