import type { ClickHouseClient } from '@clickhouse/client';
import { storedDeadLetters, storedEvents } from '../clickhouse/stored-rows.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import type { Batch } from './batch.ts';
import { CLOCK_TOLERANCE_MS } from './received-at.ts';

/** The rows of a batch that ClickHouse already has, so that they are not inserted again. */
export interface StoredBefore {
  /** Compare every batch, not only those whose token ClickHouse may have forgotten. */
  isAlwaysAsked: boolean;
  /** The keys of `eventKey`. */
  events(batch: Batch, signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** The keys of `deadLetterKey`. */
  deadLetters(batch: Batch, signal: AbortSignal): Promise<ReadonlySet<string>>;
}

/**
 * Earlier attempts to insert the same batch. Its offsets and the source identify the rows. `received_at` does not, because each
 * attempt stores its own arrival time. It only excludes dead letters of a deleted topic of the same name.
 */
export function earlierAttempts(client: ClickHouseClient): StoredBefore {
  return {
    isAlwaysAsked: false,
    events: (batch, signal) => storedEvents(client, batch, signal, batch.source),
    deadLetters: (batch, signal) => {
      const arrivedSinceMs = batch.validatedAsOfMs - CLOCK_TOLERANCE_MS;
      return storedDeadLetters(client, batch, signal, { source: batch.source, arrivedSinceMs });
    },
  };
}

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

const UUID_BYTES = 16;
const OFFSET_AND_PART_BYTES = 12;
const PARTITION_BYTES = 4;

/** The identity of a `telemetry_raw` row, in the format of `storedEvents`. Its first columns are event_id, robot_id and ts. */
export function eventKey(row: Buffer): string {
  const robotId = textAt(row, UUID_BYTES);
  return `${uuidText(row)}/${row.readBigInt64LE(robotId.end)}/${robotId.text}`;
}

/**
 * The place and the reason of a `dead_letters` row, in the format of `storedDeadLetters`.
 * Its first columns are offset, part, topic, partition and reason.
 */
export function deadLetterKey(row: Buffer): string {
  const topic = textAt(row, OFFSET_AND_PART_BYTES);
  return `${row.readBigInt64LE(0)}/${row.readUInt32LE(8)}/${textAt(row, topic.end + PARTITION_BYTES).text}`;
}

function uuidText(row: Buffer): string {
  const half = (at: number): string => row.readBigUInt64LE(at).toString(16).padStart(16, '0');
  const hex = half(0) + half(8);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A RowBinary string: its length as a varint, then its bytes. */
function textAt(row: Buffer, at: number): { text: string; end: number } {
  let length = 0;
  let start = at;
  for (let shift = 0; ; shift += 7) {
    const byte = row.readUInt8(start++);
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const end = start + length;
  return { text: row.toString('utf8', start, end), end };
}
