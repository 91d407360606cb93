import type { ConsumedMessage, GroupConsumer, TopicPartition } from '../kafka/group-consumer.ts';
import type { PlacedMessage } from './event-source.ts';

/** Messages that wait to be read; above this number the partition is paused. */
const WAITING_MAX_BYTES = 16 << 20;
/** A fetch may end with records that are not messages, such as transaction markers. After this time no message follows them. */
const QUIET_MS = 2_000;

interface OffsetRange {
  partition: number;
  /** The offset after the last message that has arrived. */
  arrived: number;
  /** The end; this offset is not read. */
  end: number;
  waiting: (readonly ConsumedMessage[])[];
  waitingBytes: number;
  isPaused: boolean;
  isRead: boolean;
  quiet: NodeJS.Timeout | null;
  /** Why reading cannot continue after a new assignment. */
  failure: Error | null;
}

/**
 * Reads partitions of a topic one after the other, each from an offset to an end, and commits nothing.
 * Invariant: each message of a partition arrives once and in order, even after rebalances.
 */
export class TopicReader {
  readonly #consumer: GroupConsumer;
  readonly #topic: string;
  #range: OffsetRange | null = null;
  #isAssigned = false;
  #wake = (): void => undefined;

  constructor(consumer: GroupConsumer, topic: string) {
    this.#consumer = consumer;
    this.#topic = topic;
  }

  async open(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.join({
      onAssigned: () => {
        this.#isAssigned = true;
        if (this.#range) this.#beginAgain(this.#range);
      },
      onMessages: ({ partition }, messages) => {
        if (this.#range?.partition === partition) this.#onMessages(this.#range, messages);
      },
      onSkipped: ({ partition }, next) => {
        if (this.#range?.partition === partition) this.#onSkipped(this.#range, next);
      },
    });
  }

  /** The messages of one partition between two offsets; the second one is not read. */
  async *messages(partition: number, from: number, end: number): AsyncGenerator<PlacedMessage> {
    const range: OffsetRange = {
      ...{ partition, arrived: from, end, waiting: [], waitingBytes: 0 },
      ...{ isPaused: true, isRead: from >= end, quiet: null, failure: null },
    };
    this.#range = range;
    if (this.#isAssigned && !range.isRead) await this.#begin(range);
    for (;;) {
      const messages = range.waiting.shift();
      if (messages) {
        for (const message of messages) {
          const { offset, value, invalidBatch } = message;
          yield { place: Number(offset), value, message, invalidBatch };
        }
        range.waitingBytes -= bytesOf(messages);
        this.#resume(range);
      } else if (range.failure) {
        throw range.failure;
      } else if (range.isRead) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }

  close(): Promise<void> {
    if (this.#range?.quiet) clearTimeout(this.#range.quiet);
    return this.#consumer.stop();
  }

  #beginAgain(range: OffsetRange): void {
    this.#begin(range).catch((error: unknown) => {
      range.failure = error as Error;
      this.#wake();
    });
  }

  async #begin(range: OffsetRange): Promise<void> {
    await this.#consumer.seek(this.#of(range), range.arrived);
    if (range.quiet) clearTimeout(range.quiet);
    range.isPaused = true;
    this.#resume(range);
  }

  #onMessages(range: OffsetRange, messages: readonly ConsumedMessage[]): void {
    if (range.isRead) return;
    if (range.quiet) clearTimeout(range.quiet);
    const wanted = messages.filter(({ offset }) => Number(offset) >= range.arrived && Number(offset) < range.end);
    const last = messages.at(-1);
    if (last) range.arrived = Math.max(range.arrived, Number(last.offset) + 1);
    if (wanted.length > 0) range.waiting.push(wanted);
    range.waitingBytes += bytesOf(wanted);
    range.isRead = range.arrived >= range.end;
    if (range.isRead || range.waitingBytes > WAITING_MAX_BYTES) this.#pause(range);
    this.#wake();
  }

  #onSkipped(range: OffsetRange, next: number): void {
    if (range.isRead || next < range.end) return;
    if (range.quiet) clearTimeout(range.quiet);
    range.quiet = setTimeout(() => {
      if (range.isPaused) {
        this.#onSkipped(range, next);
        return;
      }
      range.isRead = true;
      this.#pause(range);
      this.#wake();
    }, QUIET_MS);
  }

  #pause(range: OffsetRange): void {
    range.isPaused = true;
    this.#consumer.pause(this.#of(range));
  }

  #resume(range: OffsetRange): void {
    if (!range.isPaused || range.isRead || range.waitingBytes > WAITING_MAX_BYTES / 2) return;
    range.isPaused = false;
    this.#consumer.resume(this.#of(range));
  }

  #of({ partition }: OffsetRange): TopicPartition {
    return { topic: this.#topic, partition };
  }
}

function bytesOf(messages: readonly ConsumedMessage[]): number {
  return messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}
