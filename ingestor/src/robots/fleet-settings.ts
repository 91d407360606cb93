import type { ClickHouseClient } from '@clickhouse/client';

/** Settings that views of the fleet read, in `warehouse.fleet_settings`. */
export interface FleetSettings {
  /** A robot that is silent for longer is offline: no alert, not red. */
  offline_after_hours: number;
}

/** As in sql/views/fleet_state.sql. */
export const DEFAULT_SETTINGS: FleetSettings = { offline_after_hours: 24 };

export async function readSettings(client: ClickHouseClient): Promise<FleetSettings> {
  const result = await client.query({
    query: 'SELECT name, setting FROM fleet_settings FINAL',
    format: 'JSONEachRow',
  });
  const stored = await result.json<{ name: string; setting: number }>();
  return { ...DEFAULT_SETTINGS, ...Object.fromEntries(stored.map(({ name, setting }) => [name, setting])) };
}

/** Views use it from their next query on. */
export async function storeSetting(
  client: ClickHouseClient,
  name: keyof FleetSettings,
  setting: number,
  changedBy: string
): Promise<void> {
  await client.insert({
    table: 'fleet_settings',
    values: [{ name, setting, changed_by: changedBy }],
    format: 'JSONEachRow',
  });
}
