import type { ClickHouseClient } from '@clickhouse/client';
import { filterSql, type DeadLetterFilter } from './dead-letter-filter.ts';
import type { DeadLetterId, DeadLetterKey } from './dead-letter-key.ts';

export interface StoredDeadLetter extends DeadLetterId {
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
  content: string;
  reason: string;
  detail: string;
  raw: string;
  received_at: string;
}

/** Base64, because JSON cannot contain bytes. */
const COLUMNS = `topic, partition, offset, part, toString(d.content) AS content, reason, detail, base64Encode(d.raw) AS raw,
  formatDateTime(d.received_at, '%FT%H:%i:%SZ') AS received_at`;

/** The latest dead letter at this place. Null when there is none. */
export async function findDeadLetter(client: ClickHouseClient, key: DeadLetterKey): Promise<StoredDeadLetter | null> {
  const [letter] = await read(
    client,
    `topic = {topic:String} AND partition = {partition:Int32} AND offset = {offset:Int64} AND part = {part:UInt32}`,
    { ...key },
    1,
    'd.received_at DESC'
  );
  return letter ?? null;
}

/** The dead letters after a key, in key order, repaired ones included. */
export async function nextDeadLetters(
  client: ClickHouseClient,
  filter: DeadLetterFilter,
  after: DeadLetterId | null,
  limit: number
): Promise<StoredDeadLetter[]> {
  const { condition, params } = filterSql(filter);
  if (!after) return read(client, condition, params, limit);
  const rest = `${condition} AND (topic, partition, offset, part, content) >
    ({afterTopic:String}, {afterPartition:Int32}, {afterOffset:Int64}, {afterPart:UInt32}, {afterContent:UInt64})`;
  const { topic: afterTopic, partition: afterPartition, offset: afterOffset, part: afterPart } = after;
  const place = { afterTopic, afterPartition, afterOffset, afterPart, afterContent: after.content };
  return read(client, rest, { ...params, ...place }, limit);
}

async function read(
  client: ClickHouseClient,
  condition: string,
  params: Record<string, unknown>,
  limit: number,
  order = 'topic, partition, offset, part, d.content'
): Promise<StoredDeadLetter[]> {
  const result = await client.query({
    query: `SELECT ${COLUMNS} FROM (SELECT *, content FROM dead_letters FINAL WHERE ${condition}) AS d
            ORDER BY ${order} LIMIT ${limit}`,
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
