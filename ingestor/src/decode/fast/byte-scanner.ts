const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
/** A mantissa of at most this many digits is exact, and so is one division by a power of ten (Clinger 1990). */
const MAX_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MAX_DIGITS + 1 }, (_, exponent) => 10 ** exponent);
/** The general path reads deeper values and objects with more keys. */
const MAX_DEPTH = 8;
const MAX_KEYS = 24;
/** `meta` and its values, and the key with which an object has too many. */
const MAX_OPEN_KEYS = (MAX_DEPTH + 2) * (MAX_KEYS + 1);

/**
 * Reads plain JSON from bytes in place, without creating a string or an object. It supports only common JSON. On anything else
 * (escapes, exponents, long numbers, equal keys) a method fails, and the general path reads the message.
 * Every method leaves `at` after what it read. After a failure the scanner must get a new text.
 */
export class ByteScanner {
  bytes: Uint8Array = new Uint8Array();
  at = 0;
  /** End of the string read last (exclusive, without its quote). */
  stringEnd = 0;
  /** True after a byte above ASCII was read: the caller must then check that the text is UTF-8. */
  sawNonAscii = false;
  #end = 0;
  /** The keys of the objects that are open, the innermost last. No array is created per object. */
  readonly #keyStarts = new Int32Array(MAX_OPEN_KEYS);
  readonly #keyEnds = new Int32Array(MAX_OPEN_KEYS);
  #openKeys = 0;

  /**
   * The text is `start` to `end` (exclusive) of the bytes. A method may read over its end, so a text was read only if `isAtEnd` says so
   * afterwards.
   */
  load(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.bytes = bytes;
    this.at = start;
    this.#end = end;
    this.sawNonAscii = false;
    this.#openKeys = 0;
  }

  /** True if nothing but white space follows in the text, and nothing was read over its end. */
  isAtEnd(): boolean {
    if (this.at > this.#end) return false;
    this.peek();
    return this.at >= this.#end;
  }

  /** The next byte after white space, which is not consumed; -1 at the end. */
  peek(): number {
    const { bytes } = this;
    let at = this.at;
    let byte = bytes[at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
    this.at = at;
    return byte ?? -1;
  }

  /** Consumes this byte after white space; false if the next byte is another one. */
  take(expected: number): boolean {
    if (this.peek() !== expected) return false;
    this.at++;
    return true;
  }

  /** Start of the content of a string without escapes, whose end is `stringEnd`; -1 on failure. */
  string(): number {
    if (this.peek() !== QUOTE) return -1;
    const { bytes } = this;
    const start = ++this.at;
    let at = start;
    let high = 0;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined || byte < 0x20 || byte === BACKSLASH) return -1;
      high |= byte;
      at++;
    }
    if (high >= 0x80) this.sawNonAscii = true;
    this.stringEnd = at;
    this.at = at + 1;
    return start;
  }

  /** A number of at most 15 digits without an exponent, exactly as `JSON.parse` reads it; NaN on failure. */
  number(): number {
    const { bytes } = this;
    const isNegative = this.peek() === MINUS;
    let at = isNegative ? this.at + 1 : this.at;
    const start = at;
    let mantissa = 0;
    let digit = (bytes[at] ?? 0) - ZERO;
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digit = (bytes[++at] ?? 0) - ZERO;
    }
    const integerDigits = at - start;
    if (integerDigits === 0 || (integerDigits > 1 && bytes[start] === ZERO)) return NaN;
    let fractionDigits = 0;
    if (bytes[at] === DOT) {
      digit = (bytes[++at] ?? 0) - ZERO;
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        fractionDigits++;
        digit = (bytes[++at] ?? 0) - ZERO;
      }
      if (fractionDigits === 0) return NaN;
    }
    const next = bytes[at];
    if (integerDigits + fractionDigits > MAX_DIGITS || next === 0x65 || next === 0x45) return NaN;
    this.at = at;
    const magnitude = fractionDigits === 0 ? mantissa : mantissa / (POWERS_OF_TEN[fractionDigits] ?? NaN);
    return isNegative ? -magnitude : magnitude;
  }

  /** Consumes `true`, `false` or `null`, whose first byte is the next one. */
  literal(): boolean {
    const { bytes, at } = this;
    const first = bytes[at];
    const text = first === 0x74 ? 'true' : first === 0x66 ? 'false' : first === 0x6e ? 'null' : '';
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
    this.at = at + text.length;
    return text !== '';
  }

  /** Consumes any value; false on failure. */
  skipValue(depth = 0): boolean {
    const byte = this.peek();
    if (byte === QUOTE) return this.string() >= 0;
    if (byte === 0x7b) return depth < MAX_DEPTH && this.#skipObject(depth);
    if (byte === 0x5b) return depth < MAX_DEPTH && this.#skipArray(depth);
    if (byte === MINUS || (byte >= ZERO && byte <= 0x39)) return !Number.isNaN(this.number());
    return this.literal();
  }

  #skipArray(depth: number): boolean {
    this.at++;
    if (this.take(0x5d)) return true;
    do {
      if (!this.skipValue(depth + 1)) return false;
    } while (this.take(0x2c));
    return this.take(0x5d);
  }

  #skipObject(depth: number): boolean {
    this.at++;
    if (this.take(0x7d)) return true;
    const object = this.beginKeys();
    do {
      const start = this.string();
      if (start < 0 || this.isRepeated(object, start, this.stringEnd)) return false;
      if (!this.take(0x3a) || !this.skipValue(depth + 1)) return false;
    } while (this.take(0x2c));
    this.endKeys(object);
    return this.take(0x7d);
  }

  /** Begins to compare the keys of an object. Give the result to `isRepeated` and, after its last key, to `endKeys`. */
  beginKeys(): number {
    return this.#openKeys;
  }

  endKeys(object: number): void {
    this.#openKeys = object;
  }

  /** Remembers a key of the innermost object; true if the object already has it, or has too many keys to compare quickly. */
  isRepeated(object: number, start: number, end: number): boolean {
    const starts = this.#keyStarts;
    const ends = this.#keyEnds;
    const known = this.#openKeys;
    for (let i = object; i < known; i++) {
      const other = starts[i] ?? 0;
      if ((ends[i] ?? 0) - other === end - start && this.#sameBytes(start, other, end - start)) return true;
    }
    starts[known] = start;
    ends[known] = end;
    this.#openKeys = known + 1;
    return known - object >= MAX_KEYS;
  }

  #sameBytes(a: number, b: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.bytes[a + i] !== this.bytes[b + i]) return false;
    return true;
  }
}
