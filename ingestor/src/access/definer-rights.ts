import { readSchema } from '../migrate/pending.ts';
import { unqualified, type ViewDefinition } from '../migrate/view-files.ts';
import { ROBOT_SITES } from './sites.ts';

/** Databases of the tables: `warehouse`, and on a cluster also that of each shard's own tables. */
export const DATABASES = ['warehouse', 'warehouse_local'] as const;

/** What telemetry_from_kafka reads and writes, which `ingestor migrate` creates and drops (engine-path.ts). */
const ENGINE_PATH = { reads: 'telemetry_queue', writes: 'telemetry_messages' };

/** Views run as one of these users. */
export type Definer = 'floorwatch_definer' | 'floorwatch_locator';

const TABLE = /(?:\bwarehouse|\{local\})\.(\w+)/g;
const SYSTEM_TABLE = /\bsystem\.(\w+)/g;
/** A text may name a table that the view does not read. */
const COMMENT = /\nCOMMENT '(?:[^'\\]|\\.)*'$/;

/**
 * The rights that the views need, from their text: SELECT on what they read, INSERT on what they write to. On a cluster a
 * server also reads and writes its own part of a table, so each right is given in both databases.
 */
export function definerRights(definer: Definer, views: readonly ViewDefinition[] = readSchema().views): string[] {
  const isMain = definer === 'floorwatch_definer';
  const reads = new Set(isMain ? [ENGINE_PATH.reads, ...Object.values(ROBOT_SITES)] : []);
  const writes = new Set(isMain ? [ENGINE_PATH.writes] : []);
  const systemReads = new Set<string>();
  for (const { name, create, materialized } of views.filter((view) => view.create.includes(`DEFINER = ${definer} `))) {
    const text = create.replace(COMMENT, '');
    const target = materialized?.target;
    if (target !== undefined) writes.add(unqualified(target));
    const own = [unqualified(name), ...(target === undefined ? [] : [unqualified(target)])];
    const body = materialized?.query ?? text;
    for (const [, table = ''] of body.matchAll(TABLE)) {
      if (materialized !== undefined || !own.includes(table)) reads.add(table);
    }
    for (const [, table = ''] of text.matchAll(SYSTEM_TABLE)) systemReads.add(table);
  }
  const inBoth = (right: string, tables: ReadonlySet<string>): string[] =>
    [...tables].sort().flatMap((table) => DATABASES.map((database) => `${right} ON ${database}.${table}`));
  return [
    ...inBoth('SELECT', reads),
    ...inBoth('INSERT', writes),
    ...[...systemReads].sort().map((table) => `SELECT ON system.${table}`),
    // system tables list only what their reader may see
    ...(systemReads.size === 0 ? [] : DATABASES.map((database) => `SHOW TABLES ON ${database}.*`)),
  ];
}
