const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * The bytes of each element of a JSON array, exactly as sent, without the surrounding white space.
 * @param array one JSON array that is known to be well-formed and not empty
 */
export function* arrayElements(array: Buffer): Generator<Buffer> {
  let depth = 0;
  let inString = false;
  let start = 0;
  for (let i = 0; i < array.length; i++) {
    const byte = array[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth === 1) start = i + 1;
    } else if (byte === 0x5d || byte === 0x7d) {
      if (--depth === 0) yield trimSpace(array.subarray(start, i));
    } else if (byte === COMMA && depth === 1) {
      yield trimSpace(array.subarray(start, i));
      start = i + 1;
    }
  }
}

/** Trims JSON's white space (space, tab, CR, LF) at both ends. */
export function trimSpace(bytes: Buffer): Buffer {
  let start = 0;
  let end = bytes.length;
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return bytes.subarray(start, end);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
