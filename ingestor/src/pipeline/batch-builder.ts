import type { TopicFormat } from '../decode/topic-format.ts';
import type { DeadLetterTopic } from './dead-letter-topic.ts';
import type { ConsumedMessage, TopicPartition } from '../kafka/group-consumer.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { Batch, type BatchLimits } from './batch.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import { logMark } from './checkpoint-metadata.ts';
import type { Rebuild } from './partition-state.ts';

/** A warm-up reads at most this many bytes of messages. */
const WARM_UP_MAX_BYTES = 32 << 20;
/** Messages after which a warm-up estimates how many it needs. */
const WARM_UP_SAMPLE = { messages: 1_000, events: 1_000, bytes: 1 << 20 };

const MIN_ROWS_BYTES = 65_536;

/** One batch is filled while another is written. Slightly below one half, so that the growing buffer does not double again. */
const FULL_SHARE = 0.48;

export interface BatchBuilderOptions {
  of: TopicPartition;
  format: TopicFormat;
  limits: BatchLimits;
  /** Maximum bytes of rows of this partition in memory. */
  memoryBytes: () => number;
  /** Events remembered to drop a producer's duplicates. */
  duplicateWindowEvents: number;
  /** `source` of the rows; that of the live path when absent. */
  source?: number | undefined;
  /** Rejected messages are sent to it; absent or null: to none. */
  deadLetterTopic?: DeadLetterTopic | null | undefined;
}

/** Builds batches from the messages of one partition, one after the other. */
export class BatchBuilder {
  readonly #options: BatchBuilderOptions;
  readonly #window: DuplicateWindow;
  /** Decodes messages that are already stored, only for the duplicate window. */
  #warmUp: Batch | null = null;
  #warmUpEvents = 0;
  #open: Batch | null = null;
  /** Size of the last batch's rows. The next one starts with as much memory, because growing copies all rows. */
  #rowsBytes = MIN_ROWS_BYTES;
  /** Where the next batch begins: directly after the one before. Null before the first. */
  #next: number | null = null;

  constructor(options: BatchBuilderOptions) {
    this.#options = options;
    this.#window = new DuplicateWindow(options.duplicateWindowEvents);
  }

  /** The batch that is being filled; null when the next message starts one. */
  get open(): Batch | null {
    return this.#open;
  }

  /**
   * Remembers the events of a message that is already stored. Its rows are dropped.
   * Invariant: a warm-up has the rows of one message in memory, however many messages it reads and however many events they contain.
   */
  remember(message: ConsumedMessage, offset: number): void {
    this.#warmUp ??= this.#newBatch(offset, message.arrivedAtMs, null);
    this.#warmUp.add(message, offset, this.#options.format.decode);
    const { rows, deadLetters } = this.#warmUp;
    this.#warmUpEvents += rows.rows;
    rows.clear();
    deadLetters.clear();
  }

  /**
   * How many messages fill the deduplication window, estimated from those of the warm-up; null until enough are read. A message
   * may contain hundreds of events, and then a few messages are enough.
   */
  get warmUpMessages(): number | null {
    const { messages = 0, messageBytes = 0 } = this.#warmUp ?? {};
    const events = this.#warmUpEvents;
    const { messages: enough, events: enoughEvents, bytes } = WARM_UP_SAMPLE;
    if (messages < enough && events < enoughEvents && messageBytes < bytes) return null;
    const forEvents = this.#options.duplicateWindowEvents * (messages / events);
    return Math.ceil(Math.min(forEvents, WARM_UP_MAX_BYTES * (messages / messageBytes)));
  }

  /**
   * @param first offset of the first batch, should it begin with this message
   * @param rebuild the batch is built as it was claimed; null for a new one
   */
  append(message: ConsumedMessage, offset: number, first: number, rebuild: Rebuild | null): void {
    this.begin(message.arrivedAtMs, first, rebuild).add(message, offset, this.#options.format.decode);
  }

  /** The open batch, or a new one without messages, as in `append`. */
  begin(arrivedAtMs: number, first: number, rebuild: Rebuild | null): Batch {
    this.#warmUp = null;
    this.#open ??= this.#newBatch(this.#next ?? first, arrivedAtMs, rebuild);
    return this.#open;
  }

  /** Notes that this is the last message of the open batch. Call it before `close`, and for the last message of a fetch. */
  mark(message: ConsumedMessage): void {
    if (this.#open) this.#open.mark = logMark(this.#open.last, message);
  }

  get isFull(): boolean {
    const batch = this.#open;
    if (batch === null) return false;
    const { limits, memoryBytes } = this.#options;
    return (
      batch.rows.rows + batch.deadLetters.rows >= limits.maxRows ||
      batch.messageBytes >= limits.maxBytes ||
      batch.bufferedBytes >= memoryBytes() * FULL_SHARE
    );
  }

  /**
   * The open batch, which ends here; null when there is none.
   * @param last offset of the batch, if the message at that offset is gone from the log
   */
  close(last?: number): Batch | null {
    const batch = this.#open;
    if (batch) {
      batch.closedAtMs = Date.now();
      batch.last = last ?? batch.last;
      batch.differs = batch.claimedDigest !== null && batch.claimedDigest !== batch.digest;
      this.#next = batch.last + 1;
      this.#rowsBytes = Math.max(MIN_ROWS_BYTES, batch.rows.byteLength);
    }
    this.#open = null;
    return batch;
  }

  /** The next batch begins at this offset or later, because the records before it are not messages. Only while no batch is open. */
  skipTo(offset: number): void {
    this.#next = Math.max(this.#next ?? 0, offset);
  }

  #newBatch(first: number, arrivedAtMs: number, rebuild: Rebuild | null): Batch {
    const { of, format, source, deadLetterTopic } = this.#options;
    return new Batch({
      ...{ of, first, source, window: this.#window, rows: new RowBinaryWriter(this.#rowsBytes) },
      validatedAsOfMs: rebuild?.validatedAsOfMs ?? arrivedAtMs,
      claimedDigest: rebuild?.digest ?? null,
      keepSources: rebuild?.keepSources ?? false,
      fastPathExcept: format.fastPathExcept ?? null,
      storedHeaders: format.storedHeaders,
      rejectedMessages: deadLetterTopic ? (format.hidesKeys ? 'masked' : 'as they are') : null,
    });
  }
}
