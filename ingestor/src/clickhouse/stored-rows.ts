import type { ClickHouseClient } from '@clickhouse/client';
import type { TopicPartition } from '../kafka/group-consumer.ts';

/** The offsets of a range and the clock it was built by: together they name its rows in ClickHouse. */
export interface RangeIdentity {
  of: TopicPartition;
  first: number;
  last: number;
  receivedAtMs: number;
}

const WHERE = `topic = {topic:String} AND partition = {partition:Int32} AND offset BETWEEN {first:Int64} AND {last:Int64}
  AND received_at = fromUnixTimestamp64Milli({receivedAtMs:Int64}, 'UTC')`;

/** Event ids (lower-case) of the range that `telemetry_raw` already holds. */
export function storedEventIds(
  client: ClickHouseClient,
  range: RangeIdentity,
  signal: AbortSignal
): Promise<Set<string>> {
  return keys(client, `SELECT toString(event_id) AS key FROM telemetry_raw WHERE ${WHERE}`, range, signal);
}

/** `offset/part` of the range's dead letters that ClickHouse already holds. */
export function storedDeadLetters(
  client: ClickHouseClient,
  range: RangeIdentity,
  signal: AbortSignal
): Promise<Set<string>> {
  return keys(client, `SELECT concat(offset, '/', part) AS key FROM dead_letters WHERE ${WHERE}`, range, signal);
}

async function keys(
  client: ClickHouseClient,
  query: string,
  { of, first, last, receivedAtMs }: RangeIdentity,
  signal: AbortSignal
): Promise<Set<string>> {
  const result = await client.query({
    query,
    format: 'JSONEachRow',
    query_params: { ...of, first, last, receivedAtMs },
    abort_signal: signal,
  });
  return new Set((await result.json<{ key: string }>()).map((row) => row.key));
}
