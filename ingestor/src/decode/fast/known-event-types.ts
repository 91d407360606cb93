import { EVENT_TYPES, fieldIndex } from '@floorwatch/contract';
import { idOf, knownTexts } from './known-texts.ts';
import type { ScannedEvent } from './scanned-event.ts';

const TYPES = knownTexts(EVENT_TYPES);
const EVENT_TYPE = fieldIndex('event_type');

/** True when the event has no type, or one of the contract's. */
export function isKnownEventType(bytes: Uint8Array, { starts, ends }: ScannedEvent): boolean {
  const start = starts[EVENT_TYPE] ?? -1;
  return start < 0 || idOf(TYPES, bytes, start, ends[EVENT_TYPE] ?? 0) >= 0;
}
