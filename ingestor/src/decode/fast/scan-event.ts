import {
  MAX_AHEAD_MS,
  MAX_COORDINATE_METRES,
  MAX_ROBOT_ID_CHARS,
  MAX_SPEED_METRES_PER_SECOND,
  MAX_TEXT_CHARS,
  MAX_THETA_RADIANS,
  RAW_RETENTION_MS,
  ROBOT_STATES,
  normaliseRadians,
} from '@floorwatch/contract';
import type { ByteScanner } from './byte-scanner.ts';
import type { EventByteRanges } from './event-byte-ranges.ts';
import { FIELD, fieldOf, groupByLength, idOf, UNKNOWN_FIELD } from './fields.ts';
import { scanMeta } from './scan-meta.ts';
import { timestampMs } from './timestamp.ts';

const QUOTE = 0x22;
const LETTER_N = 0x6e;
const LATEST_EPOCH_MS = 1e15;
const STATES = groupByLength(ROBOT_STATES.map((name, id) => ({ id, text: Buffer.from(name) })));

/**
 * Reads one JSON object and checks it against the contract in the same pass.
 *
 * Invariant: true means that the general path (`decodeJson`) accepts the same bytes as one event with the same values;
 * false means nothing but "ask the general path". A property test holds the two equal.
 */
export function scanEvent(scanner: ByteScanner, nowMs: number, event: EventByteRanges): boolean {
  event.clear();
  if (!scanner.take(0x7b)) return false;
  let seen = 0;
  do {
    const start = scanner.string();
    if (start < 0) return false;
    const field = fieldOf(scanner.bytes, start, scanner.stringEnd);
    if (!scanner.take(0x3a)) return false;
    if (field === UNKNOWN_FIELD) {
      // An unknown key may be there twice: nothing of it is kept. One spelt with escapes was refused above.
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
  if (!scanner.take(0x7d) || scanner.peek() !== -1) return false;
  return isWithinContract(event, nowMs);
}

function isWithinContract(event: EventByteRanges, nowMs: number): boolean {
  const { tsMs, xMetres, yMetres } = event;
  if (event.robotIdStart < 0) return false;
  if (!(tsMs >= nowMs - RAW_RETENTION_MS && tsMs <= nowMs + MAX_AHEAD_MS)) return false;
  return Number.isNaN(xMetres) === Number.isNaN(yMetres);
}

function readField(scanner: ByteScanner, field: number, event: EventByteRanges): boolean {
  switch (field) {
    case FIELD.eventId: {
      event.eventIdStart = scanner.string();
      return event.eventIdStart >= 0 && scanner.stringEnd - event.eventIdStart === 36;
    }
    case FIELD.robotId: {
      event.robotIdStart = scanner.string();
      event.robotIdEnd = scanner.stringEnd;
      return isText(event.robotIdStart, scanner.stringEnd, MAX_ROBOT_ID_CHARS);
    }
    case FIELD.ts:
      return readTimestamp(scanner, event);
    case FIELD.eventType: {
      event.eventTypeStart = scanner.string();
      event.eventTypeEnd = scanner.stringEnd;
      return isText(event.eventTypeStart, scanner.stringEnd, MAX_TEXT_CHARS);
    }
    case FIELD.taskId: {
      event.taskIdStart = scanner.string();
      event.taskIdEnd = scanner.stringEnd;
      return isText(event.taskIdStart, scanner.stringEnd, MAX_TEXT_CHARS);
    }
    case FIELD.mapId: {
      event.mapIdStart = scanner.string();
      event.mapIdEnd = scanner.stringEnd;
      return isText(event.mapIdStart, scanner.stringEnd, MAX_TEXT_CHARS);
    }
    case FIELD.siteId: {
      event.siteIdStart = scanner.string();
      event.siteIdEnd = scanner.stringEnd;
      return isText(event.siteIdStart, scanner.stringEnd, MAX_TEXT_CHARS);
    }
    case FIELD.errorCode: {
      event.errorCodeStart = scanner.string();
      event.errorCodeEnd = scanner.stringEnd;
      return isText(event.errorCodeStart, scanner.stringEnd, MAX_TEXT_CHARS);
    }
    case FIELD.state: {
      event.stateStart = scanner.string();
      event.stateEnd = scanner.stringEnd;
      return event.stateStart >= 0 && idOf(STATES, scanner.bytes, event.stateStart, scanner.stringEnd) >= 0;
    }
    case FIELD.x: {
      event.xMetres = scanner.number();
      return Math.abs(event.xMetres) <= MAX_COORDINATE_METRES;
    }
    case FIELD.y: {
      event.yMetres = scanner.number();
      return Math.abs(event.yMetres) <= MAX_COORDINATE_METRES;
    }
    case FIELD.theta: {
      const theta = scanner.number();
      event.headingRadians = normaliseRadians(theta); // Wins over meta.heading, whichever comes first.
      return Math.abs(theta) <= MAX_THETA_RADIANS;
    }
    case FIELD.speed: {
      event.speedMetresPerSecond = scanner.number();
      return Math.abs(event.speedMetresPerSecond) <= MAX_SPEED_METRES_PER_SECOND;
    }
    case FIELD.battery: {
      event.batteryPercent = scanner.number();
      return event.batteryPercent >= 0 && event.batteryPercent <= 100;
    }
    default:
      return scanMeta(scanner, event);
  }
}

/** 1 to `max` bytes, and so at most as many characters: a longer text of fewer characters is left to the general path. */
function isText(start: number, end: number, max: number): boolean {
  return start >= 0 && end > start && end - start <= max;
}

function readTimestamp(scanner: ByteScanner, event: EventByteRanges): boolean {
  if (scanner.peek() === QUOTE) {
    const start = scanner.string();
    event.tsMs = start < 0 ? NaN : timestampMs(scanner.bytes, start, scanner.stringEnd);
  } else {
    const epochMs = scanner.number();
    event.tsMs = epochMs >= 0 && epochMs < LATEST_EPOCH_MS ? Math.trunc(epochMs) : NaN;
  }
  return !Number.isNaN(event.tsMs);
}
