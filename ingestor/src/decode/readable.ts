import { MAX_MESSAGE_BYTES } from '@floorwatch/contract';
import type { Outcome } from './outcome.ts';
import type { TopicFormat } from './topic-format.ts';

const EMPTY = Buffer.alloc(0);

/** The dead letter of a message that no format can read (no value, or too large a one), else the value. */
export function readable(value: Buffer | null): Buffer | (Outcome<never> & { ok: false }) {
  if (value === null || value.length === 0) {
    return { ok: false, reason: 'tombstone', detail: 'the message has no value', raw: EMPTY };
  }
  if (value.length > MAX_MESSAGE_BYTES) {
    const detail = `${value.length} bytes, at most ${MAX_MESSAGE_BYTES} are read`;
    return { ok: false, reason: 'message_too_large', detail, raw: value };
  }
  return value;
}

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
