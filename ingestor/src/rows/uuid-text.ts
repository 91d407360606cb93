export const UUID_BYTES = 16;
/** Positions of the hex pairs in the text of a UUID, in ClickHouse's byte order. */
export const HEX_PAIRS = [16, 14, 11, 9, 6, 4, 2, 0, 34, 32, 30, 28, 26, 24, 21, 19];
export const DASHES = [8, 13, 18, 23];
/** Of a byte that is no hexadecimal digit. */
export const NO_HEX = 16;
/** The value of an ASCII digit. */
export const NIBBLES = new Uint8Array(256).fill(NO_HEX);
for (const [value, digit] of Array.from('0123456789abcdef').entries()) {
  NIBBLES[digit.charCodeAt(0)] = value;
  NIBBLES[digit.toUpperCase().charCodeAt(0)] = value;
}
