import { EVENT_TYPES } from '@floorwatch/contract';
import type { EventByteRanges } from './event-byte-ranges.ts';
import { groupByLength, idOf } from './fields.ts';

const TYPES = groupByLength(EVENT_TYPES.map((name, id) => ({ id, text: Buffer.from(name) })));

/** True when the event has no type, or one of the contract's. */
export function isKnownEventType(bytes: Uint8Array, { eventTypeStart, eventTypeEnd }: EventByteRanges): boolean {
  return eventTypeStart < 0 || idOf(TYPES, bytes, eventTypeStart, eventTypeEnd) >= 0;
}
