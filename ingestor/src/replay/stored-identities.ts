import type { ClickHouseClient } from '@clickhouse/client';
import { storedIdentities, storedVerdicts } from '../clickhouse/stored-rows.ts';
import type { StoredBefore } from '../pipeline/stored-before.ts';
import { telemetryRowKey } from '../pipeline/surviving-rows.ts';

const UUID_BYTES = 16;
const OFFSET_AND_PART_BYTES = 12;
const PARTITION_BYTES = 4;

/**
 * Whatever anybody has stored of a range: a replay adds what is missing, so that it changes nothing where all is there,
 * inside ClickHouse's deduplication window and outside of it.
 */
export function storedByAnyone(client: ClickHouseClient): StoredBefore {
  return {
    events: (range, signal) => storedIdentities(client, range, signal),
    eventKey: identityOfRow,
    deadLetters: (range, signal) => storedVerdicts(client, range, signal),
    deadLetterKey: verdictOfRow,
  };
}

/** The identity of a `telemetry_raw` row: its first columns are event_id, robot_id and ts. */
function identityOfRow(row: Buffer): string {
  const robotId = textAt(row, UUID_BYTES);
  return `${telemetryRowKey(row)}/${row.readBigInt64LE(robotId.end)}/${robotId.text}`;
}

/** The place and the reason of a `dead_letters` row: its first columns are offset, part, topic, partition and reason. */
function verdictOfRow(row: Buffer): string {
  const topic = textAt(row, OFFSET_AND_PART_BYTES);
  return `${row.readBigInt64LE(0)}/${row.readUInt32LE(8)}/${textAt(row, topic.end + PARTITION_BYTES).text}`;
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
