import { MAX_MESSAGE_BYTES, validate } from '../contract.ts';
import { jsonParts } from './json-parts.ts';
import type { Outcome } from './outcome.ts';

const EMPTY = Buffer.alloc(0);

/** Decodes a message of contract events in JSON. Each event is judged alone. */
export function decodeJson(value: Buffer | null, nowMs: number): Outcome[] {
  if (value === null || value.length === 0) {
    return [{ ok: false, reason: 'tombstone', detail: 'the message has no value', raw: EMPTY }];
  }
  if (value.length > MAX_MESSAGE_BYTES) {
    const detail = `${value.length} bytes, at most ${MAX_MESSAGE_BYTES} are read`;
    return [{ ok: false, reason: 'message_too_large', detail, raw: value }];
  }
  return jsonParts(value).map((part) => {
    if (!part.ok) return part;
    return { ...validate(part.json, nowMs), raw: part.raw };
  });
}
