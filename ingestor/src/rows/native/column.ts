/** One column of a block, taken row by row out of RowBinary. */
export interface NativeColumn {
  /** Appends the value at `at` and returns where the next column's begins. */
  take(rows: Uint8Array, at: number): number;
  /** The column as Native has it; valid until `clear`. */
  pieces(): Buffer[];
  clear(): void;
}

/** Where a RowBinary string that begins at `at` ends: its length as a varint, then its bytes. */
export function stringEnd(rows: Uint8Array, at: number): number {
  let byte = rows[at++] ?? 0;
  let length = byte & 0x7f;
  for (let scale = 128; byte >= 0x80; scale *= 128) {
    byte = rows[at++] ?? 0;
    length += (byte & 0x7f) * scale;
  }
  return at + length;
}
