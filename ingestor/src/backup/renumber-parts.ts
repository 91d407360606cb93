import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';

/**
 * Makes later mutations (ALTER TABLE … DELETE, as `ingestor erase` uses) work on restored tables.
 *
 * RESTORE counts the blocks of a table from 1 again, but a part that was mutated before the backup keeps the number of that mutation.
 * ClickHouse then takes the part for newer than the next mutations, skips it and reports success: a deletion deletes nothing
 * (seen with 26.7). Attaching parts to a new table gives them new numbers, and links the files instead of copying them.
 */
export async function renumberParts(client: ClickHouseClient, database: string): Promise<void> {
  const tables = await selectRows<{ table: string; partitions: string[] }>(
    client,
    `SELECT p.table AS table, groupUniqArray(p.partition_id) AS partitions
     FROM system.parts AS p WHERE p.database = {database:String} AND p.active
     GROUP BY p.table HAVING max(p.data_version > p.max_block_number)`,
    { database }
  );
  for (const { table, partitions } of tables) {
    const [old, fresh] = [`${database}.\`${table}\``, `${database}.\`${table}_renumbered\``];
    await client.command({ query: `CREATE TABLE ${fresh} AS ${old}` });
    for (const id of partitions) {
      await client.command({ query: `ALTER TABLE ${fresh} ATTACH PARTITION ID '${id}' FROM ${old}` });
    }
    await client.command({ query: `EXCHANGE TABLES ${old} AND ${fresh}` });
    await client.command({ query: `DROP TABLE ${fresh}` });
  }
}
