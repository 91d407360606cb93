import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';
import type { BackupDisk } from './backup-disk.ts';

export interface ListedBackup {
  name: string;
  /** The backup that it continues, or empty. */
  base: string;
  /** ISO 8601, UTC. */
  started_at: string;
  /** Null: only the disk knows this backup. */
  bytes: number | null;
}

/**
 * The backups of a disk, the oldest first: those that `warehouse.backups` records, and, if this process can read the disk's folder,
 * those in the folder. A new server knows only the latter. A recorded backup that is gone from a readable folder is left out.
 */
export async function listBackups(client: ClickHouseClient, disk: BackupDisk): Promise<ListedBackup[]> {
  const [{ known } = { known: 0 }] = await selectRows<{ known: number }>(
    client,
    `SELECT count() AS known FROM system.tables WHERE database = 'warehouse' AND name = 'backups'`
  );
  const recorded = known
    ? await selectRows<ListedBackup>(
        client,
        `SELECT b.name AS name, b.base AS base, formatDateTime(b.started_at, '%FT%TZ') AS started_at, b.bytes AS bytes
         FROM warehouse.backups AS b WHERE b.disk = {disk:String} ORDER BY b.started_at`,
        { disk: disk.name }
      )
    : [];
  const found = disk.type === 'Local' ? backupsIn(disk.path) : null;
  if (!found) return recorded;
  const names = new Set(found.map(({ name }) => name));
  const recordedNames = new Set(recorded.map(({ name }) => name));
  return [
    ...recorded.filter(({ name }) => names.has(name)),
    ...found.filter(({ name }) => !recordedNames.has(name)),
  ].sort((a, b) => (a.started_at < b.started_at ? -1 : 1));
}

/** The finished backups in a folder; null if this process cannot read it. A backup has its `.backup` file after all others. */
function backupsIn(folder: string): ListedBackup[] | null {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  return names.flatMap((name) => {
    try {
      const text = readFileSync(join(folder, name, '.backup'), 'utf8');
      const time = /<timestamp>([^<]+)<\/timestamp>/.exec(text)?.[1] ?? '';
      const base = /<base_backup>Disk\('[^']*', '([^']*)'\)<\/base_backup>/.exec(text)?.[1] ?? '';
      return [{ name, base, started_at: `${time.replace(' ', 'T')}Z`, bytes: null }];
    } catch {
      return [];
    }
  });
}
