import { parseTimestampMs } from '@floorwatch/contract';

/** The last date: in a stream of events it changes once per day. */
interface DateCache {
  date: number;
  midnightMs: number;
}
const CACHE: DateCache = { date: -1, midnightMs: 0 };

/**
 * Milliseconds since the epoch of `YYYY-MM-DDThh:mm:ss[.f{1,6}][Z|+00:00]` at `start` to `end`, as `parseTimestampMs`
 * reads it; NaN on failure (another form, or a time that does not exist).
 */
export function timestampMs(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 19 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return NaN;
  const separator = bytes[start + 10];
  if ((separator !== 0x54 && separator !== 0x20) || bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a)
    return NaN;
  const date =
    twoDigits(bytes, start) * 1_000_000 +
    twoDigits(bytes, start + 2) * 10_000 +
    twoDigits(bytes, start + 5) * 100 +
    twoDigits(bytes, start + 8);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return NaN;
  const millis = fractionMillis(bytes, start + 19, end);
  const midnight = date === CACHE.date ? CACHE.midnightMs : midnightMs(date);
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
}

/** @param date YYYYMMDD as a number */
function midnightMs(date: number): number {
  const text = String(date).padStart(8, '0');
  const midnight = parseTimestampMs(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}T00:00:00Z`);
  if (Number.isNaN(date) || midnight === null) return NaN;
  CACHE.date = date;
  CACHE.midnightMs = midnight;
  return midnight;
}

function fractionMillis(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let millis = 0;
  if (bytes[at] === 0x2e) {
    let scale = 100;
    let digit = (bytes[++at] ?? 0) - 0x30;
    const first = at;
    while (digit >= 0 && digit <= 9 && at < end) {
      millis += digit * scale; // Digits after the third add nothing: the contract truncates to milliseconds.
      scale = scale > 1 ? scale / 10 : 0;
      digit = (bytes[++at] ?? 0) - 0x30;
    }
    if (at === first || at - first > 6) return NaN;
  }
  if (at === end) return millis;
  if (bytes[at] === 0x5a && at + 1 === end) return millis;
  const isZeroOffset =
    bytes[at] === 0x2b && at + 6 === end && twoDigits(bytes, at + 1) === 0 && twoDigits(bytes, at + 4) === 0;
  return isZeroOffset && bytes[at + 3] === 0x3a ? millis : NaN;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const ones = (bytes[at + 1] ?? 0) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}
