import { ByteSink } from './byte-sink.ts';
import { keyedHashOfBytes } from '../keyed-hash.ts';
import { stringEnd, type NativeColumn } from './column.ts';

/** SerializationLowCardinality.cpp: the version of the keys, and a dictionary for this block only. */
const KEYS_VERSION = 1n;
const HAS_ADDITIONAL_KEYS = 1n << 9n;
const NEED_UPDATE_DICTIONARY = 1n << 10n;
const EMPTY_STRING = Buffer.of(0);

/**
 * `LowCardinality(String)`, nullable or not: a dictionary of the block's distinct values and an index for each row.
 * So ClickHouse looks up each distinct value once. With RowBinary it looks up the value of each row.
 */
export class LowCardinalityColumn implements NativeColumn {
  readonly #isNullable: boolean;
  /** The distinct values one after the other, as strings in the format of both RowBinary and Native. */
  readonly #values = new ByteSink();
  /** The start of each of them in `#values`, and the end of the last one. */
  #starts = new Uint32Array(64);
  #count = 0;
  /** Open addressing: index of a value plus 1; 0 is a free slot. */
  #slots = new Uint32Array(128);
  #indexes = new Uint32Array(1_024);
  #rows = 0;
  #last = 0;

  constructor(isNullable: boolean) {
    this.#isNullable = isNullable;
    this.clear();
  }

  take(rows: Uint8Array, at: number): number {
    let start = at;
    if (this.#isNullable) {
      if (rows[start] !== 0) {
        this.#append(0);
        return start + 1;
      }
      start++;
    }
    const end = stringEnd(rows, start);
    if (!this.#isValue(this.#last, rows, start, end)) this.#last = this.#indexOf(rows, start, end);
    this.#append(this.#last);
    return end;
  }

  pieces(): Buffer[] {
    const width = this.#count <= 0x100 ? 1 : this.#count <= 0x1_0000 ? 2 : 4;
    const head = Buffer.alloc(24);
    head.writeBigUInt64LE(KEYS_VERSION, 0);
    head.writeBigUInt64LE(HAS_ADDITIONAL_KEYS | NEED_UPDATE_DICTIONARY | BigInt(width >>> 1), 8);
    head.writeBigUInt64LE(BigInt(this.#count), 16);
    const rows = Buffer.alloc(8);
    rows.writeBigUInt64LE(BigInt(this.#rows));
    return [head, this.#values.contents(), rows, this.#narrowIndexes(width)];
  }

  clear(): void {
    this.#values.clear();
    this.#slots.fill(0);
    this.#count = 0;
    this.#rows = 0;
    // The dictionary starts with the defaults of its type: NULL, written as an empty string, and the empty string.
    if (this.#isNullable) this.#remember(EMPTY_STRING, 0, 1);
    this.#last = this.#indexOf(EMPTY_STRING, 0, 1);
  }

  #append(index: number): void {
    if (this.#rows === this.#indexes.length) this.#indexes = doubled(this.#indexes);
    this.#indexes[this.#rows++] = index;
  }

  #indexOf(rows: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = keyedHashOfBytes(rows, start, end) & mask;
    for (let id = this.#slots[slot] ?? 0; id !== 0; id = this.#slots[slot] ?? 0) {
      if (this.#isValue(id - 1, rows, start, end)) return id - 1;
      slot = (slot + 1) & mask;
    }
    const index = this.#remember(rows, start, end);
    this.#slots[slot] = index + 1;
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    return index;
  }

  #remember(rows: Uint8Array, start: number, end: number): number {
    const index = this.#count++;
    this.#values.copy(rows, start, end);
    if (this.#count === this.#starts.length) this.#starts = doubled(this.#starts);
    this.#starts[this.#count] = this.#values.length;
    return index;
  }

  /** Compares backwards, because names of a fleet differ at their ends. */
  #isValue(index: number, rows: Uint8Array, start: number, end: number): boolean {
    const { bytes } = this.#values;
    const from = this.#starts[index] ?? 0;
    let known = this.#starts[index + 1] ?? 0;
    if (known - from !== end - start) return false;
    for (let i = end - 1; i >= start; i--) if (bytes[--known] !== rows[i]) return false;
    return true;
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    // NULL is identified by its flag, never by its bytes.
    for (let index = this.#isNullable ? 1 : 0; index < this.#count; index++) {
      let slot = keyedHashOfBytes(this.#values.bytes, this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }

  #narrowIndexes(width: 1 | 2 | 4): Buffer {
    const wide = this.#indexes.subarray(0, this.#rows);
    const narrow = width === 1 ? new Uint8Array(wide) : width === 2 ? new Uint16Array(wide) : wide;
    return Buffer.from(narrow.buffer, narrow.byteOffset, narrow.byteLength);
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
