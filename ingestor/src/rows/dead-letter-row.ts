import type { DeadLetterReason } from '../decode/outcome.ts';
import { SOURCE_INGESTOR, SOURCE_TYPE, type Position } from './origin.ts';
import type { RowBinaryWriter } from './row-binary-writer.ts';

/**
 * Columns of `dead_letters` in the order in which a row is written, with the table's types.
 * `offset` and `part` are first, so that the first 12 bytes of a row are its identity within its partition.
 */
export const DEAD_LETTER_COLUMNS = [
  ['offset', 'Int64'],
  ['part', 'UInt32'],
  ['topic', 'LowCardinality(String)'],
  ['partition', 'Int32'],
  ['reason', 'LowCardinality(String)'],
  ['detail', 'String'],
  ['raw', 'String'],
  ['key', 'String'],
  ['received_at', "DateTime64(3, 'UTC')"],
  ['source', SOURCE_TYPE],
] as const;

export interface DeadLetter {
  reason: DeadLetterReason;
  detail: string;
  /** The event's original bytes, which RowBinary stores unchanged even if they are not UTF-8. */
  raw: Uint8Array;
  key: Uint8Array | null;
}

const NO_KEY = new Uint8Array();

export function writeDeadLetterRow(
  writer: RowBinaryWriter,
  letter: DeadLetter,
  position: Position,
  source = SOURCE_INGESTOR
): void {
  writer.beginRow();
  writer.int64(position.offset);
  writer.uint32(position.part);
  writer.string(position.topic);
  writer.int32(position.partition);
  writer.string(letter.reason);
  writer.string(letter.detail);
  writer.binary(letter.raw);
  writer.binary(letter.key ?? NO_KEY);
  writer.int64(position.receivedAtMs);
  writer.uint8(source);
}
