import { MigrationError } from '../errors/errors.ts';
import type { LedgerEntry } from './ledger.ts';
import { readMigrations, type MigrationFile } from './migration-files.ts';
import { render, type Topology } from './topology.ts';
import { readViews, type ViewDefinition } from './view-files.ts';

export interface SchemaFiles {
  migrations: MigrationFile[];
  views: ViewDefinition[];
}

/** The pending steps, in this order. */
export interface Pending {
  migrations: MigrationFile[];
  views: ViewDefinition[];
  /** Views that are in the ledger but no longer in the files. */
  removedViews: string[];
}

/** The first migration of the old numbering, which one file per topic has replaced. */
const BEFORE_SQUASH = '0001_telemetry_raw';

/** @param directory contains migrations/ and views/; the repository's by default */
export function readSchema(directory?: string): SchemaFiles {
  const migrations = readMigrations(directory);
  return { migrations, views: readViews(migrations, directory) };
}

/** @throws MigrationError when the database does not match the files */
export function pendingWork(
  { migrations, views }: SchemaFiles,
  entries: readonly LedgerEntry[],
  topology: Topology,
  repair = false
): Pending {
  const viewEntries = new Map(entries.filter(({ version }) => version === 0).map((entry) => [entry.name, entry]));
  const names = new Set(views.map(({ name }) => render(name, topology)));
  return {
    migrations: pendingMigrations(
      migrations,
      entries.filter(({ version }) => version > 0),
      repair
    ),
    views: views.filter(({ name, checksum }) => !isDone(viewEntries.get(render(name, topology)), checksum)),
    removedViews: [...viewEntries.values()]
      .filter((entry) => !names.has(entry.name) && !isDone(entry, ''))
      .map(({ name }) => name),
  };
}

/** A view can be applied again at any time, so a half-applied view needs no action of the operator. */
function isDone(entry: LedgerEntry | undefined, checksum: string): boolean {
  return entry?.phase === 'finished' && entry.checksum === checksum;
}

function pendingMigrations(
  migrations: readonly MigrationFile[],
  entries: readonly LedgerEntry[],
  repair: boolean
): MigrationFile[] {
  const byVersion = new Map(entries.map((entry) => [entry.version, entry]));
  if (byVersion.get(1)?.name === BEFORE_SQUASH) {
    throw new MigrationError(
      `The database has migrations of an unreleased version (${BEFORE_SQUASH} and later), which this version replaces and cannot upgrade:`,
      'drop its databases `warehouse` and, on a cluster, `warehouse_local`, run `ingestor migrate`, and load the events again with `ingestor replay`.'
    );
  }
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
