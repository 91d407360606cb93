import type { ConsumedMessage, GroupConsumer, TopicPartition } from '../kafka/group-consumer.ts';
import type { PlacedMessage } from './event-source.ts';

/** Messages that wait to be taken; above it the partition is paused. */
const WAITING_MAX_BYTES = 16 << 20;
/** A fetch may end with records that are no messages (transaction markers): nothing more is to be expected after this. */
const QUIET_MS = 2_000;

interface Span {
  partition: number;
  /** The offset after the last message that has arrived. */
  arrived: number;
  /** The first offset that is not read. */
  end: number;
  waiting: (readonly ConsumedMessage[])[];
  waitingBytes: number;
  isPaused: boolean;
  isRead: boolean;
  quiet: NodeJS.Timeout | null;
  /** Why it cannot be read on after a new assignment. */
  failure: Error | null;
}

/**
 * Reads partitions of a topic one after the other, each from an offset to an end, and commits nothing.
 * Invariant: a partition's messages come once and in order, however often the group is assigned anew.
 */
export class TopicReader {
  readonly #consumer: GroupConsumer;
  readonly #topic: string;
  #span: Span | null = null;
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
        if (this.#span) this.#beginAgain(this.#span);
      },
      onMessages: ({ partition }, messages) => {
        if (this.#span?.partition === partition) this.#onMessages(this.#span, messages);
      },
      onSkipped: ({ partition }, next) => {
        if (this.#span?.partition === partition) this.#onSkipped(this.#span, next);
      },
    });
  }

  /** The messages of one partition from one offset to another, which is not read. */
  async *messages(partition: number, from: number, end: number): AsyncGenerator<PlacedMessage> {
    const span: Span = {
      ...{ partition, arrived: from, end, waiting: [], waitingBytes: 0 },
      ...{ isPaused: true, isRead: from >= end, quiet: null, failure: null },
    };
    this.#span = span;
    if (this.#isAssigned && !span.isRead) await this.#begin(span);
    for (;;) {
      const messages = span.waiting.shift();
      if (messages) {
        for (const { offset, value } of messages) yield { place: Number(offset), value };
        span.waitingBytes -= bytesOf(messages);
        this.#resume(span);
      } else if (span.failure) {
        throw span.failure;
      } else if (span.isRead) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }

  close(): Promise<void> {
    if (this.#span?.quiet) clearTimeout(this.#span.quiet);
    return this.#consumer.stop();
  }

  #beginAgain(span: Span): void {
    this.#begin(span).catch((error: unknown) => {
      span.failure = error as Error;
      this.#wake();
    });
  }

  async #begin(span: Span): Promise<void> {
    await this.#consumer.seek(this.#of(span), span.arrived);
    if (span.quiet) clearTimeout(span.quiet);
    span.isPaused = true;
    this.#resume(span);
  }

  #onMessages(span: Span, messages: readonly ConsumedMessage[]): void {
    if (span.isRead) return;
    if (span.quiet) clearTimeout(span.quiet);
    const wanted = messages.filter(({ offset }) => Number(offset) >= span.arrived && Number(offset) < span.end);
    const last = messages.at(-1);
    if (last) span.arrived = Math.max(span.arrived, Number(last.offset) + 1);
    if (wanted.length > 0) span.waiting.push(wanted);
    span.waitingBytes += bytesOf(wanted);
    span.isRead = span.arrived >= span.end;
    if (span.isRead || span.waitingBytes > WAITING_MAX_BYTES) this.#pause(span);
    this.#wake();
  }

  #onSkipped(span: Span, next: number): void {
    if (span.isRead || next < span.end) return;
    if (span.quiet) clearTimeout(span.quiet);
    span.quiet = setTimeout(() => {
      if (span.isPaused) {
        this.#onSkipped(span, next);
        return;
      }
      span.isRead = true;
      this.#pause(span);
      this.#wake();
    }, QUIET_MS);
  }

  #pause(span: Span): void {
    span.isPaused = true;
    this.#consumer.pause(this.#of(span));
  }

  #resume(span: Span): void {
    if (!span.isPaused || span.isRead || span.waitingBytes > WAITING_MAX_BYTES / 2) return;
    span.isPaused = false;
    this.#consumer.resume(this.#of(span));
  }

  #of({ partition }: Span): TopicPartition {
    return { topic: this.#topic, partition };
  }
}

function bytesOf(messages: readonly ConsumedMessage[]): number {
  return messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}
