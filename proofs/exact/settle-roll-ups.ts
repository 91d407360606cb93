import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';

const ROLL_UPS = ['telemetry_minute_mv', 'telemetry_hour_mv', 'floor_cells_mv', 'floor_cells_hour_mv'];
/** A minute that was touched is computed for the last time when nothing has touched it for half a minute. */
const BETWEEN_REFRESHES_MS = 3_000;

/**
 * Refreshes the roll-ups until nothing is left to compute.
 * @throws Error that says what is left when this takes longer
 */
export async function settleRollUps(owner: ClickHouseClient, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    for (const view of ROLL_UPS) {
      for (const step of ['REFRESH', 'WAIT']) await owner.command({ query: `SYSTEM ${step} VIEW warehouse.${view}` });
    }
    const left = await leftMinutes(owner);
    if (left.every(({ minutes }) => minutes === 0)) break;
    if (Date.now() > deadline)
      throw new Error(`minutes left to compute: ${left.map((row) => `${row.rollUp} ${row.minutes}`).join(', ')}`);
    await sleep(BETWEEN_REFRESHES_MS);
  }
  // hours of what the last refreshes computed, twelve at a time
  for (let hours = 0; hours < 120; hours += 12) {
    for (const view of ['telemetry_hour_mv', 'floor_cells_hour_mv']) {
      for (const step of ['REFRESH', 'WAIT']) await owner.command({ query: `SYSTEM ${step} VIEW warehouse.${view}` });
    }
  }
}

async function leftMinutes(owner: ClickHouseClient): Promise<{ rollUp: string; minutes: number }[]> {
  const result = await owner.query({
    query: 'SELECT roll_up AS rollUp, toUInt32(left_minutes) AS minutes FROM warehouse.v_roll_ups',
    format: 'JSONEachRow',
  });
  return result.json();
}
