import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_TOPIC } from '@floorwatch/contract';
import { Kafka, logLevel, Partitioners, type KafkaConfig } from 'kafkajs';
import { InputError } from '@floorwatch/servers/errors';
import type { FleetMessage } from './message.ts';
import { createTally, type ProducedCounts } from './tally.ts';

/** Encryption and login of a connection to Kafka. */
export type KafkaLogin = Pick<KafkaConfig, 'ssl' | 'sasl'>;

export interface PublishOptions {
  /** host:port, comma-separated. */
  brokers: string;
  /** Default: plain text without a login. */
  login?: KafkaLogin | undefined;
  /** Must exist, because a topic that Kafka creates automatically has only one partition. */
  topic?: string | undefined;
  /** 1: real time; 10: ten times as fast; Infinity: as fast as Kafka accepts messages. */
  speed?: number | undefined;
  /** Stops the stream. Messages that were read before are still sent. */
  signal?: AbortSignal | undefined;
  /** Called after each request to Kafka. */
  onProgress?: ((counts: ProducedCounts) => void) | undefined;
}

/** Limits of one produce request, well below the broker's default of 1 MiB. */
const MAX_REQUEST_MESSAGES = 1_000;
const MAX_REQUEST_BYTES = 512 * 1024;
/** Messages that are due within this time share a request. */
const PACING_MS = 10;

/**
 * Publishes a stream and returns the counts of messages that all in-sync replicas acknowledged.
 * Reads the stream only as fast as Kafka accepts messages, so memory does not grow with its length.
 * At least once: a request that times out is sent again.
 * @throws when Kafka is unreachable or rejects a request after all retries
 */
export async function publish(
  batches: Iterable<FleetMessage[]> | AsyncIterable<FleetMessage[]>,
  { brokers, login = {}, topic = DEFAULT_TOPIC, speed = 1, signal, onProgress }: PublishOptions
): Promise<ProducedCounts> {
  const clientId = 'floorwatch-fleet';
  const kafka = new Kafka({ clientId, brokers: brokers.split(','), logLevel: logLevel.NOTHING, ...login });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  const tally = createTally();
  let pending: FleetMessage[] = [];
  let pendingBytes = 0;

  async function flush(): Promise<void> {
    if (pending.length === 0) return;
    const messages = pending.map(({ key, value }) => ({ key, value }));
    await producer.send({ topic, acks: -1, messages });
    for (const message of pending) tally.add(message);
    pending = [];
    pendingBytes = 0;
    onProgress?.(tally.counts());
  }

  await producer.connect();
  try {
    const startMs = performance.now();
    for await (const message of eachMessage(batches)) {
      if (signal?.aborted) break;
      const waitMs = message.offsetMs / speed - (performance.now() - startMs);
      if (waitMs > 0) {
        await flush();
        await sleep(Math.max(PACING_MS, waitMs), undefined, { signal }).catch(ignoreAbort);
      }
      const bytes = message.value?.length ?? 0;
      if (pending.length >= MAX_REQUEST_MESSAGES || pendingBytes + bytes > MAX_REQUEST_BYTES) await flush();
      pending.push(message);
      pendingBytes += bytes;
    }
    await flush();
    return tally.counts();
  } catch (error) {
    if (!isUnknownTopic(error)) throw error;
    throw new InputError(`Kafka at ${brokers} has no topic "${topic}". Create it, or name another one with --topic.`, {
      cause: error,
    });
  } finally {
    await producer.disconnect();
  }
}

async function* eachMessage(batches: Iterable<FleetMessage[]> | AsyncIterable<FleetMessage[]>) {
  for await (const batch of batches) yield* batch;
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}

/** kafkajs reports this error as the cause of its last retry error. */
function isUnknownTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') || isUnknownTopic(error.cause);
}
