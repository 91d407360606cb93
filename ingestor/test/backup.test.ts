import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startBackupRig, WRONG_SECRET, type BackupRig } from './backup-rig.ts';
import { rows, type TestServer } from './clickhouse.ts';
import type { Ended } from './command.ts';
import { fleetDay } from './fleet-day.ts';
import { answer, comparableViews, rollUpAll } from './view-answers.ts';

let rig: BackupRig;

beforeAll(async () => {
  rig = await startBackupRig();
  await migrate(rig.source.as('owner'));
  await add(Date.now(), 24);
  await rollUpAll(rig.source.as('owner'));
});
afterAll(async () => {
  await rig.stop();
});

async function add(nowMs: number, robots: number): Promise<void> {
  for (const [table, values] of Object.entries<object[]>(fleetDay(nowMs, robots))) {
    await rig.source.as('owner').insert({ table: `warehouse.${table}`, values, format: 'JSONEachRow' });
  }
}

/** What the commands print with --json; each prints a part. */
interface Report {
  name: string;
  base: string;
  backups: { name: string }[];
  tables: { telemetry_raw: number; telemetry_minute: number };
}

function reportOf({ code, stdout, stderr }: Ended): Report {
  expect([code, stderr.includes('rror')], stderr).toEqual([0, false]);
  return JSON.parse(stdout) as Report;
}

async function count(on: TestServer, table: string): Promise<number> {
  const [row] = await rows<{ n: number }>(
    on.as('owner'),
    `SELECT toUInt32(count()) AS n FROM warehouse.${table} FINAL`
  );
  return row?.n ?? -1;
}

async function backupRemedy(): Promise<string | undefined> {
  const query = `SELECT remedy FROM warehouse.v_health WHERE check = 'backup'`;
  return (await rows<{ remedy: string }>(rig.source.as('reader'), query))[0]?.remedy;
}

async function expectSameAnswers(): Promise<void> {
  await rollUpAll(rig.target.as('owner'));
  await rollUpAll(rig.source.as('owner'));
  const views = await comparableViews(rig.source.as('owner'));
  expect(await comparableViews(rig.target.as('owner'))).toEqual(views);
  const answered: string[] = [];
  for (const view of views) {
    const expected = await answer(rig.source.as('reader'), view);
    expect(await answer(rig.target.as('reader'), view), view).toEqual(expected);
    if (expected.length > 0) answered.push(view);
  }
  expect(answered.length).toBeGreaterThan(20);
}

