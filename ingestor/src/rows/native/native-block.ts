import { RowBinaryWriter } from '../row-binary-writer.ts';
import type { NativeColumn } from './column.ts';
import { nativeColumn } from './native-column.ts';

interface NamedColumn {
  /** Name and type in Native format. */
  head: Buffer;
  column: NativeColumn;
}

/**
 * Converts rows to a block of ClickHouse's Native format, which has columns like the server itself. So the server parses almost
 * nothing: 0.1 CPU-seconds per million rows of `telemetry_raw` instead of 2.2 for RowBinary.
 */
export class NativeBlock {
  readonly #columns: readonly NamedColumn[];

  /** @throws when a type is not supported */
  constructor(columns: readonly (readonly [name: string, type: string])[]) {
    this.#columns = columns.map(([name, type]) => {
      const head = new RowBinaryWriter(64);
      head.string(name);
      head.string(type);
      return { head: head.bytes(), column: nativeColumn(type) };
    });
  }

  /**
   * The block in pieces, which are valid until `clear`.
   * @param rows the rows of these columns in RowBinary
   */
  encode(rows: Buffer): Buffer[] {
    const columns = this.#columns.map(({ column }) => column);
    let count = 0;
    for (let at = 0; at < rows.length; count++) {
      for (const column of columns) at = column.take(rows, at);
    }
    const size = new RowBinaryWriter(16);
    size.varint(columns.length);
    size.varint(count);
    return [size.bytes(), ...this.#columns.flatMap(({ head, column }) => [head, ...column.pieces()])];
  }

  /** Removes the rows and keeps the memory. */
  clear(): void {
    for (const { column } of this.#columns) column.clear();
  }
}
