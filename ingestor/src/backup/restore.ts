import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';
import { CommandError } from '../errors/errors.ts';
import { Ledger } from '../migrate/ledger.ts';
import { migrate } from '../migrate/migrate.ts';
import { pendingWork, readSchema } from '../migrate/pending.ts';
import { SINGLE } from '../migrate/topology.ts';
import { onlyOnOneServer, refuseCluster } from '../clickhouse/refuse-cluster.ts';
import { findBackupDisk, placeOf, validBackupName } from './backup-disk.ts';
import { renumberParts } from './renumber-parts.ts';
import { runOnServer } from './server-operation.ts';

export interface RestoreOptions {
  disk: string;
  name: string;
  /** Deletes what `warehouse` has, after the backup was read. */
  replace: boolean;
  say: (line: string) => void;
}

export interface RestoreReport {
  disk: string;
  name: string;
  /** Rows of each table with rows, before merges. */
  tables: Record<string, number>;
  /** Arrival of the last event in the backup, ISO 8601; null without events. */
  last_received_at: string | null;
  /** Migrations and views that were applied on top of the backup's tables. */
  applied: number;
}

const STAGING = 'warehouse_restore';
/** Tables that a server without any event fills by itself. */
const ALWAYS_FILLED = [
  ...['schema_migrations', 'personal_fields', 'floor_cells', 'floor_cells_hour', 'rollup_touched', 'path_offsets'],
];

/**
 * Restores a backup as the database `warehouse`.
 *
 * Invariant: `warehouse` is either as before or completely restored. The tables are first restored into another database and checked
 * against this version's migrations; only then they take the name, and the views are created from the files.
 * The Kafka engine path stays off until `ingestor migrate` runs, so that a test restore takes no partitions from a live server.
 * @throws CommandError or MigrationError
 */
export async function restore(client: ClickHouseClient, options: RestoreOptions): Promise<RestoreReport> {
  const { disk, say } = options;
  const name = validBackupName(options.name);
  await refuseCluster(client, 'backup', onlyOnOneServer('restore'));
  await findBackupDisk(client, disk);
  await refuseSecondRestore(client);
  if (!options.replace) await refuseRows(client);
  await dropStaging(client);
  try {
    say(`reading ${name} from disk ${disk}`);
    await runOnServer(client, `RESTORE DATABASE warehouse AS ${STAGING} FROM ${placeOf(disk, name)}`, say);
    await checkVersion(client);
    await renumberParts(client, STAGING);
    // The backup has no views, so each counts as dropped.
    await client.command({
      query: `INSERT INTO ${STAGING}.schema_migrations (version, name, checksum, phase)
              SELECT DISTINCT 0, m.name, '', 'finished' FROM ${STAGING}.schema_migrations AS m WHERE m.version = 0`,
    });
  } catch (error) {
    await dropStaging(client);
    throw error;
  }
  await client.command({ query: 'DROP DATABASE IF EXISTS warehouse' });
  await client.command({ query: `RENAME DATABASE ${STAGING} TO warehouse` });
  say('data restored; creating the views');
  const { applied } = await migrate(client, { ingestPath: 'ingestor' });
  return { disk, name, ...(await contents(client)), applied: applied.length };
}

async function refuseRows(client: ClickHouseClient): Promise<void> {
  const filled = await rowsOf(client);
  const shown = Object.entries(filled)
    .filter(([table]) => !ALWAYS_FILLED.includes(table))
    .map(([table, rows]) => `${table} ${rows}`);
  if (shown.length === 0) return;
  throw new CommandError(
    'backup',
    `warehouse has rows (${shown.join(', ')}), and a restore would replace them. Nothing was changed. ` +
      'Restore into an empty server, or add --replace to delete these rows.'
  );
}

async function refuseSecondRestore(client: ClickHouseClient): Promise<void> {
  const running = await selectRows<{ name: string }>(
    client,
    `SELECT name FROM system.backups WHERE status = 'RESTORING'`
  );
  const [other] = running;
  if (other)
    throw new CommandError('backup', `Another restore is running (${other.name}). Wait until it ends: system.backups.`);
}

/** A backup of a newer version must not replace the data: this version could not create its views. */
async function checkVersion(client: ClickHouseClient): Promise<void> {
  const entries = await new Ledger(client, SINGLE, STAGING).entries();
  pendingWork(readSchema(), entries, SINGLE);
}

/** Not SYNC: ClickHouse deletes files only while it can reach all its disks, S3 too, and a restore must not wait for that. */
async function dropStaging(client: ClickHouseClient): Promise<void> {
  await client.command({ query: `DROP DATABASE IF EXISTS ${STAGING}` });
}

async function rowsOf(client: ClickHouseClient): Promise<Record<string, number>> {
  const tables = await selectRows<{ table: string; rows: number }>(
    client,
    `SELECT p.table AS table, sum(p.rows) AS rows FROM system.parts AS p
     WHERE p.database = 'warehouse' AND p.active GROUP BY p.table HAVING rows > 0 ORDER BY p.table`
  );
  return Object.fromEntries(tables.map(({ table, rows }) => [table, rows]));
}

async function contents(client: ClickHouseClient): Promise<Pick<RestoreReport, 'tables' | 'last_received_at'>> {
  const [last] = await selectRows<{ at: string | null }>(
    client,
    `SELECT formatDateTime(maxOrNull(r.received_at), '%FT%TZ') AS at FROM warehouse.telemetry_raw AS r`
  );
  return { tables: await rowsOf(client), last_received_at: last?.at ?? null };
}
