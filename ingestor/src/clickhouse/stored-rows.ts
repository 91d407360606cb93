import type { ClickHouseClient } from '@clickhouse/client';
import type { TopicPartition } from '../kafka/group-consumer.ts';

/** The offsets whose rows are read. */
export interface BatchOffsets {
  of: TopicPartition;
  first: number;
  last: number;
}

/** Of an event that is stored. */
export interface StoredEvent {
  /** Decimal. */
  offset: string;
  receivedAtMs: number;
}

/** Selects only the rows of earlier attempts to insert one batch. */
export interface WrittenBy {
  /** Number of the `source` enum. */
  source: number;
  /** Rows that arrived before this time belong to a deleted topic of the same name. */
  arrivedSinceMs: number;
}

const OFFSETS = `topic = {topic:String} AND partition = {partition:Int32} AND r.offset BETWEEN {first:Int64} AND {last:Int64}`;
const TIMES = `ts BETWEEN fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`;
const SOURCE = `CAST(source, 'Int8') = {source:Int8}`;
const ARRIVED_SINCE = `received_at >= fromUnixTimestamp64Milli({arrivedSinceMs:Int64}, 'UTC')`;

/**
 * The events in `telemetry_raw` with these offsets, by `event_id/ts/robot_id`.
 * The three are an event's identity, so events of a deleted topic of the same name are not mistaken for these.
 * @param by `source`: number of the `source` enum; any source when absent. `times`: of the events; with them, ClickHouse reads a small
 *   part of the table
 */
export async function storedEvents(
  client: ClickHouseClient,
  batch: BatchOffsets,
  signal: AbortSignal,
  { source, times = null }: { source?: number; times?: { fromMs: number; toMs: number } | null } = {}
): Promise<Map<string, StoredEvent>> {
  const conditions = [OFFSETS, ...(source === undefined ? [] : [SOURCE]), ...(times === null ? [] : [TIMES])];
  const rows = await select<{ key: string; offset: string; receivedAtMs: string }>(
    client,
    `SELECT concat(toString(event_id), '/', toString(toUnixTimestamp64Milli(ts)), '/', robot_id) AS key,
       toString(offset) AS offset, toUnixTimestamp64Milli(received_at) AS receivedAtMs
     FROM telemetry_raw AS r WHERE ${conditions.join(' AND ')}`,
    { of: batch.of, first: batch.first, last: batch.last, ...times, source },
    signal
  );
  return new Map(rows.map(({ key, offset, receivedAtMs }) => [key, { offset, receivedAtMs: Number(receivedAtMs) }]));
}

/**
 * `offset/part/reason` of the dead letters in ClickHouse with these offsets.
 * @param by all writers when absent
 */
export async function storedDeadLetters(
  client: ClickHouseClient,
  batch: BatchOffsets,
  signal: AbortSignal,
  by?: WrittenBy
): Promise<Set<string>> {
  const where = by === undefined ? OFFSETS : `${OFFSETS} AND ${SOURCE} AND ${ARRIVED_SINCE}`;
  const query = `SELECT concat(offset, '/', part, '/', reason) AS key FROM dead_letters AS r WHERE ${where}`;
  return new Set((await select<{ key: string }>(client, query, { ...batch, ...by }, signal)).map(({ key }) => key));
}

type Parameters = BatchOffsets & Partial<Record<keyof WrittenBy | 'fromMs' | 'toMs', number | undefined>>;

async function select<Row>(
  client: ClickHouseClient,
  query: string,
  { of, first, last, ...numbers }: Parameters,
  signal: AbortSignal
): Promise<Row[]> {
  const { source, arrivedSinceMs, fromMs, toMs } = numbers;
  const result = await client.query({
    query,
    format: 'JSONEachRow',
    query_params: {
      ...{ ...of, first, last },
      ...(source !== undefined && { source }),
      ...(arrivedSinceMs !== undefined && { arrivedSinceMs }),
      ...(fromMs !== undefined && { fromMs, toMs }),
    },
    abort_signal: signal,
  });
  return result.json<Row>();
}
