import { EVENT_FIELDS, normaliseRadians } from '@floorwatch/contract';
import type { ByteScanner } from './byte-scanner.ts';
import { KIND, KINDS, MAX, MAX_CHARS, MIN } from './field-rules.ts';
import { idOf, knownTexts } from './known-texts.ts';
import type { ScannedEvent } from './scanned-event.ts';

/** The id is the index of the field that takes its value from this key of `meta`. */
const KEYS = knownTexts(EVENT_FIELDS.map((field) => ('metaKey' in field ? field.metaKey : null)));
const QUOTE = 0x22;

/** Reads the `meta` object, which is stored unchanged, and the values of some of its keys. False on failure. */
export function scanMeta(scanner: ByteScanner, meta: number, event: ScannedEvent): boolean {
  if (!scanner.take(0x7b)) return false;
  event.starts[meta] = scanner.at - 1;
  if (!scanner.take(0x7d) && !scanKeys(scanner, event)) return false;
  event.ends[meta] = scanner.at;
  return true;
}

function scanKeys(scanner: ByteScanner, event: ScannedEvent): boolean {
  const object = scanner.beginKeys();
  do {
    const start = scanner.string();
    if (start < 0 || scanner.isRepeated(object, start, scanner.stringEnd)) return false;
    const field = idOf(KEYS, scanner.bytes, start, scanner.stringEnd);
    if (!scanner.take(0x3a)) return false;
    if (!(field < 0 ? scanner.skipValue(2) : scanField(scanner, field, event))) return false;
  } while (scanner.take(0x2c));
  scanner.endKeys(object);
  return scanner.take(0x7d);
}

/** `meta` may contain anything: a value of another type is not the field. */
function scanField(scanner: ByteScanner, field: number, event: ScannedEvent): boolean {
  const next = scanner.peek();
  switch (KINDS[field]) {
    case KIND.text:
      return next === QUOTE ? scanText(scanner, field, event) : scanner.skipValue(2);
    case KIND.angle: {
      const isNumber = next === 0x2d || (next >= 0x30 && next <= 0x39);
      return isNumber ? scanAngle(scanner, field, event) : scanner.skipValue(2);
    }
    default:
      return false;
  }
}

/** Reads a field that is only in `meta`, such as `firmware`. */
function scanText(scanner: ByteScanner, field: number, event: ScannedEvent): boolean {
  const start = scanner.string();
  if (start < 0 || scanner.stringEnd - start > (MAX_CHARS[field] ?? 0)) return false;
  if (scanner.stringEnd === start) return true; // An empty text counts as absent.
  event.starts[field] = start;
  event.ends[field] = scanner.stringEnd;
  return true;
}

/** The first robots reported their heading as `meta.heading`. `theta` takes precedence. */
function scanAngle(scanner: ByteScanner, field: number, event: ScannedEvent): boolean {
  const angle = scanner.number();
  if (Number.isNaN(event.numbers[field])) event.numbers[field] = normaliseRadians(angle);
  return angle >= (MIN[field] ?? NaN) && angle <= (MAX[field] ?? NaN);
}
