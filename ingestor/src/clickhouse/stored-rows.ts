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

const OFFSETS = `topic = {topic:String} AND partition = {partition:Int32} AND r.offset BETWEEN {first:Int64} AND {last:Int64}`;
const TIMES = `ts BETWEEN fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`;
const SOURCE = `CAST(source, 'Int8') = {source:Int8}`;

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
 * When the dead letters in ClickHouse with these offsets arrived (milliseconds since the epoch), by `offset/part/reason/content`. The content excludes those of another log of the
 * same name.
 * @param source number of the `source` enum; any source when absent
 */
export async function storedDeadLetters(
  client: ClickHouseClient,
  batch: BatchOffsets,
  signal: AbortSignal,
  source?: number
): Promise<Map<string, number>> {
  const where = source === undefined ? OFFSETS : `${OFFSETS} AND ${SOURCE}`;
  const query = `SELECT concat(offset, '/', part, '/', reason, '/', content) AS key,
      toUnixTimestamp64Milli(received_at) AS receivedAtMs FROM dead_letters AS r WHERE ${where}`;
  const offsets = { of: batch.of, first: batch.first, last: batch.last, source };
  const rows = await select<{ key: string; receivedAtMs: string }>(client, query, offsets, signal);
  return new Map(rows.map(({ key, receivedAtMs }) => [key, Number(receivedAtMs)]));
}

/** Whether the rows are in a MergeTree that is not replicated: of one server, or of shards without Keeper behind a Distributed table. */
export async function isPlainMergeTree(client: ClickHouseClient, table: string, signal: AbortSignal): Promise<boolean> {
  const result = await client.query({
    query: `SELECT engine FROM system.tables
      WHERE database IN (currentDatabase(), concat(currentDatabase(), '_local')) AND name = {table:String}
      AND match(engine, '^(Replacing|Aggregating)?MergeTree$')`,
    format: 'JSONEachRow',
    query_params: { table },
    abort_signal: signal,
  });
  return (await result.json()).length > 0;
}

type Parameters = BatchOffsets & Partial<Record<'source' | 'fromMs' | 'toMs', number | undefined>>;

async function select<Row>(
  client: ClickHouseClient,
  query: string,
  { of, first, last, ...numbers }: Parameters,
  signal: AbortSignal
): Promise<Row[]> {
  const { source, fromMs, toMs } = numbers;
  const result = await client.query({
    query,
    format: 'JSONEachRow',
    query_params: {
      ...{ ...of, first, last },
      ...(source !== undefined && { source }),
      ...(fromMs !== undefined && { fromMs, toMs }),
    },
    abort_signal: signal,
  });
  return result.json<Row>();
}
