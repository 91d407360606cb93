import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';

/** A robot counts in the cells of its minute, and waits or stays in the next two. */
const BUCKETS = (minutes: string): string =>
  `(SELECT toStartOfFiveMinutes(m.minute + toIntervalMinute(arrayJoin([0, 1, 2]))) FROM ${minutes} AS m)`;
const HOURS = (minutes: string): string =>
  `(SELECT toStartOfHour(m.minute + toIntervalMinute(arrayJoin([0, 1, 2]))) FROM ${minutes} AS m)`;
/** A refresh computes two hours at most. Without progress in this many, the server's schedule does the rest. */
const REFRESHES_WITHOUT_PROGRESS = 3;

/**
 * Computes again what sums over robots: the floor cells of the given minutes. Call it when the events are gone.
 *
 * A computation from fewer events may not replace one from more, so the rows are deleted first. The touched minutes have no robot:
 * its own minutes and hours are deleted and not computed again.
 * @param minutes a table with a column `minute`
 */
export async function recomputeRollUps(
  client: ClickHouseClient,
  minutes: string,
  say: (line: string) => void
): Promise<void> {
  for (const [table, buckets] of [
    ['floor_cells', BUCKETS(minutes)],
    ['floor_cells_hour', HOURS(minutes)],
  ] as const) {
    await client.command({
      query: `ALTER TABLE warehouse.${table} DELETE WHERE bucket IN ${buckets} SETTINGS mutations_sync = 2`,
    });
  }
  await client.command({
    query: `INSERT INTO warehouse.rollup_touched (touched_at, robot_id, minute)
            SELECT now64(3, 'UTC'), '', m.minute FROM ${minutes} AS m`,
  });
  let missing = await missingBuckets(client, minutes);
  for (let idle = 0; missing > 0 && idle < REFRESHES_WITHOUT_PROGRESS;) {
    await refresh(client, 'floor_cells_mv');
    const left = await missingBuckets(client, minutes);
    idle = left < missing ? 0 : idle + 1;
    missing = left;
    say(`floor cells: ${missing} five minutes left`);
  }
  await refresh(client, 'floor_cells_hour_mv');
}

async function missingBuckets(client: ClickHouseClient, minutes: string): Promise<number> {
  const [row] = await selectRows<{ missing: number }>(
    client,
    `SELECT count() AS missing FROM (SELECT DISTINCT arrayJoin(groupUniqArray(b.bucket)) AS bucket
       FROM (SELECT toStartOfFiveMinutes(m.minute) AS bucket FROM ${minutes} AS m) AS b)
     WHERE bucket NOT IN (SELECT c.bucket FROM warehouse.floor_cells AS c)`
  );
  return row?.missing ?? 0;
}

async function refresh(client: ClickHouseClient, view: string): Promise<void> {
  await client.command({ query: `SYSTEM REFRESH VIEW warehouse.${view}` });
  await client.command({ query: `SYSTEM WAIT VIEW warehouse.${view}` });
}
