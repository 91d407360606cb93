import type { IHeaders, Kafka, Message, Producer } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics/metrics.ts';
import { untilDone } from './retry.ts';
import type { ConsumedMessage, TopicPartition } from '../kafka/group-consumer.ts';

/** A message of which at least one event is a dead letter. */
export interface RejectedMessage {
  of: TopicPartition;
  offset: number;
  /** Of its first dead letter. */
  reason: string;
  detail: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: ConsumedMessage['headers'];
}

const MAX_MESSAGES = 500;
const MAX_BYTES = 500_000;
/** Headers that say what was rejected and where. */
const OWN_HEADERS: ReadonlySet<string> = new Set(
  ['reason', 'detail', 'topic', 'partition', 'offset', 'omitted_value_bytes'].map((name) => `floorwatch.${name}`)
);
const MAX_OWN_CHARS = 200;
/** Objects in memory and lengths in a request, for each value of a header. */
const BYTES_PER_HEADER = 64;
const TOO_LARGE: ReadonlySet<unknown> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** About as much as the message takes in memory and in a request. A message may consist of 300,000 empty headers. */
export function bytesOf({ key, value, headers, detail }: RejectedMessage): number {
  const count = Object.values(headers ?? {}).reduce(
    (sum: number, each) => sum + (Array.isArray(each) ? each.length : 1),
    0
  );
  return (key?.length ?? 0) + (value?.length ?? 0) + detail.length + headerBytes(headers) + BYTES_PER_HEADER * count;
}

/** Of names and values. */
function headerBytes(headers: IHeaders = {}): number {
  return Object.entries(headers)
    .flat(2)
    .reduce((sum, each) => sum + Buffer.byteLength(each ?? ''), 0);
}

/**
 * Copies of rejected messages in Kafka: key, value and headers, and the reason and the place in headers of their own.
 * A message is there at least once: after a crash before the commit, it is sent again.
 */
export class DeadLetterTopic {
  readonly #producer: Producer;
  readonly #topic: string;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  #isConnected = false;

  constructor(kafka: Kafka, topic: string, { metrics, log }: { metrics: Metrics; log: Logger }) {
    this.#producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    this.#topic = topic;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** Resolves when the broker has all of them, however long that takes. Throws the signal's reason. */
  async send(rejected: readonly RejectedMessage[], signal: AbortSignal): Promise<void> {
    for (const messages of chunksOf(rejected)) await this.#sendUntilStored(messages, signal);
  }

  async stop(): Promise<void> {
    if (this.#isConnected) await this.#producer.disconnect();
  }

  /** @param smaller what is done, one after the other, to a message that the topic does not accept for its size */
  async #sendUntilStored(
    messages: Message[],
    signal: AbortSignal,
    smaller: readonly ((message: Message) => Message)[] = [withoutValue, onlyPlace]
  ): Promise<void> {
    try {
      await untilDone(
        async () => {
          if (!this.#isConnected) await this.#producer.connect();
          this.#isConnected = true;
          await this.#producer.send({ topic: this.#topic, messages, acks: -1 });
        },
        {
          ...{ signal, isFinal: isTooLarge },
          onFailure: (err) => {
            this.#metrics.deadLetterTopicFailures.inc();
            this.#log.warn({ err, topic: this.#topic }, 'dead letters could not be sent; retrying');
          },
        }
      );
      this.#metrics.deadLetterTopicMessages.inc(messages.length);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      const [only, ...others] = messages;
      const [make, ...rest] = smaller;
      if (!only || others.length > 0) for (const each of messages) await this.#sendUntilStored([each], signal);
      else if (make) await this.#sendUntilStored([make(only)], signal, rest);
      else this.#giveUp();
    }
  }

  /** The same message again would never be accepted, and its partition would wait for it. */
  #giveUp(): void {
    this.#metrics.deadLetterTopicFailures.inc();
    this.#log.error(
      { topic: this.#topic },
      'the topic does not accept even the place of a dead letter, which is in ClickHouse only; increase its max.message.bytes'
    );
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSProtocolError && TOO_LARGE.has(error.type);
}

/** The value is in ClickHouse, and where the headers say. */
function withoutValue(message: Message): Message {
  const { value, headers } = message;
  if (value === null) return message;
  return { ...message, value: null, headers: { ...headers, 'floorwatch.omitted_value_bytes': String(value.length) } };
}

/** Without the key, the producer's headers and the end of a long detail. */
function onlyPlace({ headers = {} }: Message): Message {
  const entries = Object.entries(headers);
  const own = entries.filter(([name]) => OWN_HEADERS.has(name));
  const omitted = Object.fromEntries(entries.filter(([name]) => !OWN_HEADERS.has(name)));
  return {
    ...{ key: null, value: null },
    headers: {
      ...Object.fromEntries(own.map(([name, text]) => [name, String(text).slice(0, MAX_OWN_CHARS)])),
      'floorwatch.omitted_header_bytes': String(headerBytes(omitted)),
    },
  };
}

function* chunksOf(rejected: readonly RejectedMessage[]): Generator<Message[]> {
  let chunk: Message[] = [];
  let bytes = 0;
  for (const each of rejected) {
    const size = bytesOf(each);
    if (chunk.length > 0 && (chunk.length === MAX_MESSAGES || bytes + size > MAX_BYTES)) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(messageOf(each));
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

function messageOf({ of, offset, reason, detail, key, value, headers }: RejectedMessage): Message {
  const own: IHeaders = {
    'floorwatch.reason': reason,
    'floorwatch.detail': detail,
    'floorwatch.topic': of.topic,
    'floorwatch.partition': String(of.partition),
    'floorwatch.offset': String(offset),
  };
  return { key, value, headers: { ...headers, ...own } };
}