describe('a backup on disk', () => {
  test('restored into an empty server, every view returns the same rows', async () => {
    // With the disk that v_health asks for (health.test.ts), the check says which command to run.
    expect(await backupRemedy()).toMatch(/^Run `ingestor backup` as floorwatch_owner/);
    const { name } = reportOf(await rig.ingestor(rig.source, 'backup', '--json'));
    expect(await backupRemedy()).toBe('');
    // A new server knows no backup, but sees the folder.
    const { backups } = reportOf(await rig.ingestor(rig.target, 'restore', '--list', '--json'));
    expect(backups.map((each) => each.name)).toEqual([name]);
    const report = reportOf(await rig.ingestor(rig.target, 'restore', name, '--json'));
    expect(report.tables.telemetry_raw).toBe(24 * 240);
    expect(report.tables.telemetry_minute).toBeGreaterThan(1000);
    await expectSameAnswers();
  });

  test('is not restored over existing rows without --replace, and nothing changes', async () => {
    const [name = ''] = readdirSync(rig.folder);
    const { code, stdout, stderr } = await rig.ingestor(rig.target, 'restore', name);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^warehouse has rows \(.*telemetry_raw 5760.*Nothing was changed.*--replace/);
    expect(await count(rig.target, 'telemetry_raw')).toBe(24 * 240);
  });

  test('an incremental one continues the latest and restores both, with --replace', async () => {
    await add(Date.now() - 3_600_000, 30);
    await rollUpAll(rig.source.as('owner'));
    const full = reportOf(await rig.ingestor(rig.source, 'backup', '--list', '--json')).backups[0];
    const next = reportOf(await rig.ingestor(rig.source, 'backup', '--incremental', '--name', 'second', '--json'));
    expect(next.base).toBe(full?.name);
    const listed = (await rig.ingestor(rig.source, 'backup', '--list')).stdout.trim().split('\n');
    expect(listed).toHaveLength(2);
    expect(listed[1]).toMatch(/^second {2}20\S+Z {2}\d+ bytes {2}continues warehouse-/);
    reportOf(await rig.ingestor(rig.target, 'restore', 'second', '--replace', '--json'));
    expect(await count(rig.target, 'telemetry_raw')).toBe(await count(rig.source, 'telemetry_raw'));
    await expectSameAnswers();
  });

  test('that does not exist leaves the data as it is, even with --replace', async () => {
    const before = await count(rig.target, 'telemetry_raw');
    const { code, stderr } = await rig.ingestor(rig.target, 'restore', 'no-such-backup', '--replace');
    expect(code).toBe(1);
    expect(stderr).toMatch(/ClickHouse: Backup Disk\('backups', 'no-such-backup'\) not found.*--list/);
    expect(stderr).not.toContain('Stack trace');
    expect(await count(rig.target, 'telemetry_raw')).toBe(before);
    expect(await rows(rig.target.as('owner'), `SHOW DATABASES LIKE 'warehouse%'`)).toEqual([{ name: 'warehouse' }]);
  });

  test('of a newer version is not restored, and the data stays', async () => {
    const owner = rig.source.as('owner');
    const insert = `INSERT INTO warehouse.schema_migrations (version, name, phase) VALUES (9999, '9999_later', 'finished')`;
    await owner.command({ query: insert });
    reportOf(await rig.ingestor(rig.source, 'backup', '--name', 'later', '--json'));
    await owner.command({
      query: 'ALTER TABLE warehouse.schema_migrations DELETE WHERE version = 9999 SETTINGS mutations_sync = 2',
    });
    const before = await count(rig.target, 'telemetry_raw');
    const { code, stderr } = await rig.ingestor(rig.target, 'restore', 'later', '--replace');
    expect(code).toBe(1);
    expect(stderr).toMatch(/migration 9999_later, which this version of Floorwatch does not know/);
    expect(await count(rig.target, 'telemetry_raw')).toBe(before);
  });

  test('a restored server does not read Kafka until it is migrated', async () => {
    // A view of this name; the real one would wait for a broker.
    await rig.source.as('owner').command({
      query: `CREATE MATERIALIZED VIEW warehouse.telemetry_from_kafka TO warehouse.telemetry_messages
              AS SELECT * FROM warehouse.telemetry_messages WHERE 0`,
    });
    reportOf(await rig.ingestor(rig.source, 'backup', '--name', 'with-engine', '--json'));
    await rig.source.as('owner').command({ query: 'DROP VIEW warehouse.telemetry_from_kafka SYNC' });
    reportOf(await rig.ingestor(rig.target, 'restore', 'with-engine', '--replace', '--json'));
    expect(await rows(rig.target.as('owner'), `SHOW TABLES FROM warehouse LIKE 'telemetry_from_kafka'`)).toEqual([]);
  });

  test('of a table with deletions is restored so that later deletions delete', async () => {
    const deletePartition = (on: TestServer, partition: number) =>
      on.as('owner').command({
        query: `ALTER TABLE warehouse.dead_letters DELETE WHERE partition = ${partition} SETTINGS mutations_sync = 2`,
      });
    for (const n of [0, 1, 2]) await add(Date.now() - n * 86_400_000, 1);
    await rig.source.as('owner').command({ query: 'OPTIMIZE TABLE warehouse.dead_letters FINAL' });
    await deletePartition(rig.source, 2);
    reportOf(await rig.ingestor(rig.source, 'backup', '--name', 'after-deletion', '--json'));
    reportOf(await rig.ingestor(rig.target, 'restore', 'after-deletion', '--replace', '--json'));
    expect(await count(rig.target, 'dead_letters')).toBe(40);
    await deletePartition(rig.target, 1);
    expect(await count(rig.target, 'dead_letters')).toBe(20);
  });

  test('a name is used once, and the error says what to do', async () => {
    const { code, stderr } = await rig.ingestor(rig.source, 'backup', '--name', 'second');
    expect(code).toBe(1);
    expect(stderr).toMatch(/already exists.*Give another --name/);
  });
});

describe('a backup on S3-compatible storage', () => {
  test('restored, every view returns the same rows', async () => {
    reportOf(await rig.ingestor(rig.source, 'backup', '--disk', 'offsite', '--name', 'first', '--json'));
    const next = reportOf(
      await rig.ingestor(rig.source, 'backup', '--disk', 'offsite', '--name', 'next', '--incremental', '--json')
    );
    expect(next.base).toBe('first');
    reportOf(await rig.ingestor(rig.target, 'restore', 'next', '--disk', 'offsite', '--replace', '--json'));
    await expectSameAnswers();
  });

  test('with a wrong login is an error that does not contain it', async () => {
    const denied = await rig.startDenied();
    try {
      await denied.as('owner').command({ query: 'CREATE DATABASE warehouse' });
      const { code, stdout, stderr } = await rig.ingestor(denied, 'backup', '--disk', 'offsite');
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/ClickHouse: .*HTTP response code: 403/);
      expect(stderr).not.toContain(WRONG_SECRET);
      await denied.as('owner').command({ query: 'SYSTEM FLUSH LOGS' });
      const logged = `SELECT query, exception FROM system.query_log WHERE query LIKE '%BACKUP%'`;
      const log = JSON.stringify(await rows(denied.as('owner'), logged));
      expect(log).toContain('offsite');
      expect(log).not.toContain(WRONG_SECRET);
    } finally {
      await denied.stop();
    }
  });
});

test.each([
  [['backup', '--disk', 'nowhere'], /no disk named nowhere \(it has .*backups.*backups\.example\.xml/],
  [['backup', '--name', '../elsewhere'], /is not a name of a backup/],
  [['restore'], /Give the name of a backup, or --list/],
])('%j is one sentence of error', async (args, problem) => {
  const { code, stdout, stderr } = await rig.ingestor(rig.source, ...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(problem);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
