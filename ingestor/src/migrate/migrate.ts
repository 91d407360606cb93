import type { ClickHouseClient } from '@clickhouse/client';
import { switchEnginePath, type EnginePathChange } from './engine-path.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { MigrationError } from './migration-error.ts';
import { readMigrations, statementsOf, type MigrationFile } from './migration-files.ts';
import { checkGrants, checkServerVersion } from './server-checks.ts';
import { render, SINGLE, type Topology } from './topology.ts';

export interface MigrateOptions {
  /** Folder of NNNN_name.sql; the repository's own by default. */
  directory?: string;
  topology?: Topology;
  /** `ingestor` stops ClickHouse's own Kafka path, `engine` and `both` start it; left as it is when absent. */
  ingestPath?: 'ingestor' | 'engine' | 'both';
  /** Runs a half-applied migration again from its start, which its statements allow. */
  repair?: boolean;
  onApplied?: (applied: AppliedMigration) => void;
}

export interface AppliedMigration {
  name: string;
  statements: number;
  durationMs: number;
}

export interface MigrationReport {
  serverVersion: string;
  applied: AppliedMigration[];
  /** Migrations that were there before. */
  alreadyApplied: number;
  enginePath: EnginePathChange;
}

/**
 * Brings the schema to the newest migration, forward only.
 * Invariant: a migration is recorded as started before its first statement and as finished after its last, so whatever
 * happens in between is known to the next run. Twice is the same as once.
 * @throws MigrationError with a remedy, when going on would be a guess
 */
export async function migrate(client: ClickHouseClient, options: MigrateOptions = {}): Promise<MigrationReport> {
  const topology = options.topology ?? SINGLE;
  const migrations = readMigrations(options.directory);
  const serverVersion = await checkServerVersion(client);
  await checkGrants(client);
  const ledger = new Ledger(client, topology);
  await ledger.create();
  const entries = await ledger.entries();
  const pending = pendingMigrations(migrations, entries, options.repair ?? false);

  const applied: AppliedMigration[] = [];
  for (const migration of pending) {
    const done = await apply(client, ledger, migration, topology);
    applied.push(done);
    options.onApplied?.(done);
  }
  const enginePath = options.ingestPath
    ? await switchEnginePath(client, topology, options.ingestPath !== 'ingestor')
    : 'unchanged';
  return { serverVersion, applied, alreadyApplied: migrations.length - pending.length, enginePath };
}

/** What is still to do. @throws MigrationError when the database and the files disagree */
export function pendingMigrations(
  migrations: readonly MigrationFile[],
  entries: readonly LedgerEntry[],
  repair: boolean
): MigrationFile[] {
  const byVersion = new Map(entries.map((entry) => [entry.version, entry]));
  const newest = migrations.at(-1)?.version ?? 0;
  const unknown = entries.find((entry) => entry.version > newest);
  if (unknown) {
    throw new MigrationError(
      `The database has migration ${unknown.name}, which this version of Floorwatch does not know.`,
      'Run the newer version that applied it; migrations only go forward.'
    );
  }
  return migrations.filter((migration) => {
    const entry = byVersion.get(migration.version);
    if (!entry) return true;
    if (entry.phase !== 'finished') {
      if (repair) return true;
      throw new MigrationError(
        `Migration ${entry.name} was half applied: ${entry.statements} statements done at ${entry.at}, then nothing.`,
        'If no other migration is running, remove the cause and run `ingestor migrate --repair`, which repeats it from its start.'
      );
    }
    if (entry.checksum !== migration.checksum) {
      throw new MigrationError(
        `Migration ${migration.name} was edited after it had been applied (as ${entry.name}, ${entry.at}).`,
        'Restore the file as it was and put the change into a new migration.'
      );
    }
    return false;
  });
}

async function apply(
  client: ClickHouseClient,
  ledger: Ledger,
  migration: MigrationFile,
  topology: Topology
): Promise<AppliedMigration> {
  const statements = statementsOf(migration, topology);
  const startedAt = performance.now();
  await ledger.record(migration, 'started', { statements: 0, durationMs: 0 });
  for (const [index, statement] of statements.entries()) {
    try {
      await client.command({
        query: render(statement, topology),
        // A row for all shards waits until this migration has run on the servers that are still to come.
        clickhouse_settings: { distributed_foreground_insert: 0 },
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const durationMs = performance.now() - startedAt;
      await ledger.record(migration, 'failed', { statements: index, durationMs, error: message });
      throw new MigrationError(
        `Migration ${migration.name} stopped at statement ${index + 1} of ${statements.length}: ${message}`,
        'Remove the cause, then run `ingestor migrate --repair`.',
        { cause: error }
      );
    }
  }
  const durationMs = performance.now() - startedAt;
  await ledger.record(migration, 'finished', { statements: statements.length, durationMs });
  return { name: migration.name, statements: statements.length, durationMs: Math.round(durationMs) };
}
