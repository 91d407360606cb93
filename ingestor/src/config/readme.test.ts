import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configTable } from './table.ts';

test('the README contains the table that `ingestor config` prints', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const tableOf = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.replace(/\s*\|\s*/g, '|').replace(/-{3,}/g, '---'));
  const [, configuration = ''] = readme.split('\n## Configuration\n');
  expect(tableOf(configuration)).toEqual(tableOf(configTable()));
});
