import type { ClickHouseClient } from '@clickhouse/client';
import { CommandError } from '../errors/errors.ts';
import type { Month } from './month.ts';

/** Keys that ClickHouse has in memory at the same time. */
const KEYS_PER_STEP = 2_000_000;

export interface StagedEvents {
  /** Distinct events in the staging table. */
  distinct: number;
  /** How many of them are already live. */
  known: number;
}

/**
 * Counts the events that are about to become live, a group of robots at a time, because the keys of a month may not fit into memory.
 * @throws CommandError when the staging table contains rows of another month, or no rows
 */
export async function checkStaging(client: ClickHouseClient, staging: string, month: Month): Promise<StagedEvents> {
  const [foreign] = await select<{ rows: number }>(
    client,
    `SELECT count() AS rows FROM ${staging} AS s WHERE toYYYYMM(s.ts) != ${month.partition}`
  );
  if (foreign?.rows !== 0)
    throw new CommandError('backfill', `${staging} contains rows of other months. Drop it and start again.`);
  const robots = await select<{ robot_id: string; events: number }>(
    client,
    `SELECT s.robot_id AS robot_id, count() AS events FROM ${staging} AS s FINAL GROUP BY robot_id ORDER BY robot_id`
  );
  const distinct = robots.reduce((sum, { events }) => sum + events, 0);
  if (distinct === 0)
    throw new CommandError('backfill', 'The sources contain no events of this month; nothing was changed.');
  let known = 0;
  for (const [from, to] of steps(robots)) {
    const [step] = await select<{ known: number }>(
      client,
      `SELECT count() AS known FROM warehouse.telemetry_raw AS r FINAL
       WHERE toYYYYMM(r.ts) = ${month.partition} AND r.robot_id BETWEEN {from:String} AND {to:String}
         AND (r.robot_id, r.ts, r.event_id) IN
           (SELECT robot_id, ts, event_id FROM ${staging} AS s WHERE s.robot_id BETWEEN {from:String} AND {to:String})`,
      { from, to }
    );
    known += step?.known ?? 0;
  }
  return { distinct, known };
}

/** The first and last robot of each group; the keys of a group fit into memory. */
function steps(robots: readonly { robot_id: string; events: number }[]): [string, string][] {
  const found: [string, string][] = [];
  let keys = Infinity;
  for (const { robot_id, events } of robots) {
    const last = found.at(-1);
    if (last && keys + events <= KEYS_PER_STEP) {
      last[1] = robot_id;
      keys += events;
    } else {
      found.push([robot_id, robot_id]);
      keys = events;
    }
  }
  return found;
}

async function select<Row>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, string> = {}
): Promise<Row[]> {
  const result = await client.query({
    ...{ query, query_params: params, format: 'JSONEachRow' },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return result.json<Row>();
}
