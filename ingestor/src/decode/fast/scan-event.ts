import {
  EVENT_FIELDS,
  EVENT_TYPES,
  fieldIndex,
  MAX_AHEAD_MS,
  normaliseRadians,
  RAW_RETENTION_MS,
  ROBOT_STATES,
} from '@floorwatch/contract';
import type { ByteScanner } from './byte-scanner.ts';
import { KIND, KINDS, MAX, MAX_CHARS, MIN } from './field-rules.ts';
import { idOf, knownTexts } from './known-texts.ts';
import { scanMeta } from './scan-meta.ts';
import type { ScannedEvent } from './scanned-event.ts';
import { timestampMs } from './timestamp.ts';

const QUOTE = 0x22;
const LETTER_N = 0x6e;
const LATEST_EPOCH_MS = 1e15;
const UUID_CHARS = 36;

const KEYS = knownTexts(EVENT_FIELDS.map((field) => ('onlyInMeta' in field ? null : field.name)));
const STATES = knownTexts(ROBOT_STATES);
const TYPES = knownTexts(EVENT_TYPES);
const EVENT_TYPE = fieldIndex('event_type');
const ROBOT_ID = fieldIndex('robot_id');
const TS = fieldIndex('ts');
const X = fieldIndex('x');
const Y = fieldIndex('y');

/**
 * Reads one JSON object and checks it against the contract in the same pass.
 *
 * Invariant: true means that the general path (`decodeJson`) accepts the same bytes as one event with the same values;
 * false only means "ask the general path". A property test checks that both paths agree.
 */
export function scanEvent(scanner: ByteScanner, nowMs: number, event: ScannedEvent): boolean {
  event.clear();
  if (!scanner.take(0x7b)) return false;
  let seen = 0;
  do {
    const start = scanner.string();
    if (start < 0) return false;
    const field = idOf(KEYS, scanner.bytes, start, scanner.stringEnd);
    if (!scanner.take(0x3a)) return false;
    if (field < 0) {
      // An unknown key may occur twice, because its value is not stored. A key with escapes has already failed above.
      if (!scanner.skipValue(1)) return false;
      continue;
    }
    if ((seen & (1 << field)) !== 0) return false;
    seen |= 1 << field;
    if (scanner.peek() === LETTER_N) {
      if (!scanner.literal()) return false;
    } else if (!readField(scanner, field, event)) {
      return false;
    }
  } while (scanner.take(0x2c));
  if (!scanner.take(0x7d) || !scanner.isAtEnd()) return false;
  return isWithinContract(event, nowMs);
}

function isWithinContract({ numbers, starts }: ScannedEvent, nowMs: number): boolean {
  const tsMs = numbers[TS] ?? NaN;
  if ((starts[ROBOT_ID] ?? -1) < 0) return false;
  if (!(tsMs >= nowMs - RAW_RETENTION_MS && tsMs <= nowMs + MAX_AHEAD_MS)) return false;
  return Number.isNaN(numbers[X]) === Number.isNaN(numbers[Y]);
}

function readField(scanner: ByteScanner, field: number, event: ScannedEvent): boolean {
  switch (KINDS[field]) {
    case KIND.text: {
      const start = readString(scanner, field, event);
      const length = scanner.stringEnd - start;
      // Counts bytes, so it is at least the number of characters. The general path reads a text with more bytes and few characters.
      return start >= 0 && length > 0 && length <= (MAX_CHARS[field] ?? 0);
    }
    case KIND.number: {
      const value = scanner.number();
      event.numbers[field] = value;
      return value >= (MIN[field] ?? NaN) && value <= (MAX[field] ?? NaN);
    }
    case KIND.angle: {
      const value = scanner.number();
      event.numbers[field] = normaliseRadians(value); // Takes precedence over the key of `meta`, in any order.
      return value >= (MIN[field] ?? NaN) && value <= (MAX[field] ?? NaN);
    }
    case KIND.time: {
      const tsMs = readTimestamp(scanner);
      event.numbers[field] = tsMs;
      return !Number.isNaN(tsMs);
    }
    case KIND.uuid: {
      const start = readString(scanner, field, event);
      return start >= 0 && scanner.stringEnd - start === UUID_CHARS;
    }
    case KIND.state: {
      const start = readString(scanner, field, event);
      return start >= 0 && idOf(STATES, scanner.bytes, start, scanner.stringEnd) >= 0;
    }
    default:
      return scanMeta(scanner, field, event);
  }
}

function readString(scanner: ByteScanner, field: number, event: ScannedEvent): number {
  const start = scanner.string();
  event.starts[field] = start;
  event.ends[field] = scanner.stringEnd;
  return start;
}

/** NaN on failure. */
function readTimestamp(scanner: ByteScanner): number {
  if (scanner.peek() === QUOTE) {
    const start = scanner.string();
    return start < 0 ? NaN : timestampMs(scanner.bytes, start, scanner.stringEnd);
  }
  const epochMs = scanner.number();
  return epochMs >= 0 && epochMs < LATEST_EPOCH_MS ? Math.trunc(epochMs) : NaN;
}

/** True when the event has no type, or one of the contract's. */
export function isKnownEventType(bytes: Uint8Array, { starts, ends }: ScannedEvent): boolean {
  const start = starts[EVENT_TYPE] ?? -1;
  return start < 0 || idOf(TYPES, bytes, start, ends[EVENT_TYPE] ?? 0) >= 0;
}
