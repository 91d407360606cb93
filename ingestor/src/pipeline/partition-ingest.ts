import type { Logger } from 'pino';
import { partitionKey, type Assignment, type ConsumedMessage, type TopicPartition } from '../kafka/group-consumer.ts';
import { BatchBuilder, type BatchBuilderOptions } from './batch-builder.ts';
import { RowsRejectedError } from './batch-sink.ts';
import { BatchWriter, type BatchWriterOptions } from './batch-writer.ts';
import { logMark, type LogMark } from './checkpoint-metadata.ts';
import { PartitionCheckpoint, type PartitionCheckpointOptions } from './checkpoint.ts';
import {
  mustCompare,
  nextOffset,
  onMessage,
  onSkipped,
  transition,
  unfinishedRebuild,
  UNLOCATED,
  type PartitionEvent,
  type PartitionState,
  type Rebuild,
} from './partition-state.ts';
import { PreparationQueue } from './preparation-queue.ts';
import type { PartitionLoad } from './reading-plan.ts';

/** A partition with this many unread messages has a backlog and catches up. */
const BACKLOG_MESSAGES = 20_000;
/** While a backlog is read, batches may wait this many times as long, so that inserts are fewer and larger. */
const BACKLOG_PATIENCE = 10;
/** A batch that waits for its turn waits no longer than this: one that is older than a minute is compared with storage. */
const MAX_DELAY_MS = 30_000;

export type PartitionIngestOptions = Omit<BatchBuilderOptions, 'of'> &
  Pick<BatchWriterOptions, 'sink' | 'clusterId' | 'deadLetterTopic' | 'tracing' | 'metrics'> &
  PartitionCheckpointOptions & {
    /** `load` has changed. */
    onLoad: () => void;
  };

/** Longer than a batch can be delayed. */
const MIN_NEWEST_MS = 60_000;

/** After a mistake in this program: the same messages probably fail again. */
const PROCESSING_RETRY_MS = 5_000;

/** The state in memory from one lookup of the position to the next. */
interface Reading {
  end: AbortController;
  builder: BatchBuilder;
  writer: BatchWriter;
  /** Messages that cannot be decoded yet; null when the topic's format needs no preparation. */
  preparing: PreparationQueue | null;
  /** The log is recognised by this message; null after it was read. */
  mark: LogMark | null;
  /** Where a new epoch begins, until its first message was read. */
  newFrom: number | null;
  /** The records below this offset are not messages. Null when it is committed, or will be with the next batch. */
  skippedTo: number | null;
  /** The rest of a fetch, and what follows it, until memory is free. */
  held: (readonly ConsumedMessage[] | (() => void))[];
}

/** Reads one assigned partition into contiguous batches. partition-state.ts decides what to do with each message. */
export class PartitionIngest {
  readonly of: TopicPartition;
  readonly #assignment: Assignment;
  readonly #options: PartitionIngestOptions;
  readonly #log: Logger;
  readonly #checkpoint: PartitionCheckpoint;
  /** Messages to read again for their event ids. */
  #warmUpMessages: number;
  #state: PartitionState = UNLOCATED;
  /** Null until the position is known. */
  #reading: Reading | null = null;
  /** Messages that followed in the log at the last fetch. */
  #remaining = 0;
  #lastReadMs = 0;
  #closedBatches = 0;

  constructor(of: TopicPartition, assignment: Assignment, options: PartitionIngestOptions) {
    this.of = of;
    this.#assignment = assignment;
    this.#log = options.log.child({ ...of });
    this.#options = { ...options, log: this.#log };
    this.#checkpoint = new PartitionCheckpoint(of, assignment, this.#options);
    this.#warmUpMessages = options.duplicateWindowEvents;
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

  /** The events of a batch arrive within this time. */
  get #newestMs(): number {
    return 2 * BACKLOG_PATIENCE * this.#options.limits.maxMs + MIN_NEWEST_MS;
  }

