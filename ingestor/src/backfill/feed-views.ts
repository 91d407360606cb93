import type { ClickHouseClient } from '@clickhouse/client';
import { WRITER_NAME } from '../clickhouse/insert.ts';

const HOUR_MS = 3_600_000;
/** Limits the memory of a step. */
const ROBOT_MINUTES_PER_STEP = 300_000;

interface InsertView {
  columns: string[];
  target: string;
  select: string;
}

/**
 * Attaching a partition does not trigger materialised views. This function runs the query of each view of `telemetry_raw` on
 * the new rows, some hours at a time. These views store extremes, sets or "recompute this", so a step that is repeated after a crash
 * changes nothing, except in `path_progress`, which counts rows. The roll-ups follow at their next refreshes.
 * @param fromMs where to continue after an interruption
 * @param onStep receives the progress, and must make it durable
 */
export async function feedViews(
  client: ClickHouseClient,
  staging: string,
  fromMs: number,
  onStep: (fedToMs: number, hoursDone: number, hours: number) => Promise<void>
): Promise<void> {
  const views = await insertViews(client);
  const hours = await hoursOf(client, staging);
  for (let i = 0; i < hours.length;) {
    const start = hours[i];
    if (!start) break;
    let robotMinutes = 0;
    let toMs = start.hourMs;
    for (; i < hours.length; i++) {
      const hour = hours[i];
      if (!hour || (robotMinutes > 0 && robotMinutes + hour.robotMinutes > ROBOT_MINUTES_PER_STEP)) break;
      robotMinutes += hour.robotMinutes;
      toMs = hour.hourMs + HOUR_MS;
    }
    if (toMs <= fromMs) continue;
    for (const { columns, target, select } of views) {
      const rows = `(SELECT * FROM ${staging} FINAL WHERE ts >= fromUnixTimestamp64Milli(${start.hourMs}, 'UTC')
        AND ts < fromUnixTimestamp64Milli(${toMs}, 'UTC'))`;
      const names = columns.map((name) => `\`${name}\``).join(', ');
      const query = select.replaceAll('warehouse.telemetry_raw', rows);
      await client.command({
        query: `INSERT INTO ${target} (${names}) SELECT ${names} FROM (${query})`,
        clickhouse_settings: { log_comment: `${WRITER_NAME} ${staging} ${start.hourMs}-${toMs}` },
      });
    }
    await onStep(toMs, i, hours.length);
  }
}

/** Every view that an insert into `telemetry_raw` triggers. */
async function insertViews(client: ClickHouseClient): Promise<InsertView[]> {
  const result = await client.query({
    query: `SELECT t.as_select AS select, extract(t.create_table_query, ' TO (warehouse\\\\.\\\\w+)') AS target,
        (SELECT groupArray((c.table, c.name)) FROM (SELECT table, name FROM system.columns WHERE database = 'warehouse' ORDER BY table, position) AS c) AS all_columns,
        arrayMap(c -> c.2, arrayFilter(c -> c.1 = t.name, all_columns)) AS columns
      FROM system.tables AS t
      WHERE t.database = 'warehouse' AND t.create_table_query NOT LIKE '% REFRESH %' AND t.name IN
        (SELECT arrayJoin(d.dependencies_table) FROM system.tables AS d WHERE d.database = 'warehouse' AND d.name = 'telemetry_raw')`,
    format: 'JSONEachRow',
  });
  return (await result.json<InsertView>()).map(({ columns, target, select }) => ({ columns, target, select }));
}

async function hoursOf(client: ClickHouseClient, staging: string): Promise<{ hourMs: number; robotMinutes: number }[]> {
  const result = await client.query({
    query: `SELECT toUnixTimestamp(toStartOfHour(s.ts)) AS hour, toUInt32(uniq(s.robot_id, toStartOfMinute(s.ts))) AS robot_minutes
            FROM ${staging} AS s GROUP BY hour ORDER BY hour`,
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ hour: number; robot_minutes: number }>();
  return rows.map(({ hour, robot_minutes }) => ({ hourMs: hour * 1000, robotMinutes: robot_minutes }));
}
