import type { ClickHouseClient } from '@clickhouse/client';
import { firstRow } from './sql-servers.ts';

/**
 * Switches the merges of all tables of a database. SYSTEM STOP MERGES would let a thread of ClickHouse look for merges without a
 * pause, which takes more CPU than the events.
 */
export async function setMerges(owner: ClickHouseClient, database: string, to: 'on' | 'off'): Promise<void> {
  const result = await owner.query({
    query: `SELECT concat(database, '.', name) AS name FROM system.tables WHERE engine LIKE '%MergeTree' AND database = {database:String}`,
    query_params: { database },
    format: 'JSONEachRow',
  });
  const change =
    to === 'off'
      ? 'MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1'
      : 'RESET SETTING max_bytes_to_merge_at_max_space_in_pool';
  for (const { name } of await result.json<{ name: string }>())
    await owner.command({ query: `ALTER TABLE ${name} ${change}` });
}

export async function isMerging(owner: ClickHouseClient): Promise<boolean> {
  const { merges } = await firstRow<{ merges: number }>(owner, 'SELECT count() AS merges FROM system.merges');
  return merges > 0;
}
