import type { ClickHouseClient } from '@clickhouse/client';

/** What has been read from a file, or from a partition of a topic, so far. */
export interface LoadCounts {
  messages: number;
  /** Events of the month. */
  rows: number;
  /** Invalid events. */
  rejected: number;
  /** Events of other months. */
  outside: number;
}

export interface LoadProgress extends LoadCounts {
  /** The place (line, offset) of the next message to read. */
  next: number;
}

export interface BackfillProgress {
  isSwapped: boolean;
  /** After the swap: every view includes the events before this time; milliseconds since the epoch. */
  fedToMs: number;
  /** By the id of the source. */
  sources: Map<string, LoadProgress>;
}

interface StateRow extends LoadProgress {
  phase: 'loading' | 'swapped' | 'finished';
  source: string;
  fed_to: number;
}

/** The progress of the current backfill of a month; empty if the last one finished. */
export async function readProgress(client: ClickHouseClient, month: number): Promise<BackfillProgress> {
  const result = await client.query({
    query: `SELECT phase, source, next, messages, rows, rejected, outside, toUnixTimestamp(fed_to) AS fed_to FROM backfills
            WHERE month = {month:UInt32} ORDER BY at, phase`,
    query_params: { month },
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const rows = await result.json<StateRow>();
  const current = rows.slice(rows.findLastIndex(({ phase }) => phase === 'finished') + 1);
  return {
    isSwapped: current.some(({ phase }) => phase === 'swapped'),
    fedToMs: Math.max(0, ...current.map(({ fed_to }) => fed_to * 1000)),
    sources: new Map(
      current.filter(({ phase }) => phase === 'loading').map(({ source, ...progress }) => [source, progress])
    ),
  };
}

export async function noteLoaded(
  client: ClickHouseClient,
  month: number,
  source: string,
  progress: LoadProgress
): Promise<void> {
  await note(client, { month, phase: 'loading', source, ...progress });
}

export async function noteSwapped(client: ClickHouseClient, month: number, fedToMs: number): Promise<void> {
  await note(client, { month, phase: 'swapped', fed_to: Math.floor(fedToMs / 1000) });
}

export async function noteFinished(client: ClickHouseClient, month: number): Promise<void> {
  await note(client, { month, phase: 'finished' });
}

async function note(client: ClickHouseClient, row: Record<string, unknown>): Promise<void> {
  await client.insert({ table: 'backfills', values: [row], format: 'JSONEachRow' });
}
