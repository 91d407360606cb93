import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { Ledger } from '../migrate/ledger.ts';
import { MigrationError } from '../migrate/migration-error.ts';
import { readMigrations } from '../migrate/migration-files.ts';
import { pendingMigrations } from '../migrate/migrate.ts';
import { SINGLE } from '../migrate/topology.ts';
import { failed, messageOf, ok, warning, type Finding } from './finding.ts';
import type { TableFacts } from './tables.ts';

const CHECK = 'schema';
const MIGRATE = 'Run `ingestor migrate` as floorwatch_owner.';

/** The database's migrations against the files that came with this version. */
export async function schemaFinding(client: ClickHouseClient, tables: readonly TableFacts[]): Promise<Finding> {
  const isCluster = tables.some(({ name, engine }) => name === 'telemetry_raw' && engine === 'Distributed');
  const ledger = new Ledger(client, isCluster ? { kind: 'cluster', cluster: '', keeper: false } : SINGLE);
  const migrations = readMigrations();
  try {
    const pending = pendingMigrations(migrations, await ledger.entries(), false);
    if (pending.length === 0) return ok(CHECK, `at ${migrations.at(-1)?.name ?? 'nothing'}, as this version wants it`);
    const names = pending.map(({ name }) => name).join(', ');
    return failed(CHECK, `${pending.length} of ${migrations.length} migrations are missing: ${names}`, MIGRATE);
  } catch (error) {
    if (error instanceof MigrationError)
      return failed(CHECK, error.message.slice(0, -error.remedy.length).trim(), error.remedy);
    if (error instanceof ClickHouseError && /^UNKNOWN_(TABLE|DATABASE)$/.test(error.type ?? ''))
      return failed(CHECK, 'the database holds no schema of Floorwatch', MIGRATE);
    return warning(
      CHECK,
      messageOf(error),
      'GRANT SELECT ON warehouse.schema_migrations, or check as floorwatch_owner.'
    );
  }
}
