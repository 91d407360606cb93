import type { Logger } from 'pino';
import { partitionKey, type Assignment, type ConsumedMessage, type TopicPartition } from '../kafka/group-consumer.ts';
import { BatchBuilder, type BatchBuilderOptions } from './batch-builder.ts';
import { RowsRejectedError } from './batch-sink.ts';
import { BatchWriter, type BatchWriterOptions } from './batch-writer.ts';
import { PartitionCheckpoint, type PartitionCheckpointOptions } from './checkpoint.ts';
import {
  mustCompare,
  nextOffset,
  onMessage,
  transition,
  unfinishedRebuild,
  UNLOCATED,
  type PartitionEvent,
  type PartitionState,
} from './partition-state.ts';
import { PreparationQueue } from './preparation-queue.ts';
import type { PartitionLoad } from './reading-plan.ts';

/** With this many messages still to be read, a partition catches up. */
const BACKLOG_MESSAGES = 20_000;
/** While a backlog is read, fewer and larger inserts are worth waiting this many times as long. */
const BACKLOG_PATIENCE = 10;

export type PartitionIngestOptions = Omit<BatchBuilderOptions, 'of'> &
  Pick<BatchWriterOptions, 'sink' | 'clusterId' | 'tracing' | 'metrics'> &
  PartitionCheckpointOptions & {
    /** `load` has changed. */
    onLoad: () => void;
  };

/** What is in memory between finding the position and looking for it again. */
interface Reading {
  end: AbortController;
  builder: BatchBuilder;
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
    this.#log = options.log.child({ ...of });
    this.#options = { ...options, log: this.#log };
    this.#checkpoint = new PartitionCheckpoint(of, assignment, this.#options);
    this.#locate();
  }

  get load(): PartitionLoad {
    const { builder, writer, preparing } = this.#reading ?? {};
    return {
      key: partitionKey(this.of),
      isLocating: this.#reading === null,
      isPreparing: preparing?.isWaiting ?? false,
      isRebuilding: unfinishedRebuild(this.#state) !== null,
      isBehind: this.#isBehind,
      bufferedBytes: (builder?.open?.bufferedBytes ?? 0) + (writer?.bufferedBytes ?? 0),
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
    const open = this.#reading?.builder.open;
    if (!open || this.#reading?.writer.isBusy || unfinishedRebuild(this.#state)) return;
    const { maxMs } = this.#options.limits;
    const patienceMs = this.#isBehind ? maxMs * BACKLOG_PATIENCE : maxMs;
    if (nowMs - open.validatedAsOfMs >= patienceMs) this.#close(this.#reading);
  }

  /** Writes and commits all that was read. A batch that must be rebuilt and is not whole yet stays for the next owner. */
  async drain(): Promise<void> {
    if (!unfinishedRebuild(this.#state)) this.#close(this.#reading);
    await this.#reading?.writer.idle();
  }

  #take(messages: readonly ConsumedMessage[], reading: Reading): void {
    const { builder } = reading;
    const nowMs = Date.now();
    for (const message of messages) {
      const offset = message.offsetNumber ?? Number(message.offset);
      const before = this.#state;
      const { state, action } = onMessage(before, offset, nowMs);
      this.#state = state;
      if (action === 'none') continue;
      if (action === 'remember') {
        builder.remember(message, offset);
        continue;
      }
      const expected = nextOffset(before) ?? offset;
      if (action === 'restart') {
        this.#log.warn({ expected, offset }, 'log truncated or topic created again; restarting the partition');
        this.#locate();
        return;
      }
      if (action === 'closeAndAppend') this.#close(reading);
      const rebuild = action === 'closeAndAppend' ? null : unfinishedRebuild(before);
      builder.append(message, offset, expected, rebuild);
      // A claimed batch ends at its last offset, however large it is.
      if (rebuild ? action === 'appendAndClose' : builder.isFull) this.#close(reading);
    }
  }

  /** Hands the open batch over to be written. */
  #close(reading: Reading | null): void {
    const batch = reading?.builder.close();
    if (!batch) return;
    this.#closedBatches++;
    reading?.writer.add(batch);
    this.#options.onLoad();
  }

  #dispatch(event: PartitionEvent): void {
    const before = this.#state;
    this.#state = transition(before, event).state;
    if (this.#state.name === 'comparing' && before.name !== 'comparing') {
      this.#log.info({ until: this.#state.until }, 'batch compared with storage before its insert');
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
    this.#checkpoint.locate(this.#options.duplicateWindowEvents, signal).then(
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

  #newReading(end: AbortController, signal: AbortSignal): Reading {
    const builder = new BatchBuilder({ ...this.#options, of: this.of });
    const writer = new BatchWriter({
      ...{ ...this.#options, checkpoint: this.#checkpoint, signal },
      mustCompare: ({ first, last, validatedAsOfMs }) => {
        this.#dispatch({ name: 'inserting', last, ageMs: Date.now() - validatedAsOfMs });
        return mustCompare(this.#state, first);
      },
      onStored: ({ last }) => {
        this.#dispatch({ name: 'stored', last });
        this.#options.onLoad();
      },
      onFailed: (err) => {
        this.#log.warn({ err }, 'restarting the partition from its checkpoint');
        this.#dispatch({ name: 'failed', keepSources: err instanceof RowsRejectedError });
        this.#locate();
      },
    });
    const reading: Reading = { end, builder, writer, preparing: null };
    reading.preparing = this.#preparationQueue(reading, signal);
    return reading;
  }

  #preparationQueue(reading: Reading, signal: AbortSignal): PreparationQueue | null {
    const { format, metrics, onLoad } = this.#options;
    if (!format.preparation) return null;
    return new PreparationQueue(format.preparation, {
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
}
