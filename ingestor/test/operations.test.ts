import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/demo/processes/clickhouse';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { MIGRATIONS_DIR, readMigrations } from '../src/migrate/migration-files.ts';
import { rows } from './clickhouse.ts';

/** What sql/README.md shows an operator, done once on a server with the optional storage policy. */
const SQL_DIR = join(MIGRATIONS_DIR, '..');
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-operations-'));
const migrations = join(dir, 'migrations');
let server: ClickHouse;
let owner: ClickHouseClient;

beforeAll(async () => {
  const configDir = join(dir, 'config');
  mkdirSync(join(configDir, 'config.d'), { recursive: true });
  mkdirSync(join(dir, 'cold'));
  for (const file of ['config.xml', 'users.xml']) cpSync(join(SQL_DIR, 'server', file), join(configDir, file));
  cpSync(join(SQL_DIR, 'server/storage.example.xml'), join(configDir, 'config.d/storage.xml'));
  server = await startClickHouse({
    dataDir: join(dir, 'data'),
    configDir,
    env: { CLICKHOUSE_COLD_PATH: join(dir, 'cold/') },
  });
  owner = createClient({ url: server.url, username: 'floorwatch_owner', password: server.passwords.owner });
  cpSync(MIGRATIONS_DIR, migrations, { recursive: true });
  await migrate(owner, { directory: migrations });
});
afterAll(async () => {
  await owner.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const insert = (event: Record<string, unknown>): Promise<unknown> =>
  owner.insert({
    table: 'warehouse.telemetry_raw',
    format: 'JSONEachRow',
    values: [{ event_id: crypto.randomUUID(), robot_id: 'a', source: 'ingestor', ...event }],
  });
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, -1);

test('a new field is a nullable column: inserts with and without it load side by side', async () => {
  const number = String(readMigrations().length + 1).padStart(4, '0');
  writeFileSync(
    join(migrations, `${number}_payload.sql`),
    'ALTER TABLE {local}.telemetry_raw{on_cluster} ADD COLUMN IF NOT EXISTS payload_kg Nullable(Float32) AFTER battery;\n'
  );
  await insert({ ts: daysAgo(0), robot_id: 'before' });
  expect((await migrate(owner, { directory: migrations })).applied).toHaveLength(1);
  await insert({ ts: daysAgo(0), robot_id: 'old-ingestor' });
  await insert({ ts: daysAgo(0), robot_id: 'new-ingestor', payload_kg: 12.5 });
  expect(await rows(owner, 'SELECT robot_id, payload_kg FROM warehouse.telemetry_raw ORDER BY robot_id')).toEqual([
    { robot_id: 'before', payload_kg: null },
    { robot_id: 'new-ingestor', payload_kg: 12.5 },
    { robot_id: 'old-ingestor', payload_kg: null },
  ]);
});

test('the optional storage policy moves old partitions to the cold disk, where they are read as before', async () => {
  for (const statement of readFileSync(join(SQL_DIR, 'storage/tiered.sql'), 'utf8').split(/;\n/)) {
    if (statement.trim() !== '') await owner.command({ query: statement });
  }
  await insert({ ts: daysAgo(60), robot_id: 'old' });
  await vi.waitUntil(
    async () => {
      const disks = await rows<{ disk_name: string }>(
        owner,
        `SELECT DISTINCT disk_name FROM system.parts WHERE table = 'telemetry_raw' AND active ORDER BY disk_name`
      );
      return disks.map(({ disk_name }) => disk_name).join() === 'cold,default';
    },
    { timeout: 120_000, interval: 500 }
  );
  expect(await rows(owner, `SELECT robot_id FROM warehouse.telemetry_raw WHERE robot_id = 'old'`)).toHaveLength(1);
});
