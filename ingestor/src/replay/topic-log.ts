import type { Admin } from 'kafkajs';
import { CommandError } from '../errors/errors.ts';
import type { LogIndex } from './offset-range.ts';

/** The current log of a topic. @throws CommandError when the topic does not exist */
export async function readTopicLog(admin: Admin, topic: string): Promise<LogIndex> {
  const topics = await admin.listTopics();
  if (!topics.includes(topic)) {
    const own = topics.filter((name) => !name.startsWith('__')).sort();
    throw new CommandError('replay', `--topic: Kafka has no topic ${topic}, only ${own.join(', ') || 'none'}`);
  }
  const watermarks = (await admin.fetchTopicOffsets(topic))
    .map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }))
    .sort((a, b) => a.partition - b.partition);
  return {
    topic,
    watermarks,
    offsetsAt: async (timeMs) => {
      const found = await admin.fetchTopicOffsetsByTimestamp(topic, timeMs);
      const known = found.filter(({ offset }) => Number(offset) >= 0);
      return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]));
    },
  };
}
