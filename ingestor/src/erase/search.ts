import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';
import type { Needle } from './needle.ts';

/** A column with text, of a table that stores rows. */
export interface TextColumn {
  table: string;
  column: string;
  /** The SQL type. */
  type: string;
}

/** Found rows, before merges: a row that was written twice counts twice. */
export interface Finding {
  table: string;
  column: string;
  rows: number;
}

/** Their values are the fixed words of the contract, which are also names of people. */
const FIXED_WORDS = ['state'];

export async function textColumns(client: ClickHouseClient): Promise<TextColumn[]> {
  return selectRows<TextColumn>(
    client,
    `SELECT c.table AS table, c.name AS column, c.type AS type
     FROM system.columns AS c
     INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
     WHERE c.database = 'warehouse' AND t.engine LIKE '%MergeTree' AND c.type LIKE '%String%'
       AND NOT (c.table = 'erasures' AND c.name IN ('hash', 'salt'))
       AND c.name NOT IN ({fixed:Array(String)})
     ORDER BY table, c.position`,
    { fixed: FIXED_WORDS }
  );
}

/** Looks for the values in every text column of every table. */
export async function search(
  client: ClickHouseClient,
  columns: readonly TextColumn[],
  needle: Needle
): Promise<Finding[]> {
  const byTable = Map.groupBy(columns, ({ table }) => table);
  const findings: Finding[] = [];
  for (const [table, ofTable] of byTable) {
    const counts = ofTable.map((column, i) => `countIf(${needle.isIn(asText(column))}) AS c${i}`);
    const [row = {}] = await selectRows<Record<string, number>>(
      client,
      `SELECT ${counts.join(', ')} FROM warehouse.\`${table}\` AS t`
    );
    for (const [i, { column }] of ofTable.entries()) {
      const rows = row[`c${i}`] ?? 0;
      if (rows > 0) findings.push({ table, column, rows });
    }
  }
  return findings;
}

/** Lists are searched as ClickHouse prints them. */
export function asText({ column, type }: Pick<TextColumn, 'column' | 'type'>): string {
  const name = `t.\`${column}\``;
  if (/^(LowCardinality\()?(Nullable\()?String/.test(type)) return `ifNull(${name}, '')`;
  return `toString(${name})`;
}
