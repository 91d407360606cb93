import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { MIGRATIONS_DIR, readMigrations } from '../src/migrate/migration-files.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

let clickhouse: TestServer;
const directory = mkdtempSync(join(tmpdir(), 'floorwatch-migrations-'));
const count = readMigrations().length;
const extra = `${String(count + 1).padStart(4, '0')}_extra`;

beforeAll(async () => {
  cpSync(MIGRATIONS_DIR, directory, { recursive: true });
  clickhouse = await startTestServer();
});
afterAll(async () => {
  await clickhouse.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('a user without the rights is told which ones, and nothing is changed', async () => {
  await expect(migrate(clickhouse.as('writer'), { directory })).rejects.toThrow(
    /lacks rights.*nothing was changed.*GRANT .*CREATE.* ON warehouse\.\*/
  );
  expect(await rows(clickhouse.as('owner'), `SELECT name FROM system.databases WHERE name = 'warehouse'`)).toEqual([]);
});

test('the first run applies every migration, the second none', async () => {
  const first = await migrate(clickhouse.as('owner'), { directory, ingestPath: 'both' });
  expect(first.applied).toHaveLength(count);
  expect(first.enginePath).toBe('started');
  const second = await migrate(clickhouse.as('owner'), { directory, ingestPath: 'both' });
  expect(second).toMatchObject({ applied: [], alreadyApplied: count, enginePath: 'unchanged' });
  const ledger = await rows(
    clickhouse.as('owner'),
    `SELECT version FROM warehouse.schema_migrations WHERE phase = 'finished' AND duration_ms > 0 AND applied_by = 'floorwatch_owner'`
  );
  expect(ledger).toHaveLength(count);
});

test('the engine path stops and starts with INGEST_PATH', async () => {
  const owner = clickhouse.as('owner');
  expect(await migrate(owner, { directory, ingestPath: 'ingestor' })).toMatchObject({ enginePath: 'stopped' });
  expect(await migrate(owner, { directory, ingestPath: 'ingestor' })).toMatchObject({ enginePath: 'unchanged' });
  expect(await migrate(owner, { directory, ingestPath: 'engine' })).toMatchObject({ enginePath: 'started' });
});

test('a migration that stops half-way is refused until it is repaired', async () => {
  const owner = clickhouse.as('owner');
  const file = join(directory, `${extra}.sql`);
  const good = 'CREATE TABLE IF NOT EXISTS {local}.extra{on_cluster} (a Int8) ENGINE = Memory;\n';
  writeFileSync(file, `${good}SELECT not_a_column FROM {local}.extra;\n`);
  await expect(migrate(owner, { directory })).rejects.toThrow(/stopped at statement 2 of 2.*--repair/s);
  writeFileSync(file, good);
  await expect(migrate(owner, { directory })).rejects.toThrow(/half applied: 1 statements done/);
  expect((await migrate(owner, { directory, repair: true })).applied).toMatchObject([{ name: extra, statements: 1 }]);
});

test('an edited migration is refused', async () => {
  writeFileSync(join(directory, `${extra}.sql`), 'SELECT 1;\n');
  await expect(migrate(clickhouse.as('owner'), { directory })).rejects.toThrow(
    /edited after it had been applied.*put the change into a new migration/
  );
});

test('a database that is ahead of the files is refused', async () => {
  rmSync(join(directory, `${extra}.sql`));
  await expect(migrate(clickhouse.as('owner'), { directory })).rejects.toThrow(/does not know/);
});
