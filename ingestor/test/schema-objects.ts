import type { ClickHouseClient } from '@clickhouse/client';
import { rows } from './clickhouse.ts';

export interface SchemaObject {
  /** The name with its database. */
  name: string;
  /** The result of SHOW CREATE. */
  statement: string;
}

/** Every table and view in the databases of the schema. */
export async function schemaObjects(client: ClickHouseClient): Promise<SchemaObject[]> {
  const names = await rows<{ name: string }>(
    client,
    `SELECT concat(database, '.', name) AS name FROM system.tables WHERE database IN ('warehouse', 'warehouse_local')`
  );
  const objects: SchemaObject[] = [];
  for (const { name } of names) {
    const [created] = await rows<{ statement: string }>(client, `SHOW CREATE TABLE ${name}`);
    objects.push({ name, statement: created?.statement ?? '' });
  }
  return objects;
}

/** A text for comparison, sorted by name. */
export function schemaText(objects: readonly SchemaObject[]): string {
  return [...objects]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ statement }) => `${statement};\n`)
    .join('\n');
}
