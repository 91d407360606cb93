import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOOPBACK } from '@floorwatch/servers/ports';
import S3rver from 's3rver';
import { SQL_DIR } from '../src/migrate/migration-files.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { runCommand, type Ended } from './command.ts';

const SECRET = 'S3RVER';
export const WRONG_SECRET = 'a-secret-that-nobody-may-read';

/** Two ClickHouse servers with the disks of sql/server/backups.example.xml: `backups` (a folder) and, on S3, `offsite`. */
export interface BackupRig {
  source: TestServer;
  target: TestServer;
  folder: string;
  /** A server whose disk `offsite` has a wrong login. */
  startDenied(): Promise<TestServer>;
  /** Runs a command as floorwatch_owner of a server. */
  ingestor(on: TestServer, ...args: string[]): Promise<Ended>;
  stop(): Promise<void>;
}

export async function startBackupRig(): Promise<BackupRig> {
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-backup-'));
  const folder = join(dir, 'backups');
  mkdirSync(folder);
  const s3 = new S3rver({
    ...{ port: 0, address: LOOPBACK, directory: join(dir, 's3'), silent: true },
    configureBuckets: [{ name: 'floorwatch', configs: [] }],
  });
  const { port } = await s3.run();
  const configDir = configured(dir);
  const env = {
    CLICKHOUSE_BACKUP_PATH: `${folder}/`,
    CLICKHOUSE_BACKUP_S3_URL: `http://${LOOPBACK}:${port}/floorwatch/plant-1/`,
    CLICKHOUSE_BACKUP_S3_KEY: 'S3RVER',
    CLICKHOUSE_BACKUP_S3_SECRET: SECRET,
  };
  const [source, target] = await Promise.all([
    startTestServer(env, { configDir }),
    startTestServer(env, { configDir }),
  ]);
  return {
    ...{ source, target, folder },
    startDenied: () =>
      startTestServer(
        { ...env, CLICKHOUSE_BACKUP_S3_KEY: WRONG_SECRET, CLICKHOUSE_BACKUP_S3_SECRET: WRONG_SECRET },
        { configDir }
      ),
    ingestor: ({ server }, ...args) =>
      runCommand(args, {
        CLICKHOUSE_URL: server.url,
        CLICKHOUSE_USER: 'floorwatch_owner',
        CLICKHOUSE_PASSWORD: server.passwords.owner,
      }),
    stop: async () => {
      await Promise.all([source.stop(), target.stop()]);
      await s3.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** sql/server/ with the example's folder, and its S3 disk as `offsite`. */
function configured(dir: string): string {
  const configDir = join(dir, 'config');
  mkdirSync(join(configDir, 'config.d'), { recursive: true });
  for (const file of ['config.xml', 'users.xml', 'users.d']) {
    cpSync(join(SQL_DIR, 'server', file), join(configDir, file), { recursive: true });
  }
  const example = readFileSync(join(SQL_DIR, 'server/backups.example.xml'), 'utf8');
  const s3Disk = /<backups>\s*<type>s3_plain[^]*?<\/backups>/.exec(example)?.[0] ?? '';
  const offsite = s3Disk.replaceAll('backups>', 'offsite>');
  const config = example
    .replace('</disks>', `${offsite}</disks>`)
    .replace('</allowed_disk>', '</allowed_disk><allowed_disk>offsite</allowed_disk>');
  writeFileSync(join(configDir, 'config.d/backups.xml'), config);
  return configDir;
}
