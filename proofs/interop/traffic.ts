import { randomUUID } from 'node:crypto';
import { registerCodecs } from '@floorwatch/ingestor/kafka/codecs';
import { createTopic } from '@floorwatch/servers/topic';
import kafkajs, { type Producer } from 'kafkajs';
import type { InteropFormat } from './formats.ts';

const { CompressionTypes } = kafkajs;

export const CODECS = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
} as const;
export type Codec = keyof typeof CODECS;

/** Messages in one format and codec, and the robots whose single event must arrive. */
export interface Sent {
  format: string;
  codec: Codec;
  robotIds: string[];
}

/** Several messages, because a codec compresses a whole batch. */
const MESSAGES = 20;

export function topicOf({ name }: InteropFormat): string {
  return `interop.${name}`;
}

export async function createTopics(brokers: string, formats: readonly InteropFormat[]): Promise<void> {
  for (const format of formats) await createTopic({ brokers, topic: topicOf(format), partitions: 1 });
}

/** Sends events in each format and codec, each from a new robot. */
export async function sendAll(
  brokers: string,
  formats: readonly InteropFormat[],
  codecs: readonly Codec[]
): Promise<Sent[]> {
  registerCodecs();
  const producer = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING }).producer();
  await producer.connect();
  try {
    const sent: Sent[] = [];
    for (const format of formats) for (const codec of codecs) sent.push(await send(producer, format, codec));
    return sent;
  } finally {
    await producer.disconnect();
  }
}

async function send(producer: Producer, format: InteropFormat, codec: Codec): Promise<Sent> {
  const messages = Array.from({ length: MESSAGES }, () => {
    const robots = Array.from({ length: format.events }, () => randomUUID());
    return { robots, value: format.encode(robots) };
  });
  await producer.send({
    topic: topicOf(format),
    compression: CODECS[codec],
    messages: messages.map(({ value }) => ({ value })),
  });
  const robotIds = messages.flatMap(({ robots }) => robots.map((robot) => format.robotId(robot)));
  return { format: format.name, codec, robotIds };
}
