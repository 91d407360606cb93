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

/**
 * Writes ClickHouse's RowBinary into one growing buffer: little-endian numbers, strings with a varint length,
 * a nullable with one byte before it. It stores the start of each row, so that single rows can be copied or removed.
 */
export class RowBinaryWriter {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;
  #starts: Uint32Array;
  #rows = 0;

  constructor(initialBytes = 65_536) {
    this.#bytes = newBuffer(initialBytes);
    this.#starts = new Uint32Array(1_024);
  }

  get rows(): number {
    return this.#rows;
  }

  get byteLength(): number {
    return this.#length;
  }

  /** The rows written so far; valid until the next write. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The bytes of rows `from` to `to` (exclusive). */
  rowBytes(from: number, to: number): Buffer {
    return this.#bytes.subarray(this.#startOf(from), this.#startOf(to));
  }

  /** Removes all rows and keeps the memory. */
  clear(): void {
    this.#length = 0;
    this.#rows = 0;
  }

  /** Removes all rows and frees the memory. */
  release(): void {
    this.clear();
    this.#bytes = resized(this.#bytes, 0);
  }

  /** A copy of rows `from` to `to` (exclusive). */
  slice(from: number, to: number): RowBinaryWriter {
    const copy = new RowBinaryWriter(this.#startOf(to) - this.#startOf(from));
    for (let i = from; i < to; i++) {
      copy.beginRow();
      copy.raw(this.rowBytes(i, i + 1));
    }
    return copy;
  }

  beginRow(): void {
    if (this.#rows === this.#starts.length) {
      const larger = new Uint32Array(this.#starts.length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#rows++] = this.#length;
  }

  /**
   * Makes room for a row of at most this many bytes and returns its start in `buffer`. The row is added when `endRow` gets its
   * end; until then it can be overwritten.
   */
  roomForRow(maxBytes: number): number {
    this.#reserve(maxBytes);
    return this.#length;
  }

  /** The buffer of the rows. `roomForRow` may replace it. */
  get buffer(): Buffer {
    return this.#bytes;
  }

  endRow(end: number): void {
    this.beginRow();
    this.#length = end;
  }

  get lastRowStart(): number {
    return this.#startOf(this.#rows - 1);
  }

  /** Removes the last row. */
  dropLastRow(): void {
    this.#length = this.lastRowStart;
    this.#rows--;
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32LE(value, this.#length);
  }

  /** A safe integer as Int64 (or, when it is not negative, UInt64). */
  int64(value: number): void {
    this.#reserve(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#length = this.#bytes.writeUInt32LE(value - high * 0x1_0000_0000, this.#length);
    this.#length = this.#bytes.writeInt32LE(high, this.#length);
  }

  float32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeFloatLE(value, this.#length);
  }

  nullableFloat32(value: number | null): void {
    this.uint8(value === null ? 1 : 0);
    if (value !== null) this.float32(value);
  }

  string(text: string): void {
    if (text.length < 0x80 && this.#asciiString(text)) return;
    const byteLength = Buffer.byteLength(text);
    this.varint(byteLength);
    this.#reserve(byteLength);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** Writes a short ASCII text with a loop, which is faster than two native calls. Returns false, without writing, for other texts. */
  #asciiString(text: string): boolean {
    const { length } = text;
    this.#reserve(length + 1);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return false;
      bytes[at++] = code;
    }
    this.#length = at;
    return true;
  }

  nullableString(text: string | null): void {
    this.uint8(text === null ? 1 : 0);
    if (text !== null) this.string(text);
  }

  binary(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Appends bytes that are already RowBinary. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** ClickHouse stores a UUID as two little-endian 64-bit halves. */
  uuid(text: string): void {
    this.#reserve(UUID_BYTES);
    for (let i = 0; i < UUID_BYTES; i++) {
      const at = HEX_PAIRS[i] ?? 0;
      const high = NIBBLES[text.charCodeAt(at)] ?? 0;
      this.#bytes[this.#length++] = (high << 4) | (NIBBLES[text.charCodeAt(at + 1)] ?? 0);
    }
  }

  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #startOf(row: number): number {
    return row < this.#rows ? (this.#starts[row] ?? 0) : this.#length;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    this.#bytes = resized(this.#bytes, Math.max(this.#bytes.length * 2, this.#length + bytes));
  }
}

/** A copy with this size. The memory of the old buffer is freed immediately, not by the garbage collector. */
export function resized(buffer: Buffer<ArrayBuffer>, bytes: number): Buffer<ArrayBuffer> {
  return Buffer.from(buffer.buffer.transfer(bytes));
}

export function newBuffer(bytes: number): Buffer<ArrayBuffer> {
  return Buffer.from(new ArrayBuffer(bytes));
}
