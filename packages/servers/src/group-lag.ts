import { Kafka, logLevel } from 'kafkajs';

export interface GroupLag {
  /** Messages that the group has not committed. A committed offset behind the end of a truncated log counts as lag, too. */
  read(): Promise<number>;
  close(): Promise<void>;
}

/** How far a consumer group has read a topic. */
export async function openGroupLag(brokers: string, groupId: string, topic: string): Promise<GroupLag> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return {
    async read() {
      const [held] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const committed = new Map(held?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      const ends = await admin.fetchTopicOffsets(topic);
      // Without a committed offset (-1), the whole log is left.
      return ends.reduce((sum, { partition, low, high }) => {
        const offset = Math.max(Number(low), committed.get(partition) ?? -1);
        return sum + (low === high ? 0 : Math.abs(Number(high) - offset));
      }, 0);
    },
    close: () => admin.disconnect(),
  };
}
