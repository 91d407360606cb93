import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { MigrationError } from '../errors/errors.ts';
import { Ledger } from '../migrate/ledger.ts';
import { pendingWork, readSchema } from '../migrate/pending.ts';
import { SINGLE, type Topology } from '../migrate/topology.ts';
import { failed, messageOf, ok, warning, type Finding } from './finding.ts';
import type { TableFacts } from './tables.ts';

const CHECK = 'schema';
const MIGRATE = 'Run `ingestor migrate` as floorwatch_owner.';

/** Compares the database's migrations and views with the files of this version. */
export async function schemaFinding(client: ClickHouseClient, tables: readonly TableFacts[]): Promise<Finding> {
  const isCluster = tables.some(({ name, engine }) => name === 'telemetry_raw' && engine === 'Distributed');
  const topology: Topology = isCluster ? { kind: 'cluster', cluster: '', keeper: false } : SINGLE;
  const files = readSchema();
  try {
    const pending = pendingWork(files, await new Ledger(client, topology).entries(), topology);
    const missing = pending.migrations.map(({ name }) => name);
    if (missing.length > 0) {
      const count = `${missing.length} of ${files.migrations.length} migrations are missing`;
      return failed(CHECK, `${count}: ${missing.join(', ')}`, MIGRATE);
    }
    const views = [...pending.views.map(({ name }) => name.slice(name.indexOf('.') + 1)), ...pending.removedViews];
    if (views.length > 0) {
      return failed(CHECK, `views differ from this version: ${views.join(', ')}`, MIGRATE);
    }
    return ok(CHECK, `at ${files.migrations.at(-1)?.name ?? 'nothing'}, as this version expects`);
  } catch (error) {
    if (error instanceof MigrationError)
      return failed(CHECK, error.message.slice(0, -error.remedy.length).trim(), error.remedy);
    if (error instanceof ClickHouseError && /^UNKNOWN_(TABLE|DATABASE)$/.test(error.type ?? ''))
      return failed(CHECK, 'the database has no Floorwatch schema', MIGRATE);
    return warning(
      CHECK,
      messageOf(error),
      'GRANT SELECT ON warehouse.schema_migrations, or check as floorwatch_owner.'
    );
  }
}
