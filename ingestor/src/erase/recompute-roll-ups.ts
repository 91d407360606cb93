import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';

/** A robot counts in the cells of its minute, and waits or stays in the next two. */
const REACHED = (minutes: string): string =>
  `SELECT m.minute + toIntervalMinute(arrayJoin([0, 1, 2])) AS reached FROM ${minutes} AS m`;
/** Without progress in this many refreshes, the server's schedule does the rest. */
const REFRESHES_WITHOUT_PROGRESS = 3;

/**
 * Computes again what sums over robots: the floor cells of the given minutes. Call it when the events are gone.
 *
 * The rows are deleted first, because a computation from fewer events does not replace one from more. A minute with events and
 * without a row is computed by the next refresh. The minutes and hours of the robot itself are deleted and not computed again.
 * @param minutes a table with a column `minute`
 */
export async function recomputeRollUps(
  client: ClickHouseClient,
  minutes: string,
  say: (line: string) => void
): Promise<void> {
  for (const [table, start] of [
    ['floor_cells', 'reached'],
    ['floor_cells_hour', 'toStartOfHour(reached)'],
  ] as const) {
    await client.command({
      query: `ALTER TABLE warehouse.${table} DELETE WHERE bucket IN (SELECT ${start} FROM (${REACHED(minutes)}))
              SETTINGS mutations_sync = 2`,
    });
  }
  let missing = await missingMinutes(client, minutes);
  for (let idle = 0; missing > 0 && idle < REFRESHES_WITHOUT_PROGRESS;) {
    await refresh(client, 'floor_cells_mv');
    const left = await missingMinutes(client, minutes);
    idle = left < missing ? 0 : idle + 1;
    missing = left;
    say(`floor cells: ${missing} minutes left`);
  }
  await refresh(client, 'floor_cells_hour_mv');
}

async function missingMinutes(client: ClickHouseClient, minutes: string): Promise<number> {
  const [row] = await selectRows<{ missing: number }>(
    client,
    `SELECT uniqExact(m.minute) AS missing FROM ${minutes} AS m
     WHERE m.minute <= now('UTC') AND m.minute NOT IN (SELECT c.bucket FROM warehouse.floor_cells AS c)`
  );
  return row?.missing ?? 0;
}

async function refresh(client: ClickHouseClient, view: string): Promise<void> {
  for (const step of ['REFRESH', 'WAIT']) await client.command({ query: `SYSTEM ${step} VIEW warehouse.${view}` });
}
