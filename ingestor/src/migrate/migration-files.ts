import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError } from '../errors/errors.ts';
import { distributedStatements } from './distributed.ts';
import type { Topology } from './topology.ts';

/** Contains `migrations/` and `views/`. */
export const SQL_DIR = join(import.meta.dirname, '../../../sql');

export interface MigrationFile {
  version: number;
  /** The file's name without `.sql`. */
  name: string;
  /** SHA-256 of the file's text. */
  checksum: string;
  text: string;
}

/**
 * All `migrations/NNNN_name.sql` of a folder in order.
 * @throws MigrationError when a name is invalid, or a number is missing or used twice
 */
export function readMigrations(directory = SQL_DIR): MigrationFile[] {
  return readSqlFiles(join(directory, 'migrations')).map(({ file, text }, index) => {
    const version = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1]);
    if (version !== index + 1) {
      const expected = String(index + 1).padStart(4, '0');
      throw new MigrationError(`${file}: expected a migration ${expected}_name.sql here.`, 'Number them without gaps.');
    }
    return { version, name: file.slice(0, -4), checksum: sha256(text), text };
  });
}

/** The `.sql` files of a folder by name, with `\n` line ends, so that a checkout on Windows has the same checksums. */
export function readSqlFiles(directory: string): { file: string; text: string }[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n') }));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The statements of a migration. On a cluster, each is followed by the statements for the tables of all shards.
 */
export function statementsOf(migration: MigrationFile, topology: Topology): string[] {
  return splitStatements(migration.text).flatMap((statement) => [
    statement,
    ...distributedStatements(statement, topology),
  ]);
}

/** Each statement ends with `;` at the end of a line. A `;` at the end of a comment line does not end a statement. */
export function splitStatements(text: string): string[] {
  return text
    .split(/(?<=^(?![ \t]*--).*);[ \t]*(?:\n|$)/m)
    .map((statement) => statement.trim())
    .filter((statement) => withoutComments(statement) !== '');
}

/** Removes lines that are only a comment. */
export function withoutComments(statement: string): string {
  return statement.replace(/^[ \t]*--.*\n?/gm, '').trim();
}
