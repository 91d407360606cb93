import type { Config } from './config/config.ts';

/** Beside ClickHouse's Kafka engine a group of its own takes the messages that the engine passes over. */
const EMPTY_MESSAGES_GROUP = '-empty-messages';

/** The consumer group that `ingestor run` joins. */
export function consumerGroup({ ingestPath, kafka }: Pick<Config, 'ingestPath' | 'kafka'>): string {
  return ingestPath === 'engine' ? kafka.groupId + EMPTY_MESSAGES_GROUP : kafka.groupId;
}
