import { Kafka, logLevel } from 'kafkajs';

export interface TopicOptions {
  brokers: string;
  topic: string;
  partitions?: number;
  /** Topic configuration, such as `{ 'retention.ms': '3600000' }`. */
  config?: Readonly<Record<string, string>>;
}

/**
 * Makes the topic and settles when its partitions have leaders.
 * @returns false when the topic was there already; it is then left as it is
 */
export async function createTopic({ brokers, topic, partitions = 3, config = {} }: TopicOptions): Promise<boolean> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    if ((await admin.listTopics()).includes(topic)) return false;
    return await admin.createTopics({
      topics: [
        {
          topic,
          numPartitions: partitions,
          configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
        },
      ],
      waitForLeaders: true,
    });
  } finally {
    await admin.disconnect();
  }
}
