import { MAX_TEXT_CHARS, MAX_THETA_RADIANS, normaliseRadians } from '@floorwatch/contract';
import type { ByteScanner } from './byte-scanner.ts';
import type { EventByteRanges } from './event-byte-ranges.ts';
import { groupByLength, idOf } from './fields.ts';

const FIRMWARE = 0;
const HEADING = 1;
const KEYS = groupByLength([
  { id: FIRMWARE, text: Buffer.from('firmware') },
  { id: HEADING, text: Buffer.from('heading') },
]);
const QUOTE = 0x22;

/** Reads the `meta` object: kept as it is, with `firmware` and `heading` picked out. False refuses. */
export function scanMeta(scanner: ByteScanner, event: EventByteRanges): boolean {
  if (!scanner.take(0x7b)) return false;
  event.metaStart = scanner.at - 1;
  if (!scanner.take(0x7d) && !scanFields(scanner, event)) return false;
  event.metaEnd = scanner.at;
  return true;
}

function scanFields(scanner: ByteScanner, event: EventByteRanges): boolean {
  const starts: number[] = [];
  const ends: number[] = [];
  do {
    const start = scanner.string();
    if (start < 0 || scanner.isRepeated(start, scanner.stringEnd, starts, ends)) return false;
    const key = idOf(KEYS, scanner.bytes, start, scanner.stringEnd);
    if (!scanner.take(0x3a)) return false;
    const next = scanner.peek();
    if (key === FIRMWARE && next === QUOTE) {
      if (!scanFirmware(scanner, event)) return false;
    } else if (key === HEADING && (next === 0x2d || (next >= 0x30 && next <= 0x39))) {
      if (!scanHeading(scanner, event)) return false;
    } else if (!scanner.skipValue(2)) {
      return false;
    }
  } while (scanner.take(0x2c));
  return scanner.take(0x7d);
}

function scanFirmware(scanner: ByteScanner, event: EventByteRanges): boolean {
  const start = scanner.string();
  if (start < 0 || scanner.stringEnd - start > MAX_TEXT_CHARS) return false;
  if (scanner.stringEnd === start) return true; // An empty version is none.
  event.firmwareStart = start;
  event.firmwareEnd = scanner.stringEnd;
  return true;
}

/** Where the first robots reported their heading; `theta` wins over it. */
function scanHeading(scanner: ByteScanner, event: EventByteRanges): boolean {
  const heading = scanner.number();
  if (Number.isNaN(event.headingRadians)) event.headingRadians = normaliseRadians(heading);
  return Math.abs(heading) <= MAX_THETA_RADIANS;
}
