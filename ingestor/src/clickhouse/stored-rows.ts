import type { ClickHouseClient } from '@clickhouse/client';
import type { TopicPartition } from '../kafka/group-consumer.ts';

/** The offsets of a range and the clock it was built by: together they name its rows in ClickHouse. */
export interface RangeIdentity {
  of: TopicPartition;
  first: number;
  last: number;
  receivedAtMs: number;
}

const OFFSETS = `topic = {topic:String} AND partition = {partition:Int32} AND offset BETWEEN {first:Int64} AND {last:Int64}`;
const WHERE = `${OFFSETS} AND received_at = fromUnixTimestamp64Milli({receivedAtMs:Int64}, 'UTC')`;

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

/** `event_id/ts/robot_id` of the events that `telemetry_raw` holds from these offsets, whoever stored them. */
export function storedIdentities(
  client: ClickHouseClient,
  range: RangeIdentity,
  signal: AbortSignal
): Promise<Set<string>> {
  const key = "concat(toString(event_id), '/', toString(toUnixTimestamp64Milli(ts)), '/', robot_id)";
  return keys(client, `SELECT ${key} AS key FROM telemetry_raw WHERE ${OFFSETS}`, range, signal);
}

/** `offset/part/reason` of the dead letters that ClickHouse holds from these offsets, whoever stored them. */
export function storedVerdicts(
  client: ClickHouseClient,
  range: RangeIdentity,
  signal: AbortSignal
): Promise<Set<string>> {
  return keys(
    client,
    `SELECT concat(offset, '/', part, '/', reason) AS key FROM dead_letters WHERE ${OFFSETS}`,
    range,
    signal
  );
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
