import type { TopicFormat } from '../decode/topic-format.ts';
import type { ConsumedMessage, TopicPartition } from '../kafka/group-consumer.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { Batch, type BatchLimits } from './batch.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import { logMark } from './checkpoint-metadata.ts';
import type { Rebuild } from './partition-state.ts';

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
}

/** Builds batches from the messages of one partition, one after the other. */
export class BatchBuilder {
  readonly #options: BatchBuilderOptions;
  readonly #window: DuplicateWindow;
  /** Decodes messages that are already stored, only for the duplicate window. */
  #warmUp: Batch | null = null;
  #open: Batch | null = null;
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

  /** Remembers the events of a message that is already stored. */
  remember(message: ConsumedMessage, offset: number): void {
    this.#warmUp ??= this.#newBatch(offset, message, null);
    this.#warmUp.add(message, offset, this.#options.format.decode);
  }

  /**
   * @param first offset of the first batch, should it begin with this message
   * @param rebuild the batch is built as it was claimed; null for a new one
   */
  append(message: ConsumedMessage, offset: number, first: number, rebuild: Rebuild | null): void {
    this.#warmUp = null;
    this.#open ??= this.#newBatch(this.#next ?? first, message, rebuild);
    this.#open.add(message, offset, this.#options.format.decode);
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
    }
    this.#open = null;
    return batch;
  }

  #newBatch(first: number, { arrivedAtMs }: ConsumedMessage, rebuild: Rebuild | null): Batch {
    const { of, format, source } = this.#options;
    return new Batch({
      ...{ of, first, source, window: this.#window, rows: new RowBinaryWriter() },
      validatedAsOfMs: rebuild?.validatedAsOfMs ?? arrivedAtMs,
      claimedDigest: rebuild?.digest ?? null,
      keepSources: rebuild?.keepSources ?? false,
      isPlainJson: format.isPlainJson ?? false,
    });
  }
}
