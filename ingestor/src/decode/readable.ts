import { MAX_MESSAGE_BYTES } from '@floorwatch/contract';
import type { Outcome } from './outcome.ts';
import type { TopicFormat } from './topic-format.ts';

const EMPTY = Buffer.alloc(0);

/** The value of a message, or its dead letter if the value is missing or too large for any format. */
export function readable(value: Buffer | null): Buffer | (Outcome<never> & { ok: false }) {
  if (value === null || value.length === 0) {
    return { ok: false, reason: 'tombstone', detail: 'the message has no value', raw: EMPTY };
  }
  if (value.length > MAX_MESSAGE_BYTES) {
    const detail = `${value.length} bytes, the limit is ${MAX_MESSAGE_BYTES}`;
    return { ok: false, reason: 'message_too_large', detail, raw: value };
  }
  return value;
}

/**
 * Reads only the messages without a value. ClickHouse's Kafka engine skips them without a row or an error. When it is the only
 * path, this decoder makes them dead letters.
 */
export const emptyMessages: TopicFormat = {
  decode: (value) => {
    const bytes = readable(value);
    return !Buffer.isBuffer(bytes) && bytes.reason === 'tombstone' ? [bytes] : [];
  },
};
