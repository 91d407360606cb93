import avro from 'avsc';

/** The parts of avsc 5.7.9's reader that this file uses. avsc has no types for them. */
interface Tap {
  /** Returns 0 after the end of the bytes. */
  readLong(): number;
  skipLong(): void;
  pos: number;
  /** The 8 bytes of a long, little-endian. */
  unpackLongBytes(): Buffer;
  readString(): string | undefined;
}
interface Readable {
  _read: (this: ItemsType, tap: Tap) => unknown;
}
interface ItemsType {
  itemsType: { _read(tap: Tap): unknown };
  valuesType: { _read(tap: Tap): unknown };
}

/** Items of type null take no bytes. */
const MAX_EMPTY_ITEMS = 1_000;

/** Items that the arrays and maps of the current message may still have. */
let itemsLeft = 0;

/**
 * Reads one message. Throws if its arrays and maps have more items than it has bytes. avsc trusts the counts in the message and
 * checks the length only at the end, so a message of 20 bytes could fill the memory.
 */
export function withItemLimit<T>(bytes: number, read: () => T): T {
  itemsLeft = bytes + MAX_EMPTY_ITEMS;
  return read();
}

function readItems(tap: Tap, readItem: () => void): void {
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    if (count < 0) {
      count = -count;
      tap.skipLong(); // The size of the block.
    }
    if (count > itemsLeft) throw new Error(`a list of ${count} items is longer than the message`);
    itemsLeft -= count;
    for (; count > 0; count--) readItem();
  }
}

/** avsc fails at a long that a number rounds. It becomes a bigint. */
(avro.types.LongType.prototype as unknown as Readable)._read = function (tap) {
  const { pos } = tap;
  const number = tap.readLong();
  if (Number.isSafeInteger(number)) return number;
  tap.pos = pos;
  return tap.unpackLongBytes().readBigInt64LE();
};

(avro.types.ArrayType.prototype as unknown as Readable)._read = function (tap) {
  const items: unknown[] = [];
  readItems(tap, () => items.push(this.itemsType._read(tap)));
  return items;
};

(avro.types.MapType.prototype as unknown as Readable)._read = function (tap) {
  const entries: [string, unknown][] = [];
  readItems(tap, () => entries.push([tap.readString() ?? '', this.valuesType._read(tap)]));
  return Object.fromEntries(entries);
};
