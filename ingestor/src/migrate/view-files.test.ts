import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMigrations } from './migration-files.ts';
import { readSchema } from './pending.ts';
import { SINGLE } from './topology.ts';
import { readViews } from './view-files.ts';
import { viewStatements } from './view-statements.ts';

const DEFINER = 'DEFINER = floorwatch_definer SQL SECURITY DEFINER\nAS\n';
const plain = (name: string, query: string): string =>
  `CREATE OR REPLACE VIEW warehouse.${name}{on_cluster}\n${DEFINER}${query};\n`;
const materialized = (name: string, target: string, query: string): string =>
  `CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.${name}{on_cluster}${target}\n${DEFINER}${query};\n`;
const table = 'CREATE TABLE IF NOT EXISTS {local}.a{on_cluster} (n Int8) ENGINE = Memory;\n';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'floorwatch-views-'));
  mkdirSync(join(directory, 'migrations'));
  mkdirSync(join(directory, 'views'));
  write('migrations/0001_a.sql', table);
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});
const write = (file: string, text: string): void => {
  writeFileSync(join(directory, file), text);
};
const views = (): ReturnType<typeof readViews> => readViews(readMigrations(directory), directory);
const checksums = (): (string | undefined)[] => views().map(({ checksum }) => checksum);

test('views are ordered by file, and in a file from top to bottom', () => {
  write('views/b.sql', plain('v_3', 'SELECT 3'));
  write('views/a.sql', plain('v_2', 'SELECT 2') + plain('v_1', 'SELECT 1'));
  expect(views().map(({ name, file }) => [name, file])).toEqual([
    ['warehouse.v_2', 'views/a.sql'],
    ['warehouse.v_1', 'views/a.sql'],
    ['warehouse.v_3', 'views/b.sql'],
  ]);
});

test('a view comes after the views that it reads, wherever they are', () => {
  write('views/a.sql', plain('v_1', 'SELECT * FROM warehouse.v_3') + plain('v_2', 'SELECT 2'));
  write('views/b.sql', plain('v_3', 'SELECT * FROM warehouse.v_4') + plain('v_4', 'SELECT 4'));
  expect(views().map(({ name }) => name)).toEqual(['v_4', 'v_3', 'v_1', 'v_2'].map((name) => `warehouse.${name}`));
});

test('views that read each other, and a view that is defined twice, are errors', () => {
  write('views/a.sql', plain('v_1', 'SELECT * FROM warehouse.v_2') + plain('v_2', 'SELECT * FROM warehouse.v_1'));
  expect(views).toThrow(/views\/a\.sql: warehouse\.v_1 reads itself through other views/);
  write('views/a.sql', plain('v_1', 'SELECT 1'));
  write('views/b.sql', plain('v_1', 'SELECT 2'));
  expect(views).toThrow(/views\/b\.sql: warehouse\.v_1 is defined in views\/a\.sql as well/);
});

test.each([
  ['a table', table],
  ['a view with the rights of its reader', 'CREATE OR REPLACE VIEW warehouse.v_1{on_cluster} AS SELECT 1;\n'],
  ['a materialised view with a table of its own', materialized('a_mv', ' ENGINE = Memory', 'SELECT 1')],
])('%s is no view file', (_, text) => {
  write('views/a.sql', text);
  expect(views).toThrow(/views\/a\.sql: `CREATE .*` does not create a view/);
});

test('a changed comment does not change the checksum, a changed query does', () => {
  write('views/a.sql', plain('v_1', 'SELECT 1'));
  const [before] = checksums();
  write('views/a.sql', `-- why;\n${plain('v_1', '  -- what\nSELECT 1')}-- the end\n`);
  expect(checksums()).toEqual([before]);
  write('views/a.sql', plain('v_1', 'SELECT 2'));
  expect(checksums()).not.toEqual([before]);
});

test('the checksum of a plain view includes what it reads, that of a materialised view does not', () => {
  write(
    'views/a.sql',
    materialized('a_mv', ' TO {local}.b', 'SELECT n FROM {local}.a') +
      plain('v_1', 'SELECT * FROM warehouse.a') +
      plain('v_2', 'SELECT * FROM warehouse.v_1') +
      plain('v_3', 'SELECT 3')
  );
  const before = checksums();
  write('migrations/0002_b.sql', 'ALTER TABLE {local}.a{on_cluster} ADD COLUMN IF NOT EXISTS m Int8;\n');
  const after = checksums();
  expect(after.map((checksum, i) => checksum === before[i])).toEqual([true, false, false, true]);
});

test('a materialised view that exists is changed and never dropped', () => {
  write(
    'views/a.sql',
    materialized('a_mv', ' TO {local}.b', 'SELECT 1') +
      materialized('b_mv', '\nREFRESH EVERY 1 MINUTE APPEND TO {local}.b', 'SELECT 2')
  );
  const [onInsert, refreshed] = views().map((view) => viewStatements(view, SINGLE, false).slice(1));
  expect(onInsert).toEqual(['ALTER TABLE warehouse.a_mv MODIFY QUERY\nSELECT 1']);
  expect(refreshed).toEqual([
    'ALTER TABLE warehouse.b_mv MODIFY REFRESH EVERY 1 MINUTE APPEND',
    'ALTER TABLE warehouse.b_mv MODIFY QUERY\nSELECT 2',
  ]);
});

test('migrations contain no views', () => {
  for (const { name, text } of readSchema().migrations) expect(text, name).not.toMatch(/\bVIEW\b/);
});
