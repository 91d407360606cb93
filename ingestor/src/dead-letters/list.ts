import type { ClickHouseClient } from '@clickhouse/client';
import { filterSql, type DeadLetterFilter } from './dead-letter-filter.ts';

export interface ReasonCount {
  reason: string;
  open: number;
  repaired: number;
  first: string;
  last: string;
}

export interface DeadLetterSample {
  topic: string;
  partition: number;
  offset: number;
  part: number;
  reason: string;
  received_at: string;
  repaired_at: string | null;
  raw_bytes: number;
  sample: string;
}

/** Dead letters per reason, the most frequent first. */
export async function countByReason(client: ClickHouseClient, filter: DeadLetterFilter): Promise<ReasonCount[]> {
  const { condition, params } = filterSql(filter);
  return select(
    client,
    `SELECT reason, countIf(repaired_at IS NULL) AS open, countIf(repaired_at IS NOT NULL) AS repaired,
       toString(min(l.received_at)) AS first, toString(max(l.received_at)) AS last
     FROM v_dead_letters AS l WHERE ${condition} GROUP BY reason ORDER BY open DESC, reason`,
    params
  );
}

/** The latest dead letters. @param chars length of a sample */
export async function latestSamples(
  client: ClickHouseClient,
  filter: DeadLetterFilter,
  options: { limit: number; chars: number; repairedToo: boolean }
): Promise<DeadLetterSample[]> {
  const { condition, params } = filterSql(filter);
  return select(
    client,
    `SELECT topic, partition, offset, part, reason, toString(l.received_at) AS received_at,
       toString(l.repaired_at) AS repaired_at, raw_bytes, substringUTF8(l.sample, 1, {chars:UInt32}) AS sample
     -- the condition has its own level, because the text \`received_at\` hides the column of this name
     FROM (SELECT * FROM v_dead_letters WHERE ${condition}) AS l
     WHERE {repairedToo:Bool} OR l.repaired_at IS NULL
     ORDER BY l.received_at DESC, topic, partition, offset, part LIMIT {limit:UInt32}`,
    { ...params, ...options }
  );
}

async function select<Row>(client: ClickHouseClient, query: string, params: Record<string, unknown>): Promise<Row[]> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return result.json<Row>();
}
