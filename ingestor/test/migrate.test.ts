import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Ledger } from '../src/migrate/ledger.ts';
import { migrate, type MigrationReport } from '../src/migrate/migrate.ts';
import { SQL_DIR } from '../src/migrate/migration-files.ts';
import { readSchema } from '../src/migrate/pending.ts';
import { SINGLE } from '../src/migrate/topology.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { schemaObjects, schemaText } from './schema-objects.ts';

let clickhouse: TestServer;
const directory = mkdtempSync(join(tmpdir(), 'floorwatch-migrations-'));
const { migrations, views } = readSchema();
const count = migrations.length + views.length;
const numbered = (n: number, name: string): string => `${String(migrations.length + n).padStart(4, '0')}_${name}`;
const again = (): Promise<MigrationReport> => migrate(clickhouse.as('owner'), { directory });
const names = ({ applied }: MigrationReport): string[] => applied.map(({ name }) => name);
const command = (query: string): Promise<unknown> => clickhouse.as('owner').command({ query });
const write = (file: string, text: string): void => {
  writeFileSync(join(directory, file), text);
};
/** Replaces a text that occurs once. */
const edit = (file: string, from: string, to: string): void => {
  const text = readFileSync(join(directory, file), 'utf8');
  expect(text.split(from), from).toHaveLength(2);
  write(
    file,
    text.replace(from, () => to)
  );
};

