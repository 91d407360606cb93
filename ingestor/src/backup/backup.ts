import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';
import { CommandError } from '../errors/errors.ts';
import { onlyOnOneServer, refuseCluster } from '../clickhouse/refuse-cluster.ts';
import { backupNameAt, findBackupDisk, placeOf, validBackupName } from './backup-disk.ts';
import { runOnServer } from './server-operation.ts';

export interface BackupOptions {
  disk: string;
  /** Default: from the time. */
  name?: string | undefined;
  /** Writes only what the latest backup on this disk does not have. */
  isIncremental: boolean;
  say: (line: string) => void;
}

export interface BackupReport {
  disk: string;
  name: string;
  /** Empty: complete by itself. */
  base: string;
  started_at: string;
  ended_at: string;
  /** Written to the disk, without the base. */
  bytes: number;
  files: number;
}

/**
 * Backs up every table, and no view: a restore creates the views from the files (`ingestor migrate`) after the data is complete.
 * So no refreshable view can compute from half of the data, and a restored server does not start to read Kafka by itself.
 * @throws CommandError
 */
export async function backup(client: ClickHouseClient, options: BackupOptions): Promise<BackupReport> {
  const { disk, say } = options;
  await refuseCluster(client, 'backup', onlyOnOneServer('backup'));
  await findBackupDisk(client, disk);
  const startedAt = new Date();
  const name = validBackupName(options.name ?? backupNameAt(startedAt));
  const base = options.isIncremental ? await latestBackup(client, disk) : '';
  const settings = base === '' ? '' : ` SETTINGS base_backup = ${placeOf(disk, base)}`;
  const { bytes, files } = await runOnServer(
    client,
    `BACKUP DATABASE warehouse${await exceptViews(client)} TO ${placeOf(disk, name)}${settings}`,
    say
  );
  const times = { started_at: startedAt.toISOString(), ended_at: new Date().toISOString() };
  const report = { disk, name, base, ...times, bytes, files };
  const { files: _, ...row } = report;
  await client.insert({
    ...{ table: 'warehouse.backups', values: [row], format: 'JSONEachRow' },
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  });
  return report;
}

async function exceptViews(client: ClickHouseClient): Promise<string> {
  const views = await selectRows<{ name: string }>(
    client,
    `SELECT name FROM system.tables WHERE database = 'warehouse' AND engine IN ('View', 'MaterializedView') ORDER BY name`
  );
  if (views.length === 0) return '';
  return ` EXCEPT TABLES ${views.map(({ name }) => `\`${name.replaceAll('`', '\\`')}\``).join(', ')}`;
}

async function latestBackup(client: ClickHouseClient, disk: string): Promise<string> {
  const [latest] = await selectRows<{ name: string }>(
    client,
    'SELECT b.name AS name FROM warehouse.backups AS b WHERE b.disk = {disk:String} ORDER BY b.started_at DESC LIMIT 1',
    { disk }
  );
  if (latest) return latest.name;
  throw new CommandError(
    'backup',
    `There is no backup on disk ${disk} that an incremental one could continue. Run it without --incremental first.`
  );
}
