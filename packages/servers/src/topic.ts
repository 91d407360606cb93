import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type Admin } from 'kafkajs';

export interface TopicOptions {
  brokers: string;
  topic: string;
  partitions?: number;
  /** Topic configuration, such as `{ 'retention.ms': '3600000' }`. */
  config?: Readonly<Record<string, string>>;
}

const LEADERS_TIMEOUT_MS = 30_000;

/**
 * Creates the topic and settles when its partitions have leaders.
 * @returns false when the topic already exists; it is not changed
 */
export async function createTopic({ brokers, topic, partitions = 3, config = {} }: TopicOptions): Promise<boolean> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    if ((await admin.listTopics()).includes(topic)) return false;
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    // kafkajs can wait for leaders too, but fails at the first broker that does not know the topic yet.
    const created = await admin.createTopics({
      topics: [{ topic, numPartitions: partitions, configEntries }],
      waitForLeaders: false,
    });
    const deadlineMs = Date.now() + LEADERS_TIMEOUT_MS;
    while (!(await hasLeaders(admin, topic, partitions))) {
      if (Date.now() > deadlineMs)
        throw new Error(`Topic ${topic} has no leaders after ${LEADERS_TIMEOUT_MS / 1000} s`);
      await sleep(100);
    }
    return created;
  } finally {
    await admin.disconnect();
  }
}

async function hasLeaders(admin: Admin, topic: string, partitions: number): Promise<boolean> {
  try {
    const described = (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions ?? [];
    return described.length >= partitions && described.every(({ leader }) => leader >= 0);
  } catch {
    return false;
  }
}
