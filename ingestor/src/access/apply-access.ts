import { text } from 'node:stream/consumers';
import type { ClickHouseClient } from '@clickhouse/client';
import { MigrationError } from '../errors/errors.ts';
import { accessStatements } from './access-sql.ts';
import type { AccessTable } from './access-table.ts';

const MANAGES_USERS =
  'CREATE USER, ALTER USER, CREATE ROLE, ROLE ADMIN, CREATE ROW POLICY, CREATE QUOTA, CREATE SETTINGS PROFILE, SHOW ACCESS ON *.*';

/** `applied`, or why the users stay as they are. */
export type AccessChange = { applied: number } | { kept: 'no right to manage users' | 'users are in a file' };

/**
 * Creates and updates roles, users, profiles, quotas and row policies by SQL. A server whose floorwatch_definer is in a file is not
 * changed, and neither is one on which this user may not manage users: they were created by someone else, or from `--print`.
 * @throws MigrationError when the server rejects a statement
 */
export async function applyAccess(
  client: ClickHouseClient,
  table: AccessTable,
  onCluster: string
): Promise<AccessChange> {
  // exec, not query: CHECK GRANT has no FORMAT clause. It returns 1 or 0.
  const { stream } = await client.exec({ query: `CHECK GRANT ${MANAGES_USERS}` });
  if ((await text(stream)).trim() !== '1') return { kept: 'no right to manage users' };
  const found = await client.query({
    query: `SELECT storage FROM system.users WHERE name = 'floorwatch_definer'`,
    format: 'JSONEachRow',
  });
  const [definer] = await found.json<{ storage: string }>();
  if (definer?.storage === 'users_xml') return { kept: 'users are in a file' };
  const statements = accessStatements(table, onCluster);
  for (const query of statements) {
    try {
      await client.command({ query });
    } catch (error) {
      throw new MigrationError(
        `The statement "${query.slice(0, 70)} …" failed: ${error instanceof Error ? error.message : String(error)}`,
        'Remove the cause and run `ingestor migrate` again, or run the statements of `ingestor migrate --print` as an administrator.',
        { cause: error }
      );
    }
  }
  return { applied: statements.length };
}