  get #isBehind(): boolean {
    return this.#remaining > BACKLOG_MESSAGES;
  }

  /** @param remaining messages that followed these in the log when they were read */
  accept(messages: readonly ConsumedMessage[], remaining = 0): void {
    const reading = this.#reading;
    if (reading === null) return; // These messages were fetched from the previous position.
    this.#remaining = remaining;
    this.#lastReadMs = Date.now();
    if (reading.preparing) reading.preparing.add(messages);
    else this.#take(messages, reading);
    // Kafka deletes the checkpoint with the topic, so without one, a topic that is created again would go unnoticed.
    if (reading.newFrom !== null && reading === this.#reading) reading.writer.skipTo(reading.newFrom);
    reading.newFrom = null;
    this.#options.onLoad();
  }

  /** The records below `next` that were not given to `accept` are not messages, such as the ends of transactions. */
  skip(next: number): void {
    const reading = this.#reading;
    if (reading?.preparing) {
      reading.preparing.afterwards(() => {
        this.#skip(next, reading);
      });
    } else if (reading) this.#skip(next, reading);
  }

  /** When the first event of the open batch arrived, or Infinity. */
  get openSinceMs(): number {
    return this.#reading?.builder.open?.validatedAsOfMs ?? Infinity;
  }

  /**
   * Closes the open batch when its first event has waited long enough and no older batch is being written. If too many batches are
   * flushed (`mayFlush`), it is delayed.
   */
  flushIfDue(nowMs: number, mayFlush: () => boolean): 'delayed' | null {
    const reading = this.#reading;
    if (!reading || reading.writer.isBusy || unfinishedRebuild(this.#state)) return null;
    if (!reading.builder.open) {
      this.#commitSkipped(reading);
      return null;
    }
    const { maxMs } = this.#options.limits;
    const patienceMs = this.#isBehind ? maxMs * BACKLOG_PATIENCE : maxMs;
    const ageMs = nowMs - this.openSinceMs;
    // A batch of the future: the clock was set back. By it, the batch would wait for as long.
    const isAgeKnown = ageMs >= 0;
    if (isAgeKnown && ageMs < patienceMs) return null;
    if (isAgeKnown && !mayFlush() && ageMs < Math.max(patienceMs, MAX_DELAY_MS)) return 'delayed';
    this.#close(reading);
    return null;
  }

  /** Writes and commits everything that was read. The next owner rebuilds a claimed batch that is still incomplete. */
  async drain(): Promise<void> {
    if (!unfinishedRebuild(this.#state)) this.#close(this.#reading);
    await this.#reading?.writer.idle();
  }

  /** Does not throw: nothing above could do more than this. */
  #take(messages: readonly ConsumedMessage[], reading: Reading): void {
    if (reading.held.length > 0) {
      reading.held.push(messages);
      return;
    }
    try {
      this.#process(messages, reading);
    } catch (err) {
      this.#options.metrics.processingFailures.inc();
      this.#log.error({ err }, 'messages could not be processed; restarting the partition');
      reading.end.abort();
      this.#reading = null;
      this.#dispatch({ name: 'failed', keepSources: false });
      setTimeout(() => {
        if (!this.#assignment.lost.aborted) this.#locate();
      }, PROCESSING_RETRY_MS).unref();
    }
  }

  #process(messages: readonly ConsumedMessage[], reading: Reading): void {
    const { builder } = reading;
    const nowMs = Date.now();
    let previous: ConsumedMessage | null = null;
    let taken = 0;
    for (const message of messages) {
      if (this.#isFull(reading)) {
        reading.held.push(messages.slice(taken));
        break;
      }
      taken++;
      const offset = message.offsetNumber ?? Number(message.offset);
      if (reading.mark !== null && offset >= reading.mark.offset && !this.#recognises(reading.mark, message, offset))
        return;
      reading.mark &&= offset >= reading.mark.offset ? null : reading.mark;
      const before = this.#state;
      const { state, action } = onMessage(before, offset, nowMs);
      this.#state = state;
      if (action === 'none') continue;
      if (action === 'remember') {
        builder.remember(message, offset);
        if (this.#shortensWarmUp(builder, (nextOffset(before) ?? offset) - offset)) return;
        continue;
      }
      const expected = nextOffset(before) ?? offset;
      if (action === 'restart') {
        this.#log.warn({ expected, offset }, 'log truncated or topic created again; restarting the partition');
        this.#locate();
        return;
      }
      let rebuild = unfinishedRebuild(before);
      if (action === 'closeAndAppend') {
        this.#log.warn({ claim: rebuild, offset }, 'last message of the claimed batch is gone from the log');
        if (previous) builder.mark(previous);
        if (rebuild) this.#closeClaimed(reading, expected, rebuild);
        rebuild = null;
      }
      builder.append(message, offset, expected, rebuild);
      previous = message;
      // A claimed batch ends exactly at its last offset, whatever its size.
      if (rebuild ? action !== 'appendAndClose' : !builder.isFull) continue;
      builder.mark(message);
      this.#close(reading);
    }
    if (previous) builder.mark(previous);
  }

  /** False when the log is another one than that of the checkpoint. Then the position is read again. */
  #recognises(mark: LogMark, message: ConsumedMessage, offset: number): boolean {
    if (offset === mark.offset && logMark(offset, message).checksum === mark.checksum) return true;
    this.#log.warn(
      { mark, offset },
      'log is not the one that was read before: it was truncated, or its topic created again'
    );
    this.#dispatch({ name: 'otherLog', offset: mark.offset });
    this.#locate();
    return false;
  }

  /**
   * A message of 1 MB can become 60 MB of dead letters, and a fetch has many of them. So a fetch is not always taken as a whole.
   * A claimed batch is, because it has a fixed end. The writer is busy, so `#takeHeld` follows.
   */
  #isFull({ builder, writer }: Reading): boolean {
    if (!writer.isBusy || unfinishedRebuild(this.#state)) return false;
    return (builder.open?.bufferedBytes ?? 0) + writer.bufferedBytes > this.#options.memoryBytes();
  }

  #takeHeld(reading: Reading): void {
    for (const each of reading.held.splice(0)) {
      if (this.#reading !== reading) return;
      if (typeof each !== 'function') this.#take(each, reading);
      else if (reading.held.length > 0) reading.held.push(each);
      else each();
    }
  }

  /** Starts the warm-up again closer to its end, if the messages contain so many events that fewer messages fill the window. */
  #shortensWarmUp({ warmUpMessages }: BatchBuilder, left: number): boolean {
    if (warmUpMessages === null || left <= 2 * warmUpMessages) return false;
    this.#log.info(
      { left, messages: warmUpMessages },
      'deduplication window needs fewer messages; skipping the others'
    );
    this.#warmUpMessages = warmUpMessages;
    this.#locate();
    return true;
  }

  #skip(next: number, reading: Reading): void {
    if (reading.held.length > 0) {
      reading.held.push(() => {
        this.#skip(next, reading);
      });
      return;
    }
    const before = this.#state;
    const rebuild = unfinishedRebuild(before);
    const { state, action } = onSkipped(before, next);
    this.#state = state;
    if (action === 'close' && rebuild) this.#closeClaimed(reading, nextOffset(before) ?? next, rebuild);
    if (nextOffset(state) === next) reading.skippedTo = next;
  }

  /** Otherwise the group would have a lag of these records until the next message. */
  #commitSkipped(reading: Reading): void {
    if (reading.skippedTo === null) return;
    // A message after them is the beginning of the next batch, which commits more.
    if (reading.skippedTo === nextOffset(this.#state)) {
      reading.builder.skipTo(reading.skippedTo);
      reading.writer.skipTo(reading.skippedTo);
    }
    reading.skippedTo = null;
  }

  /** Also if no message of the claimed batch is left: its events may be stored, and the views may lack them. */
  #closeClaimed(reading: Reading, first: number, rebuild: Rebuild): void {
    reading.builder.begin(Date.now(), first, rebuild);
    this.#close(reading, rebuild.last);
  }

  /** Hands the open batch over to be written. `last` is as in `BatchBuilder.close`. */
  #close(reading: Reading | null, last?: number): void {
    const batch = reading?.builder.close(last);
    if (!batch) return;
    this.#closedBatches++;
    reading?.writer.add(batch);
    this.#options.onLoad();
  }

  #dispatch(event: PartitionEvent): void {
    this.#state = transition(this.#state, event).state;
  }

  /** Drops what is in memory, reads the checkpoint, and continues from there. */
  #locate(): void {
    this.#reading?.end.abort();
    this.#reading = null;
    this.#remaining = 0;
    this.#options.onLoad();
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, this.#assignment.lost]);
    const differsAt = this.#state.name === 'locating' ? this.#state.differsAt : Infinity;
    this.#checkpoint.locate(this.#warmUpMessages, signal, differsAt).then(
      ({ offset, claim, compareBelow, mark, doubt }) => {
        this.#dispatch({ name: 'located', offset, claim, until: compareBelow });
        this.#reading = this.#newReading(
          end,
          signal,
          { mark, newFrom: doubt === null ? null : offset },
          doubt === 'truncated'
        );
        this.#options.onLoad();
      },
      (err: unknown) => {
        if (!signal.aborted) this.#log.error({ err }, 'position of the partition could not be read');
      }
    );
  }

  #newReading(
    end: AbortController,
    signal: AbortSignal,
    found: Pick<Reading, 'mark' | 'newFrom'>,
    isTruncated: boolean
  ): Reading {
    const builder = new BatchBuilder({ ...this.#options, of: this.of });
    const writer = new BatchWriter({
      ...{ ...this.#options, checkpoint: this.#checkpoint, signal },
      // Kafka deletes the checkpoint with the topic, and the claim in it.
      recover: found.newFrom === null ? null : () => this.#options.sink.feedNewest(this.of, this.#newestMs, signal),
      earlierInsertsEndMs: isTruncated ? Date.now() + this.#options.sink.timeoutMs : 0,
      mustCompare: ({ first, last, validatedAsOfMs, differs, sources }) => {
        const isAsClaimed = sources === null && !differs;
        this.#dispatch({ name: 'inserting', last, ageMs: Date.now() - validatedAsOfMs, isAsClaimed });
        return mustCompare(this.#state, first);
      },
      onStored: ({ last }) => {
        this.#dispatch({ name: 'stored', last });
        this.#takeHeld(reading);
        this.#options.onLoad();
      },
      onFailed: (err) => {
        this.#log.warn({ err }, 'restarting the partition from its checkpoint');
        this.#dispatch({ name: 'failed', keepSources: err instanceof RowsRejectedError });
        this.#locate();
      },
    });
    const reading: Reading = { end, builder, writer, preparing: null, skippedTo: null, held: [], ...found };
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
        this.#log.warn({ err }, 'messages could not be decoded yet; retrying');
      },
    });
  }
}
