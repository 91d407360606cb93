/** One column of a block, filled row by row from RowBinary. */
export interface NativeColumn {
  /** Appends the value at `at` and returns the position after it. */
  take(rows: Uint8Array, at: number): number;
  /** The column in Native format; valid until `clear`. */
  pieces(): Buffer[];
  clear(): void;
}

/** The end of the RowBinary string at `at`: its length as a varint, then its bytes. */
export function stringEnd(rows: Uint8Array, at: number): number {
  let byte = rows[at++] ?? 0;
  let length = byte & 0x7f;
  for (let scale = 128; byte >= 0x80; scale *= 128) {
    byte = rows[at++] ?? 0;
    length += (byte & 0x7f) * scale;
  }
  return at + length;
}
