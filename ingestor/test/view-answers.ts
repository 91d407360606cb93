import type { ClickHouseClient } from '@clickhouse/client';
import { rows, viewsOfReaders } from './clickhouse.ts';
import { refreshViews } from './stored-events.ts';

/** A refresh computes two hours of old floor cells, and twelve hours. */
const OF_A_DAY = [
  // Until then, a state can seem to begin with the last event of the state before it.
  'robot_states_mv',
  'telemetry_minute_mv',
  ...Array<string>(3).fill('telemetry_hour_mv'),
  ...Array<string>(15).fill('floor_cells_mv'),
  ...Array<string>(3).fill('floor_cells_hour_mv'),
];

/** Computes all roll-ups of the last day. */
export function rollUpAll(owner: ClickHouseClient, database = 'warehouse'): Promise<void> {
  return refreshViews(owner, OF_A_DAY, database);
}

/** The views that readers use, without those that describe one server at one moment. */
export async function comparableViews(owner: ClickHouseClient): Promise<string[]> {
  return (await viewsOfReaders(owner)).filter(
    (name) =>
      !['v_alert_ingestor', 'v_alert_storage', 'v_deployments', 'v_fleet_changes', 'v_health', 'v_roll_ups'].includes(
        name
      )
  );
}

/** Columns that depend on the current time, or (v_pipeline) count rows that are not merged yet. */
const OF_THE_MOMENT =
  /dead_letters_5m|age_seconds|state_seconds|silent_seconds|allowed_seconds|amount|seconds_since|rows_per_second|computed_at|updated_at/;

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
