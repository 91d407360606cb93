import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { TopicFormat } from '../decode/topic-format.ts';
import { CommandError } from '../errors/errors.ts';
import { awaitAnsweringBroker } from '../kafka/answering-broker.ts';
import { createKafka } from '../kafka/kafka-client.ts';
import { createKafkajsConsumer } from '../kafka/kafkajs-consumer.ts';
import type { Watermarks } from '../replay/offset-range.ts';
import { readTopicLog } from '../replay/topic-log.ts';
import type { EventSource } from './event-source.ts';
import { TopicReader } from './topic-reader.ts';

export interface OpenTopic {
  /** One source per partition, up to its current end. */
  sources: EventSource[];
  close(): Promise<void>;
}

/**
 * A topic to backfill from. It is read by a temporary consumer group; the offsets of other groups do not change.
 * @throws NoBrokerAnswersError, or CommandError when the topic does not exist
 */
export async function openTopic(
  config: Config['kafka'],
  topic: string,
  { format, log, say }: { format: TopicFormat; log: Logger; say: (line: string) => void }
): Promise<OpenTopic> {
  const groupId = `${config.groupId}-backfill-${randomUUID()}`;
  await awaitAnsweringBroker(config.brokers);
  const kafka = createKafka(config, log);
  const admin = kafka.admin();
  const { sessionTimeoutMs } = config;
  const consumer = createKafkajsConsumer(kafka, { topics: [topic], groupId, sessionTimeoutMs, log });
  const reader = new TopicReader(consumer, topic);
  const close = async (): Promise<void> => {
    await reader.close();
    // If the group cannot be deleted, Kafka removes it later: it has no members and no offsets.
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  };
  try {
    await admin.connect();
    const { watermarks } = await readTopicLog(admin, topic);
    await reader.open();
    const clusterId = await consumer.clusterId();
    const sources = watermarks.map((marks): EventSource => {
      const { partition, high } = marks;
      const label = `${topic}/${partition}`;
      return {
        ...{ id: `${clusterId}/${label}`, label, topic, partition, format, end: high },
        messages: (from) => reader.messages(partition, firstOffset(from, marks, label, say), high),
      };
    });
    return { sources, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws CommandError when the topic ends before the offset up to which it was already read */
function firstOffset(from: number, { low, high }: Watermarks, label: string, say: (line: string) => void): number {
  if (from > high) {
    throw new CommandError(
      'backfill',
      `${label} ends at offset ${high}, but was already read up to ${from}: the topic was created again. Add --restart.`
    );
  }
  if (from > 0 && from < low) say(`${label}: offsets ${from} to ${low - 1} were deleted by Kafka and are skipped`);
  return Math.max(from, low);
}
