import type { ClickHouseClient } from '@clickhouse/client';

/** Counts of what a file has given so far. */
export interface FileProgress {
  lines: number;
  rows: number;
  rejected: number;
  outside: number;
}

export interface BackfillProgress {
  isSwapped: boolean;
  /** After the swap: events before this time are known to every view; milliseconds since the epoch. */
  fedToMs: number;
  /** By the SHA-256 of the file. */
  files: Map<string, FileProgress>;
}

interface StateRow extends FileProgress {
  phase: 'loading' | 'swapped' | 'finished';
  file: string;
  fed_to: number;
}

/** What the current backfill of a month has done; empty after a finished one. */
export async function readProgress(client: ClickHouseClient, month: number): Promise<BackfillProgress> {
  const result = await client.query({
    query: `SELECT phase, file, lines, rows, rejected, outside, toUnixTimestamp(fed_to) AS fed_to FROM backfills
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
    files: new Map(current.filter(({ phase }) => phase === 'loading').map(({ file, ...progress }) => [file, progress])),
  };
}

export async function noteLoaded(
  client: ClickHouseClient,
  month: number,
  file: string,
  progress: FileProgress
): Promise<void> {
  await note(client, { month, phase: 'loading', file, ...progress });
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
