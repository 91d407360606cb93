import type { ClickHouseClient } from '@clickhouse/client';
import type { TopicPartition } from '../kafka/group-consumer.ts';

/** The offsets whose rows are read. */
export interface BatchOffsets {
  of: TopicPartition;
  first: number;
  last: number;
}

/** Selects only the rows of earlier attempts to insert one batch. */
export interface WrittenBy {
  /** Number of the `source` enum. */
  source: number;
  /** Rows that arrived before this time belong to a deleted topic of the same name. */
  arrivedSinceMs: number;
}

const OFFSETS = `topic = {topic:String} AND partition = {partition:Int32} AND offset BETWEEN {first:Int64} AND {last:Int64}`;
const SOURCE = `CAST(source, 'Int8') = {source:Int8}`;
const ARRIVED_SINCE = `received_at >= fromUnixTimestamp64Milli({arrivedSinceMs:Int64}, 'UTC')`;

/**
 * `event_id/ts/robot_id` of the events in `telemetry_raw` with these offsets.
 * The three are an event's identity, so events of a deleted topic of the same name are not mistaken for these.
 * @param source number of the `source` enum; any source when absent
 */
export function storedEvents(
  client: ClickHouseClient,
  batch: BatchOffsets,
  signal: AbortSignal,
  source?: number
): Promise<Set<string>> {
  const key = "concat(toString(event_id), '/', toString(toUnixTimestamp64Milli(ts)), '/', robot_id)";
  const where = source === undefined ? OFFSETS : `${OFFSETS} AND ${SOURCE}`;
  return keys(client, `SELECT ${key} AS key FROM telemetry_raw WHERE ${where}`, { ...batch, source }, signal);
}

/**
 * `offset/part/reason` of the dead letters in ClickHouse with these offsets.
 * @param by all writers when absent
 */
export function storedDeadLetters(
  client: ClickHouseClient,
  batch: BatchOffsets,
  signal: AbortSignal,
  by?: WrittenBy
): Promise<Set<string>> {
  const where = by === undefined ? OFFSETS : `${OFFSETS} AND ${SOURCE} AND ${ARRIVED_SINCE}`;
  const query = `SELECT concat(offset, '/', part, '/', reason) AS key FROM dead_letters WHERE ${where}`;
  return keys(client, query, { ...batch, ...by }, signal);
}

async function keys(
  client: ClickHouseClient,
  query: string,
  { of, first, last, source, arrivedSinceMs }: BatchOffsets & Partial<Record<keyof WrittenBy, number | undefined>>,
  signal: AbortSignal
): Promise<Set<string>> {
  const result = await client.query({
    query,
    format: 'JSONEachRow',
    query_params: {
      ...{ ...of, first, last },
      ...(source !== undefined && { source }),
      ...(arrivedSinceMs !== undefined && { arrivedSinceMs }),
    },
    abort_signal: signal,
  });
  return new Set((await result.json<{ key: string }>()).map((row) => row.key));
}
