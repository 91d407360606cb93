import type { ClickHouseClient } from '@clickhouse/client';
import { MigrationError } from '../errors/errors.ts';
import { onCluster, render, type Topology } from './topology.ts';
import type { ViewDefinition } from './view-files.ts';

/**
 * The statements that update a view to its definition, whatever its current state.
 *
 * Invariant: a materialised view is never dropped and created again, because it would miss the rows that arrive in between. Its
 * query is changed in one step instead. The first statement creates it, because it may be missing on a server of a cluster.
 * @param isNew the view is not in the ledger
 */
export function viewStatements(view: ViewDefinition, topology: Topology, isNew: boolean): string[] {
  const alter = `ALTER TABLE ${view.name}{on_cluster} MODIFY`;
  const statements = [view.create];
  if (view.materialized && !isNew) {
    const { refresh, query } = view.materialized;
    if (refresh) statements.push(`${alter} REFRESH ${refresh}`);
    statements.push(`${alter} QUERY\n${query}`);
  }
  return statements.map((statement) => render(statement, topology));
}

export function dropStatement(name: string, topology: Topology): string {
  return `DROP VIEW IF EXISTS ${name}${onCluster(topology)} SYNC`;
}

/**
 * ClickHouse cannot change the table that a materialised view writes to.
 * @throws MigrationError when the view that exists writes to another one, or is another kind of object
 */
export async function checkTarget(client: ClickHouseClient, view: ViewDefinition, topology: Topology): Promise<void> {
  if (!view.materialized) return;
  const name = render(view.name, topology);
  const target = render(view.materialized.target, topology);
  const result = await client.query({
    query: `SELECT create_table_query AS found FROM system.tables WHERE concat(database, '.', name) = {name: String}`,
    query_params: { name },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ found: string }>();
  if (!row || row.found.includes(` TO ${target} `)) return;
  throw new MigrationError(
    `${view.file}: ${name} exists and does not write to ${target}, which ClickHouse cannot change.`,
    'Give the view a new name: the old one is then dropped after the new one is created.'
  );
}
