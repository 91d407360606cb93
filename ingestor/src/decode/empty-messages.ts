import type { TopicFormat } from './topic-format.ts';
import { readable } from './unreadable.ts';

/**
 * Takes the messages without a value and nothing else. ClickHouse's Kafka engine passes over them with no row and no
 * error, so where it is the only path, this is how they still become dead letters.
 */
export const emptyMessages: TopicFormat = {
  decode: (value) => {
    const bytes = readable(value);
    return !Buffer.isBuffer(bytes) && bytes.reason === 'tombstone' ? [bytes] : [];
  },
};
