import type { ClickHouseClient } from '@clickhouse/client';
import { rows } from './clickhouse.ts';

/** Computes all roll-ups of the last day. */
export async function rollUp(owner: ClickHouseClient, database = 'warehouse'): Promise<void> {
  // Floor cells that were never computed are computed two hours at a time, the oldest first.
  const cells = [...Array<string>(12).fill('floor_cells_mv'), 'floor_cells_hour_mv'];
  for (const view of ['telemetry_minute_mv', 'telemetry_hour_mv', ...cells]) {
    await owner.command({ query: `SYSTEM REFRESH VIEW ${database}.${view}` });
    await owner.command({ query: `SYSTEM WAIT VIEW ${database}.${view}` });
  }
}

/** The views that readers use. v_health is left out: it describes one server. */
export async function readerViews(owner: ClickHouseClient): Promise<string[]> {
  const views = await rows<{ name: string }>(
    owner,
    `SELECT name FROM system.tables WHERE database = 'warehouse' AND engine = 'View' AND name != 'v_health' ORDER BY name`
  );
  return views.map(({ name }) => name);
}

/** Columns that depend on the current time, or (v_pipeline) count rows that are not merged yet. */
const OF_THE_MOMENT =
  /dead_letters_5m|age_seconds|silent_seconds|allowed_seconds|seconds_since|rows_per_second|computed_at|updated_at/;

/** The rows of a view, sorted, and numbers rounded to six digits, because the last bits of a sum depend on the order. */
export async function answer(client: ClickHouseClient, view: string): Promise<string[]> {
  const found = await rows<Record<string, unknown>>(client, `SELECT * FROM warehouse.${view}`);
  return found
    .map((row) => {
      const columns = Object.entries(row).filter(([name]) => !OF_THE_MOMENT.test(name));
      return JSON.stringify(columns, (_, cell: unknown) =>
        typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell
      );
    })
    .sort();
}
