import { join } from 'node:path';
import { MigrationError } from './migration-error.ts';
import {
  readSqlFiles,
  sha256,
  splitStatements,
  SQL_DIR,
  withoutComments,
  type MigrationFile,
} from './migration-files.ts';

/** A view or materialised view: a repeatable migration, applied again when its checksum changes. */
export interface ViewDefinition {
  /** `warehouse.v_zones`, `{local}.task_runs_mv`. */
  name: string;
  /** `views/tasks.sql`. */
  file: string;
  checksum: string;
  /** The statement that creates it where it is missing. It also replaces a view that is not materialised. */
  create: string;
  materialized?: {
    target: string;
    /** Without the word REFRESH; empty when inserts feed the view. */
    refresh: string;
    query: string;
  };
}

const RIGHTS = 'DEFINER = floorwatch_owner SQL SECURITY DEFINER\\nAS\\n([^]+)$';
const PLAIN = new RegExp(`^CREATE OR REPLACE VIEW (warehouse\\.\\w+)\\{on_cluster\\}\\n${RIGHTS}`);
const MATERIALIZED = new RegExp(
  `^CREATE MATERIALIZED VIEW IF NOT EXISTS (\\{local\\}\\.\\w+)\\{on_cluster\\}\\s(?:REFRESH ([^\\n]+?)\\s)?TO (\\S+)\\n${RIGHTS}`
);
const TABLE = /(?:CREATE TABLE IF NOT EXISTS|ALTER TABLE) \{local\}\.(\w+)\{on_cluster\}/g;
const USED = /\b(?:warehouse|\{local\})\.(\w+)/g;

/**
 * All views of `views/*.sql` in the order in which they are applied: by file, and in a file from top to bottom.
 *
 * The checksum leaves out comments. That of a plain view covers what it reads, because ClickHouse fixes the columns of
 * `SELECT *` when the view is created: a new column of a table appears in it only when the view is created again.
 * @throws MigrationError when a statement is no view, or a view is defined twice or used before it is defined
 */
export function readViews(migrations: readonly MigrationFile[], directory = SQL_DIR): ViewDefinition[] {
  const statements = readSqlFiles(join(directory, 'views')).flatMap(({ file, text }) =>
    splitStatements(text).map((statement) => parseView(`views/${file}`, withoutComments(statement)))
  );
  const checksums = tableChecksums(migrations);
  const undefinedYet = new Set(statements.map(({ name }) => unqualified(name)));
  return statements.map((view) => {
    const own = unqualified(view.name);
    if (!undefinedYet.has(own)) {
      throw new MigrationError(`${view.file}: ${own} is defined a second time.`, 'Each view has one definition.');
    }
    const used = [...new Set([...view.create.matchAll(USED)].flatMap(([, name]) => name ?? []))].filter(
      (name) => name !== own
    );
    const later = used.find((name) => undefinedYet.has(name));
    if (later !== undefined) {
      throw new MigrationError(
        `${view.file}: ${own} uses ${later}, which is defined later.`,
        'Files are applied by name and views from top to bottom: move one of the two.'
      );
    }
    undefinedYet.delete(own);
    const read = view.materialized ? [] : used.flatMap((name) => checksums.get(name) ?? []);
    const checksum = sha256([view.create, ...read].join('\n'));
    checksums.set(own, checksum);
    return { ...view, checksum };
  });
}

function parseView(file: string, statement: string): Omit<ViewDefinition, 'checksum'> {
  const name = PLAIN.exec(statement)?.[1];
  if (name !== undefined) return { name, file, create: statement };
  const [, view, refresh = '', target, query] = MATERIALIZED.exec(statement) ?? [];
  if (view !== undefined && target !== undefined && query !== undefined) {
    return { name: view, file, create: statement, materialized: { target, refresh, query } };
  }
  const begin = statement.slice(0, 80).replaceAll('\n', ' ');
  throw new MigrationError(
    `${file}: \`${begin} …\` does not create a view.`,
    'Write it like the other views; tables belong into migrations/.'
  );
}

/** For each table, one checksum of all migrations that create or alter it. */
function tableChecksums(migrations: readonly MigrationFile[]): Map<string, string> {
  const checksums = new Map<string, string>();
  for (const { text, checksum } of migrations) {
    for (const name of new Set([...text.matchAll(TABLE)].flatMap(([, table]) => table ?? []))) {
      checksums.set(name, sha256(`${checksums.get(name) ?? ''}${checksum}`));
    }
  }
  return checksums;
}

function unqualified(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}
