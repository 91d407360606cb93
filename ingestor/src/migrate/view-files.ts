import { join } from 'node:path';
import { MigrationError } from '../errors/errors.ts';
import { fillFieldLists } from './field-lists.ts';
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
  /** The statement that creates the view if it is missing. It also replaces a view that is not materialised. */
  create: string;
  materialized?: {
    target: string;
    /** Without the word REFRESH; empty when inserts feed the view. */
    refresh: string;
    query: string;
  };
}

type ParsedView = Omit<ViewDefinition, 'checksum'>;

const RIGHTS = 'DEFINER = floorwatch_(?:definer|locator) SQL SECURITY DEFINER\\nAS\\n([^]+)$';
const PLAIN = new RegExp(`^CREATE OR REPLACE VIEW ((?:warehouse|\\{local\\})\\.\\w+)\\{on_cluster\\}\\n${RIGHTS}`);
const MATERIALIZED = new RegExp(
  `^CREATE MATERIALIZED VIEW IF NOT EXISTS (\\{local\\}\\.\\w+)\\{on_cluster\\}\\s(?:REFRESH ([^\\n]+?)\\s)?TO (\\S+)\\n${RIGHTS}`
);
const TABLE = /(?:CREATE TABLE IF NOT EXISTS|ALTER TABLE) \{local\}\.(\w+)\{on_cluster\}/g;
const EVENTS = /\{local\}\.telemetry_raw\b/g;
const NAME = /(?:\bwarehouse|\{local\})\.(\w+)/g;

/**
 * All views of `views/*.sql` in the order in which they are applied: by file, and in a file from top to bottom, but each
 * after the views that it reads.
 *
 * The checksum ignores comments and includes the lists of the contract's fields, so it changes with them. The checksum of a plain
 * view also includes what the view reads, because ClickHouse resolves `SELECT *` when the view is created: a new column of a
 * table appears in the view only after the view is created again.
 * @throws MigrationError when a statement does not create a view, a view is defined twice, or views read each other in a cycle
 */
export function readViews(migrations: readonly MigrationFile[], directory = SQL_DIR): ViewDefinition[] {
  const parsed = readSqlFiles(join(directory, 'views')).flatMap(({ file, text }) =>
    splitStatements(fillFieldLists(text)).map((statement) => parseView(`views/${file}`, withoutComments(statement)))
  );
  const names = new Set(parsed.map(({ name }) => name));
  const views = new Map<string, ParsedView>();
  for (const view of parsed) {
    const other = views.get(unqualified(view.name));
    if (other) {
      throw new MigrationError(
        `${view.file}: ${view.name} is defined in ${other.file} as well.`,
        'Keep one of the two definitions.'
      );
    }
    views.set(unqualified(view.name), view);
    const copy = copyForStored(view);
    if (copy && !names.has(copy.name)) views.set(unqualified(copy.name), copy);
  }
  const checksums = tableChecksums(migrations);
  return inOrder(views).map((view) => {
    const read = view.materialized ? [] : namesIn(view).flatMap((name) => checksums.get(name) ?? []);
    const checksum = sha256([view.create, ...read].join('\n'));
    checksums.set(unqualified(view.name), checksum);
    return { ...view, checksum };
  });
}

/**
 * A view that each insert into `telemetry_raw` feeds has a copy that reads `telemetry_stored`, and both write to the same table. A file
 * may define another view of that name instead.
 */
function copyForStored(view: ParsedView): ParsedView | null {
  const { name, create, materialized } = view;
  if (materialized?.refresh !== '' || materialized.query.search(EVENTS) < 0) return null;
  const copyName = name.replace(/_mv$/, '_stored_mv');
  const query = materialized.query.replaceAll(EVENTS, '{local}.telemetry_stored');
  const head = create.slice(0, create.length - materialized.query.length).replace(name, copyName);
  return { ...view, name: copyName, create: head + query, materialized: { ...materialized, query } };
}

function inOrder(views: ReadonlyMap<string, ParsedView>): ParsedView[] {
  const ordered = new Set<ParsedView>();
  const visit = (view: ParsedView, readers: readonly ParsedView[]): void => {
    if (ordered.has(view)) return;
    if (readers.includes(view)) {
      throw new MigrationError(`${view.file}: ${view.name} reads itself through other views.`, 'Break the cycle.');
    }
    for (const name of namesIn(view)) {
      const read = views.get(name);
      if (read && read !== view) visit(read, [...readers, view]);
    }
    ordered.add(view);
  };
  for (const view of views.values()) visit(view, []);
  return [...ordered];
}

/** Names of the tables and views in a statement, its own included. */
function namesIn({ create }: ParsedView): string[] {
  return [...new Set([...create.matchAll(NAME)].flatMap(([, name]) => name ?? []))];
}

function parseView(file: string, statement: string): ParsedView {
  const name = PLAIN.exec(statement)?.[1];
  if (name !== undefined) return { name, file, create: statement };
  const [, view, refresh = '', target, query] = MATERIALIZED.exec(statement) ?? [];
  if (view !== undefined && target !== undefined && query !== undefined) {
    return { name: view, file, create: statement, materialized: { target, refresh, query } };
  }
  const begin = statement.slice(0, 80).replaceAll('\n', ' ');
  throw new MigrationError(
    `${file}: \`${begin} …\` does not create a view.`,
    'Write it like the other views; tables belong in migrations/.'
  );
}

/** Per table, one checksum of all migrations that create or alter it. */
function tableChecksums(migrations: readonly MigrationFile[]): Map<string, string> {
  const checksums = new Map<string, string>();
  for (const { text, checksum } of migrations) {
    for (const name of new Set([...text.matchAll(TABLE)].flatMap(([, table]) => table ?? []))) {
      checksums.set(name, sha256(`${checksums.get(name) ?? ''}${checksum}`));
    }
  }
  return checksums;
}

/** The name without its database. */
export function unqualified(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}
