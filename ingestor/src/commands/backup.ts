import type { ClickHouseClient } from '@clickhouse/client';
import { Command } from 'commander';
import { findBackupDisk } from '../backup/backup-disk.ts';
import { backup } from '../backup/backup.ts';
import { listBackups, type ListedBackup } from '../backup/list-backups.ts';
import { restore, type RestoreReport } from '../backup/restore.ts';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { CommandError } from '../errors/errors.ts';
import { say, text } from './terminal.ts';

interface CommonFlags {
  disk: string;
  list?: boolean;
  json?: boolean;
}

/** Renaming a database waits for the queries that read it. */
const STEP_TIMEOUT_MS = 600_000;
/** A replay of the time before the backup adds events that were on their way to ClickHouse while it ran. */
const REPLAY_MARGIN_MS = 600_000;

const DISK_HELP = `
--disk is a disk of ClickHouse's configuration: a folder, or S3 and compatible storage. Its credentials are only there
(sql/server/backups.example.xml). The server does the work; if this command is interrupted, it continues (system.backups).`;

const RESTORE_HELP = `${DISK_HELP}

The backup is first restored into the database warehouse_restore, which takes its space a second time with --replace. If anything
fails, warehouse is unchanged. Then the views are created, and the roll-ups continue by themselves. The Kafka engine path stays off:
run \`ingestor migrate\` to start it.`;

export function backupCommand(): Command {
  return common(new Command('backup').description('back up all tables of ClickHouse (as floorwatch_owner)'))
    .option('--name <name>', 'its name on the disk (default: from the time)', text)
    .option('--incremental', 'write only what changed since the latest backup, which must be kept')
    .addHelpText('after', DISK_HELP)
    .action(async ({ name, incremental, ...flags }: CommonFlags & { name?: string; incremental?: boolean }) => {
      await withOwner(async (client) => {
        if (flags.list) {
          await list(client, flags);
          return;
        }
        const report = await backup(client, { disk: flags.disk, name, isIncremental: incremental ?? false, say });
        const base = report.base === '' ? '' : `, continues ${report.base}`;
        print(flags, report, `${report.name} on disk ${report.disk}: ${report.bytes} bytes${base}`);
      });
    });
}

export function restoreCommand(): Command {
  return common(new Command('restore').description('restore a backup of ClickHouse (as floorwatch_owner)'))
    .argument('[name]', 'of the backup; --list shows them')
    .option('--replace', 'delete all data that ClickHouse has in warehouse, once the backup is read')
    .addHelpText('after', RESTORE_HELP)
    .action(async (name: string | undefined, { replace, ...flags }: CommonFlags & { replace?: boolean }) => {
      if (name === undefined && !flags.list)
        throw new CommandError('backup', 'Give the name of a backup, or --list to see them.');
      await withOwner(async (client) => {
        if (name === undefined || flags.list) {
          await list(client, flags);
          return;
        }
        const report = await restore(client, { disk: flags.disk, name, replace: replace ?? false, say });
        print(flags, report, restoreText(report));
      });
    });
}

function restoreText({ name, tables, last_received_at, applied }: RestoreReport): string {
  const rows = Object.entries(tables).map(([table, count]) => `  ${table}: ${count} rows`);
  const from = new Date(Date.parse(last_received_at ?? '') - REPLAY_MARGIN_MS);
  const next =
    last_received_at === null
      ? 'The backup has no events.'
      : `Its last event arrived at ${last_received_at}. To add later events that Kafka still has:\n` +
        `  ingestor replay --from ${from.toISOString().slice(0, 19)}Z`;
  return [
    `${name} is restored (${applied} migrations and views applied).`,
    ...rows,
    next,
    'Repeat every `ingestor erase` that ran after this backup: the backup has what it removed.',
  ].join('\n');
}

async function list(client: ClickHouseClient, flags: CommonFlags): Promise<void> {
  const disk = await findBackupDisk(client, flags.disk);
  const backups = await listBackups(client, disk);
  const lines = backups.map(line);
  const folder = disk.type === 'Local' ? `folder ${disk.path} of the server` : `bucket under ${disk.path || '/'}`;
  if (lines.length === 0)
    lines.push(`No backup on disk ${disk.name} is known here. Each is a folder in the ${folder}.`);
  print(flags, { disk: disk.name, path: disk.path, backups }, lines.join('\n'));
}

function line({ name, base, started_at, bytes }: ListedBackup): string {
  const size = bytes === null ? '' : `  ${bytes} bytes`;
  return `${name}  ${started_at}${size}${base === '' ? '' : `  continues ${base}`}`;
}

function print({ json }: CommonFlags, report: object, words: string): void {
  process.stdout.write(`${json ? JSON.stringify(report) : words}\n`);
}

function common(command: Command): Command {
  return command
    .option('--disk <disk>', 'the disk of the backups', text, 'backups')
    .option('--list', 'list the backups on the disk; change nothing')
    .option('--json', 'print one JSON object');
}

async function withOwner(action: (client: ClickHouseClient) => Promise<void>): Promise<void> {
  // A new server has no database `warehouse`.
  const client = createClickHouse({
    ...parseConfig().clickhouse,
    ...{ database: 'default', requestTimeoutMs: STEP_TIMEOUT_MS },
  });
  try {
    await action(client);
  } finally {
    await client.close();
  }
}
