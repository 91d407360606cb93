import { randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import type { TopicPartition } from '../kafka/group-consumer.ts';
import { WRITER_NAME } from './insert.ts';

/** Stored events. */
export interface StoredRange {
  of: TopicPartition;
  /** Number of the `source` enum. */
  source: number;
  first: number;
  last: number;
  /** Event times, with which ClickHouse reads a small part of the table; null: any time. */
  times: { fromMs: number; toMs: number } | null;
  /** Only those that arrived at most this long before the newest arrival of the partition; 0: all. */
  newestMs: number;
}

const ANY_TIME = { fromMs: 0, toMs: Date.UTC(2299, 0, 1) };

/**
 * Passes stored events through the views again. ClickHouse stores the events of an insert before its views have them, and the insert may
 * have ended in between. A repetition changes nothing. Throws the client's error.
 */
export async function feedViewsAgain(
  client: ClickHouseClient,
  { of, source, first, last, times, newestMs }: StoredRange,
  timeoutMs: number,
  signal: AbortSignal
): Promise<void> {
  const { fromMs, toMs } = times ?? ANY_TIME;
  const time = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  await client.insert({
    table: 'stored_ranges',
    format: 'JSONEachRow',
    values: [
      {
        ...{
          of_source: source,
          of_topic: of.topic,
          of_partition: of.partition,
          first_offset: first,
          last_offset: last,
        },
        ...{ from_ts: time(fromMs), to_ts: time(toMs), newest_ms: newestMs, insert_id: randomUUID() },
      },
    ],
    abort_signal: signal,
    clickhouse_settings: {
      ...{ async_insert: 0, distributed_foreground_insert: 1, max_insert_threads: '1' },
      // Any number of events in little memory
      ...{ max_block_size: '8192', min_insert_block_size_rows: '100000', min_insert_block_size_bytes: '16777216' },
      max_execution_time: Math.ceil(timeoutMs / 1000),
      log_comment: `${WRITER_NAME} views again ${of.topic} ${of.partition} ${first}-${last}`,
    },
  });
}