beforeAll(async () => {
  for (const folder of ['migrations', 'views']) {
    cpSync(join(SQL_DIR, folder), join(directory, folder), { recursive: true });
  }
  clickhouse = await startTestServer();
});
afterAll(async () => {
  await clickhouse.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('missing rights are an error that lists them, and nothing is changed', async () => {
  await expect(migrate(clickhouse.as('writer'), { directory })).rejects.toThrow(
    /lacks rights.*nothing was changed.*GRANT .*CREATE.* ON warehouse\.\*/
  );
  expect(await rows(clickhouse.as('owner'), `SELECT name FROM system.databases WHERE name = 'warehouse'`)).toEqual([]);
});

test('the first run applies every migration and every view, the second none', async () => {
  const first = await migrate(clickhouse.as('owner'), { directory, ingestPath: 'both' });
  expect(first.applied).toHaveLength(count);
  expect(first.enginePath).toBe('started');
  const second = await migrate(clickhouse.as('owner'), { directory, ingestPath: 'both' });
  expect(second).toMatchObject({ applied: [], alreadyApplied: count, enginePath: 'unchanged' });
  const ledger = await rows(
    clickhouse.as('owner'),
    `SELECT name FROM warehouse.schema_migrations WHERE phase = 'finished' AND checksum != '' AND applied_by = 'floorwatch_owner'`
  );
  expect(ledger).toHaveLength(count);
});

test('the engine path stops and starts with INGEST_PATH', async () => {
  const owner = clickhouse.as('owner');
  expect(await migrate(owner, { directory, ingestPath: 'ingestor' })).toMatchObject({ enginePath: 'stopped' });
  expect(await migrate(owner, { directory, ingestPath: 'ingestor' })).toMatchObject({ enginePath: 'unchanged' });
  expect(await migrate(owner, { directory, ingestPath: 'engine' })).toMatchObject({ enginePath: 'started' });
});

describe('a view', () => {
  const identity = (name: string): Promise<unknown> =>
    rows(clickhouse.as('owner'), `SELECT uuid FROM system.tables WHERE database = 'warehouse' AND name = '${name}'`);

  test('that changes is applied again, with those that read it and no others', async () => {
    edit('views/fleet_state.sql', 'SELECT status, count() AS robots\n', 'SELECT status, count() AS robots, 1 AS one\n');
    expect(names(await again())).toEqual(['warehouse.v_fleet_status']);
    const ended = "FROM warehouse.v_task_runs\nWHERE outcome != 'running'";
    edit('views/tasks.sql', ended, `${ended} AND started_at > 0`);
    expect(names(await again())).toEqual(['warehouse.task_events_mv']);
    edit('views/dead_letters.sql', 'SELECT\n    d.topic AS topic', 'SELECT\n    1 AS one, d.topic AS topic');
    expect(names(await again())).toEqual(['warehouse.v_dead_letters', 'warehouse.v_dead_letter_reasons']);
    expect(names(await again())).toEqual([]);
  });

  test('that is materialised changes in place, on insert and by refresh', async () => {
    const before = [await identity('robot_arrivals_mv'), await identity('floor_cells_hour_mv')];
    edit('views/fleet_state.sql', 'max(r.received_at) AS last_arrival', 'max(r.received_at) + 0 AS last_arrival');
    edit('views/floor_cells.sql', 'REFRESH EVERY 5 MINUTE', 'REFRESH EVERY 6 MINUTE');
    const { applied } = await again();
    expect(applied.map(({ name, statements }) => [name, statements])).toEqual([
      ['warehouse.robot_arrivals_mv', 2],
      // Its copy, for events that are stored already.
      ['warehouse.robot_arrivals_stored_mv', 2],
      ['warehouse.floor_cells_hour_mv', 3],
    ]);
    expect([await identity('robot_arrivals_mv'), await identity('floor_cells_hour_mv')]).toEqual(before);
    const objects = schemaText(await schemaObjects(clickhouse.as('owner')));
    expect(objects).toContain('max(r.received_at) + 0 AS last_arrival');
    expect(objects).toContain('REFRESH EVERY 6 MINUTE APPEND TO warehouse.floor_cells_hour');
  });

  test('that selects * has the new column of its table', async () => {
    const table = numbered(1, 'extra_column');
    write(
      `migrations/${table}.sql`,
      'ALTER TABLE {local}.telemetry_minute{on_cluster} ADD COLUMN IF NOT EXISTS extra UInt8;\n'
    );
    const applied = names(await again());
    expect(applied[0]).toBe(table);
    expect(applied).toContain('warehouse.v_robot_minutes');
    expect(applied).not.toContain('warehouse.v_robot_hours');
    expect(await rows(clickhouse.as('owner'), 'SELECT extra FROM warehouse.v_robot_minutes')).toEqual([]);
  });

  test('that stops half-way is applied by the next run, without --repair', async () => {
    const text = readFileSync(join(directory, 'views/tasks.sql'), 'utf8');
    edit('views/tasks.sql', '    max(r.ts) AS last_ts,\n', '    max(r.not_a_column) AS last_ts,\n');
    await expect(again()).rejects.toThrow(/View warehouse\.task_runs_mv stopped at statement 1 of 2.*migrate` again/s);
    write('views/tasks.sql', text);
    // Its definition is unchanged, but the result of the failed run is unknown.
    expect(names(await again())).toEqual(['warehouse.task_runs_mv']);
    expect(names(await again())).toEqual([]);
  });

  test('that writes to another table is an error', async () => {
    const text = readFileSync(join(directory, 'views/roll_ups.sql'), 'utf8');
    edit('views/roll_ups.sql', ' TO {local}.rollup_touched\n', ' TO {local}.rollup_touched_2\n');
    await expect(again()).rejects.toThrow(/rollup_touched_mv exists and does not write to .*_2.*Give the view a new/);
    write('views/roll_ups.sql', text);
    expect(names(await again())).toEqual([]);
  });

  test('that is no longer in the files is dropped, and one that the migrations did not create stays', async () => {
    await command('CREATE VIEW warehouse.v_of_somebody AS SELECT 1');
    edit(
      'views/tasks.sql',
      'CREATE OR REPLACE VIEW warehouse.v_task_times{',
      'CREATE OR REPLACE VIEW warehouse.v_new{'
    );
    expect(names(await again())).toEqual(['warehouse.v_new', 'warehouse.v_task_times']);
    expect(names(await again())).toEqual([]);
    expect(await identity('v_task_times')).toEqual([]);
    expect(await identity('v_of_somebody')).toHaveLength(1);
    edit(
      'views/tasks.sql',
      'CREATE OR REPLACE VIEW warehouse.v_new{',
      'CREATE OR REPLACE VIEW warehouse.v_task_times{'
    );
    expect(names(await again())).toEqual(['warehouse.v_task_times', 'warehouse.v_new']);
    await command('DROP VIEW warehouse.v_of_somebody');
  });

  test('is the same when two runs change it at once', async () => {
    cpSync(join(SQL_DIR, 'views'), join(directory, 'views'), { recursive: true });
    await Promise.all([again(), again()]);
    expect(names(await again())).toEqual([]);
  });

  test('is the same after all these changes as in a fresh database', async () => {
    const fresh = await startTestServer();
    try {
      await migrate(fresh.as('owner'), { directory, ingestPath: 'engine' });
      const [changed, created] = [await schemaObjects(clickhouse.as('owner')), await schemaObjects(fresh.as('owner'))];
      expect(schemaText(changed)).toBe(schemaText(created));
    } finally {
      await fresh.stop();
    }
  });
});

describe('a migration', () => {
  const extra = numbered(2, 'extra');

  test('that is half applied is an error until it is repaired', async () => {
    const good = 'CREATE TABLE IF NOT EXISTS {local}.extra{on_cluster} (a Int8) ENGINE = Memory;\n';
    write(`migrations/${extra}.sql`, `${good}SELECT not_a_column FROM {local}.extra;\n`);
    await expect(again()).rejects.toThrow(/stopped at statement 2 of 2.*--repair/s);
    write(`migrations/${extra}.sql`, good);
    await expect(again()).rejects.toThrow(/half applied: 1 statements done/);
    const { applied } = await migrate(clickhouse.as('owner'), { directory, repair: true });
    expect(applied).toMatchObject([{ name: extra, statements: 1 }]);
  });

  test('that was edited is an error', async () => {
    write(`migrations/${extra}.sql`, 'SELECT 1;\n');
    await expect(again()).rejects.toThrow(/edited after it had been applied.*put the change into a new migration/);
  });

  test('that is not in the files is an error', async () => {
    rmSync(join(directory, `migrations/${extra}.sql`));
    await expect(again()).rejects.toThrow(/does not know/);
  });
});

test('a database with the old migration numbering is an error', async () => {
  const owner = clickhouse.as('owner');
  await command('DROP DATABASE warehouse SYNC');
  const ledger = new Ledger(owner, SINGLE);
  await ledger.create();
  for (let version = 1; version <= 21; version += 1) {
    const name = version === 1 ? '0001_telemetry_raw' : String(version);
    await ledger.record({ version, name, checksum: 'old' }, 'finished', { statements: 1, durationMs: 1 });
  }
  await expect(again()).rejects.toThrow(
    /^The database has migrations of an unreleased version \(0001_telemetry_raw and later\), .*: drop its databases .*\.$/
  );
  expect(await rows(owner, `SELECT name FROM system.tables WHERE database = 'warehouse'`)).toHaveLength(1);
});
