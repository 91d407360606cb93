import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { distributedStatements } from './distributed.ts';
import { MigrationError } from './migration-error.ts';
import type { Topology } from './topology.ts';

export const MIGRATIONS_DIR = join(import.meta.dirname, '../../../sql/migrations');

export interface MigrationFile {
  version: number;
  /** The file's name without `.sql`. */
  name: string;
  /** SHA-256 of the file's text with `\n` line ends, so that a checkout on Windows is the same migration. */
  checksum: string;
  text: string;
}

/**
 * All `NNNN_name.sql` of a folder in order.
 * @throws MigrationError when a name does not fit, or a number is missing or given twice
 */
export function readMigrations(directory = MIGRATIONS_DIR): MigrationFile[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const version = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1]);
    if (version !== index + 1) {
      const expected = String(index + 1).padStart(4, '0');
      throw new MigrationError(`${file}: expected a migration ${expected}_name.sql here.`, 'Number them without gaps.');
    }
    const text = readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n');
    return { version, name: file.slice(0, -4), checksum: createHash('sha256').update(text).digest('hex'), text };
  });
}

/**
 * The statements of a migration: each ends with `;` at the end of a line. On a cluster, each is followed by what it means
 * for the tables of all shards.
 */
export function statementsOf(migration: MigrationFile, topology: Topology): string[] {
  return migration.text
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, '').trim() !== '')
    .flatMap((statement) => [statement, ...distributedStatements(statement, topology)]);
}
