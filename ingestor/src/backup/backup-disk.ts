import type { ClickHouseClient } from '@clickhouse/client';
import { CommandError } from '../errors/errors.ts';
import { sqlText } from '../clickhouse/sql-text.ts';
import { selectRows } from '../clickhouse/select-rows.ts';

/** A disk of the server's configuration. */
export interface BackupDisk {
  name: string;
  /** `Local` for a folder of the server; `ObjectStorage` for S3. */
  type: string;
  /** The folder on the server, or the prefix in the bucket. */
  path: string;
}

/** @throws CommandError when the server has no such disk, or when it is the disk of the data */
export async function findBackupDisk(client: ClickHouseClient, name: string): Promise<BackupDisk> {
  const disks = await selectRows<BackupDisk>(client, 'SELECT name, type, path FROM system.disks ORDER BY name');
  const disk = disks.find((each) => each.name === name);
  if (disk) return disk;
  throw new CommandError(
    'backup',
    `ClickHouse has no disk named ${name} (it has ${disks.map((each) => each.name).join(', ')}). ` +
      'Copy sql/server/backups.example.xml to its config.d, set the path or the S3 address, restart it, or name a disk with --disk.'
  );
}

/** Where a backup is, in the syntax of BACKUP and RESTORE. It contains no credentials: they are in the server's configuration. */
export function placeOf(disk: string, name: string): string {
  return `Disk(${sqlText(disk)}, ${sqlText(name)})`;
}

/** @throws CommandError unless it is one folder name on every storage */
export function validBackupName(name: string): string {
  if (/^\w[\w.-]{0,127}$/.test(name)) return name;
  throw new CommandError(
    'backup',
    `${JSON.stringify(name)} is not a name of a backup: use letters, digits, points, - and _.`
  );
}

/** Such as warehouse-20261124T080000Z, so that names sort by time. */
export function backupNameAt(date: Date): string {
  return `warehouse-${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
