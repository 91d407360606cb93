import type { ClickHouseClient } from '@clickhouse/client';
import { rows } from './clickhouse.ts';

/** Columns of `telemetry_raw`; an absent one is NULL or the table's default. */
export interface TestEvent {
  robot_id: string;
  /** Milliseconds since the epoch. */
  tsMs: number;
  event_type?: string;
  [column: string]: unknown;
}

let events = 0;

/** Like a robot that sends everything twice, the second time in the wrong order. No result may change. */
export async function storeEvents(owner: ClickHouseClient, given: readonly TestEvent[]): Promise<void> {
  const values = given.map(({ tsMs, ...columns }) => ({
    event_id: `00000000-0000-4000-8000-${String(events++).padStart(12, '0')}`,
    event_type: 'POSITION_UPDATE',
    source: 'ingestor',
    received_at: dateTime(tsMs),
    ...columns,
    ts: dateTime(tsMs),
  }));
  for (const batch of [values, values.toReversed()]) {
    await owner.insert({ table: 'warehouse.telemetry_raw', format: 'JSONEachRow', values: batch });
  }
}

/** Refreshes roll-ups now, not at their next time. */
export async function refreshViews(
  owner: ClickHouseClient,
  views: readonly string[],
  database = 'warehouse'
): Promise<void> {
  for (const view of views) {
    for (const step of ['REFRESH', 'WAIT']) await owner.command({ query: `SYSTEM ${step} VIEW ${database}.${view}` });
  }
}

/** Computes minutes and hours now. */
export async function rollUp(owner: ClickHouseClient): Promise<void> {
  await refreshViews(owner, ['telemetry_minute_mv', 'telemetry_hour_mv']);
}

/** Rounds numbers to six digits: further digits depend on Float32 columns and the order of sums. */
export async function rounded(client: ClickHouseClient, query: string): Promise<Record<string, unknown>[]> {
  const found = await rows<Record<string, unknown>>(client, query);
  const cut = (_: string, cell: unknown): unknown => (typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell);
  return JSON.parse(JSON.stringify(found, cut)) as Record<string, unknown>[];
}

/** In the text format of DateTime64(3, 'UTC'). */
export function dateTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').slice(0, -1);
}
