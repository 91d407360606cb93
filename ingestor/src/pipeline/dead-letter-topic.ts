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
const TOO_LARGE: ReadonlySet<unknown> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

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

  async #sendUntilStored(messages: Message[], signal: AbortSignal): Promise<void> {
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
      if (only && others.length === 0) await this.#sendUntilStored([withoutValue(only)], signal);
      else for (const message of messages) await this.#sendUntilStored([message], signal);
    }
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSProtocolError && TOO_LARGE.has(error.type);
}

/** The topic does not accept the value, which is in ClickHouse, and where the headers say. */
function withoutValue({ key, value, headers }: Message): Message {
  const size = String(value?.length ?? 0);
  return { key: key ?? null, value: null, headers: { ...headers, 'floorwatch.omitted_value_bytes': size } };
}

function* chunksOf(rejected: readonly RejectedMessage[]): Generator<Message[]> {
  let chunk: Message[] = [];
  let bytes = 0;
  for (const each of rejected) {
    const size = each.value?.length ?? 0;
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
