import { text } from 'node:stream/consumers';
import type { ClickHouseClient } from '@clickhouse/client';
import { MigrationError } from '../errors/errors.ts';

/** The oldest version with all features that the schema uses: wildcard grants, refreshable views with APPEND, SQL SECURITY. */
export const MINIMUM_SERVER_VERSION = '25.8';

/** The rights that the migrating user needs, in the syntax of `GRANT` and `CHECK GRANT`. */
const NEEDED_GRANTS = [
  'CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, ALTER, SELECT, INSERT, TRUNCATE, OPTIMIZE ON warehouse.*',
  'SELECT ON system.*',
  'SET DEFINER ON floorwatch_definer',
  'SET DEFINER ON floorwatch_locator',
  'NAMED COLLECTION ON floorwatch_kafka',
] as const;

/** @throws MigrationError when the server is too old */
export async function checkServerVersion(client: ClickHouseClient): Promise<string> {
  const result = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
  const [row] = await result.json<{ version: string }>();
  const version = row?.version ?? '0';
  if (isOlder(version, MINIMUM_SERVER_VERSION)) {
    throw new MigrationError(
      `ClickHouse ${version} is too old.`,
      `Upgrade the server to ${MINIMUM_SERVER_VERSION} or later; nothing was changed.`
    );
  }
  return version;
}

/** True when `version` is lower than `minimum`, by major and minor number. */
export function isOlder(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minimumMajor = 0, minimumMinor = 0] = minimum.split('.').map(Number);
  return major < minimumMajor || (major === minimumMajor && minor < minimumMinor);
}

/** @throws MigrationError with the missing rights */
export async function checkGrants(client: ClickHouseClient): Promise<void> {
  const missing: string[] = [];
  for (const grant of NEEDED_GRANTS) {
    // exec, not query: CHECK GRANT has no FORMAT clause. It returns 1 or 0.
    const { stream } = await client.exec({ query: `CHECK GRANT ${grant}` });
    if ((await text(stream)).trim() !== '1') missing.push(grant);
  }
  if (missing.length === 0) return;
  throw new MigrationError(
    `The user lacks rights that the migrations need; nothing was changed.`,
    `Migrate as floorwatch_owner, or: ${missing.map((grant) => `GRANT ${grant} TO <user>`).join('; ')}.`
  );
}
