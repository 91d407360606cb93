import type { ClickHouseClient } from '@clickhouse/client';
import { filterSql, type DeadLetterFilter } from './dead-letter-filter.ts';
import type { DeadLetterKey } from './dead-letter-key.ts';

export interface StoredDeadLetter extends DeadLetterKey {
  reason: string;
  detail: string;
  raw: Buffer;
  /** ISO 8601, UTC. */
  receivedAt: string;
}

interface StoredRow {
  topic: string;
  partition: number;
  offset: string;
  part: number;
  reason: string;
  detail: string;
  raw: string;
  received_at: string;
}

/** Base64, because JSON cannot contain bytes. */
const COLUMNS = `topic, partition, offset, part, reason, detail, base64Encode(d.raw) AS raw,
  formatDateTime(d.received_at, '%FT%H:%i:%SZ') AS received_at`;

/** Null when the dead letter does not exist. */
export async function findDeadLetter(client: ClickHouseClient, key: DeadLetterKey): Promise<StoredDeadLetter | null> {
  const [letter] = await read(
    client,
    `topic = {topic:String} AND partition = {partition:Int32} AND offset = {offset:Int64} AND part = {part:UInt32}`,
    { ...key },
    1
  );
  return letter ?? null;
}

/** The dead letters after a key, in key order, repaired ones included. */
export async function nextDeadLetters(
  client: ClickHouseClient,
  filter: DeadLetterFilter,
  after: DeadLetterKey | null,
  limit: number
): Promise<StoredDeadLetter[]> {
  const { condition, params } = filterSql(filter);
  if (!after) return read(client, condition, params, limit);
  const rest = `${condition} AND (topic, partition, offset, part) >
    ({afterTopic:String}, {afterPartition:Int32}, {afterOffset:Int64}, {afterPart:UInt32})`;
  const { topic: afterTopic, partition: afterPartition, offset: afterOffset, part: afterPart } = after;
  return read(client, rest, { ...params, afterTopic, afterPartition, afterOffset, afterPart }, limit);
}

async function read(
  client: ClickHouseClient,
  condition: string,
  params: Record<string, unknown>,
  limit: number
): Promise<StoredDeadLetter[]> {
  const result = await client.query({
    query: `SELECT ${COLUMNS} FROM (SELECT * FROM dead_letters FINAL WHERE ${condition}) AS d
            ORDER BY topic, partition, offset, part LIMIT ${limit}`,
    query_params: params,
    format: 'JSONEachRow',
  });
  return (await result.json<StoredRow>()).map(({ raw, received_at, offset, ...row }) => ({
    ...row,
    offset: Number(offset),
    raw: Buffer.from(raw, 'base64'),
    receivedAt: received_at,
  }));
}
