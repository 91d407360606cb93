import type { ClickHouseClient } from '@clickhouse/client';
import { MigrationError } from '../errors/errors.ts';
import { switchEnginePath, type EnginePathChange } from './engine-path.ts';
import { Ledger, type LedgerStep } from './ledger.ts';
import { statementsOf } from './migration-files.ts';
import { pendingWork, readSchema } from './pending.ts';
import { checkGrants, checkServerVersion } from './server-checks.ts';
import { render, SINGLE, type Topology } from './topology.ts';
import { checkTarget, dropStatement, viewStatements } from './view-statements.ts';

export interface MigrateOptions {
  /** Folder of migrations/ and views/; the repository's by default. */
  directory?: string;
  topology?: Topology;
  /** `ingestor` stops the Kafka engine path, `engine` and `both` start it. Absent: no change. */
  ingestPath?: 'ingestor' | 'engine' | 'both';
  /** Runs a half-applied migration again from its first statement. Its statements allow that. */
  repair?: boolean;
  onApplied?: (applied: AppliedMigration) => void;
}

/** A migration, a view, or a view that was dropped. */
export interface AppliedMigration {
  name: string;
  statements: number;
  durationMs: number;
}

export interface MigrationReport {
  serverVersion: string;
  applied: AppliedMigration[];
  /** Migrations and views that were already applied. */
  alreadyApplied: number;
  enginePath: EnginePathChange;
}

/**
 * Updates the schema to the files: first the tables (numbered migrations, forward only), then the changed views, and last the
 * views to drop, so that no view is missing while another one replaces it.
 *
 * Invariant: a step is recorded as started before its first statement and as finished after its last, so the next run knows
 * of an interruption. A second run changes nothing.
 * @throws MigrationError with a remedy, when the state of the database is unknown
 */
export async function migrate(client: ClickHouseClient, options: MigrateOptions = {}): Promise<MigrationReport> {
  const topology = options.topology ?? SINGLE;
  const files = readSchema(options.directory);
  const serverVersion = await checkServerVersion(client);
  await checkGrants(client);
  const ledger = new Ledger(client, topology);
  await ledger.create();
  const entries = await ledger.entries();
  const known = new Set(entries.map(({ name }) => name));
  const pending = pendingWork(files, entries, topology, options.repair);

  const applied: AppliedMigration[] = [];
  const apply = async (step: LedgerStep, statements: string[], remedy: string): Promise<void> => {
    const done = await run(client, ledger, step, statements, remedy);
    applied.push(done);
    options.onApplied?.(done);
  };
  for (const migration of pending.migrations) {
    const statements = statementsOf(migration, topology).map((statement) => render(statement, topology));
    await apply(migration, statements, 'Remove the cause, then run `ingestor migrate --repair`.');
  }
  const again = 'Remove the cause, then run `ingestor migrate` again.';
  for (const view of pending.views) {
    const name = render(view.name, topology);
    await checkTarget(client, view, topology);
    await apply({ version: 0, name, checksum: view.checksum }, viewStatements(view, topology, !known.has(name)), again);
  }
  for (const name of pending.removedViews) {
    await apply({ version: 0, name, checksum: '' }, [dropStatement(name, topology)], again);
  }
  const enginePath = options.ingestPath
    ? await switchEnginePath(client, topology, options.ingestPath !== 'ingestor')
    : 'unchanged';
  const all = files.migrations.length + files.views.length;
  const alreadyApplied = all - pending.migrations.length - pending.views.length;
  return { serverVersion, applied, alreadyApplied, enginePath };
}

async function run(
  client: ClickHouseClient,
  ledger: Ledger,
  step: LedgerStep,
  statements: readonly string[],
  remedy: string
): Promise<AppliedMigration> {
  const startedAt = performance.now();
  await ledger.record(step, 'started', { statements: 0, durationMs: 0 });
  for (const [index, query] of statements.entries()) {
    try {
      // A row for all shards must wait until this migration has run on all other servers, too.
      await client.command({ query, clickhouse_settings: { distributed_foreground_insert: 0 } });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const durationMs = performance.now() - startedAt;
      await ledger.record(step, 'failed', { statements: index, durationMs, error: message });
      const what = step.version === 0 ? 'View' : 'Migration';
      throw new MigrationError(
        `${what} ${step.name} stopped at statement ${index + 1} of ${statements.length}: ${message}`,
        remedy,
        { cause: error }
      );
    }
  }
  const durationMs = performance.now() - startedAt;
  await ledger.record(step, 'finished', { statements: statements.length, durationMs });
  return { name: step.name, statements: statements.length, durationMs: Math.round(durationMs) };
}
