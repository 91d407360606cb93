import { RowBinaryWriter } from '../rows/row-binary-writer.ts';

/** The rows whose key is not in `stored`, in order. Returns `rows` itself when all of them survive. */
export function survivingRows(
  rows: RowBinaryWriter,
  stored: ReadonlySet<string>,
  keyOf: (row: Buffer) => string
): RowBinaryWriter {
  if (stored.size === 0) return rows;
  const surviving = new RowBinaryWriter();
  for (let i = 0; i < rows.rows; i++) {
    const row = rows.rowBytes(i, i + 1);
    if (stored.has(keyOf(row))) continue;
    surviving.beginRow();
    surviving.raw(row);
  }
  return surviving;
}

/** Key of a `telemetry_raw` row, as `storedEventIds` gives it: the UUID of its first 16 bytes. */
export function telemetryRowKey(row: Buffer): string {
  const hex =
    row.readBigUInt64LE(0).toString(16).padStart(16, '0') + row.readBigUInt64LE(8).toString(16).padStart(16, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Key of a `dead_letters` row, as `storedDeadLetters` gives it: `offset/part` of its first 12 bytes. */
export function deadLetterRowKey(row: Buffer): string {
  return `${row.readBigInt64LE(0)}/${row.readUInt32LE(8)}`;
}
