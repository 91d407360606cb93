import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMigrations, statementsOf } from './migration-files.ts';
import { render, SINGLE } from './topology.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'floorwatch-files-'));
  mkdirSync(join(directory, 'migrations'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});
const write = (file: string, text: string): void => {
  writeFileSync(join(directory, 'migrations', file), text);
};

test('a gap in the numbers is an error that shows the expected name', () => {
  write('0001_first.sql', 'SELECT 1;\n');
  write('0003_third.sql', 'SELECT 3;\n');
  expect(() => readMigrations(directory)).toThrow(/0003_third\.sql: expected a migration 0002_name\.sql/);
});

test('line ends of Windows do not change the checksum', () => {
  write('0001_first.sql', 'SELECT 1;\nSELECT 2;\n');
  const [unix] = readMigrations(directory);
  write('0001_first.sql', 'SELECT 1;\r\nSELECT 2;\r\n');
  expect(readMigrations(directory)).toEqual([unix]);
});

test('a statement ends with a semicolon at the end of a line, and comments are removed', () => {
  write('0001_first.sql', `-- why;\n-- and how\nSELECT 'a;b';\n\n-- the end;\n`);
  const statements = readMigrations(directory).flatMap((migration) => statementsOf(migration, SINGLE));
  expect(statements).toEqual([`-- why;\n-- and how\nSELECT 'a;b'`]);
});

test('the same file works on one server and on a cluster', () => {
  const sql = 'CREATE TABLE {local}.t{on_cluster} (a Int8) ENGINE = {replicated}MergeTree';
  expect(render(sql, SINGLE)).toBe('CREATE TABLE warehouse.t (a Int8) ENGINE = MergeTree');
});
