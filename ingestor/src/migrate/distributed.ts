import type { Topology } from './topology.ts';

const CREATE_TABLE = /^CREATE TABLE IF NOT EXISTS \{local\}\.(\w+)\{on_cluster\}[^]*^ENGINE = \{replicated\}/m;
const ALTER_COLUMNS = /^ALTER TABLE \{local\}\.(\w+)\{on_cluster\}\s+(?:ADD|DROP|MODIFY|RENAME) COLUMN/m;
/** Tables that store no rows (ENGINE = Null). Each shard has its own, and there is no table of all shards. */
const STAGES: ReadonlySet<string> = new Set([
  'telemetry_messages',
  'telemetry_parsed',
  'telemetry_event_bytes',
  'telemetry_validated',
]);
const COMMENTS = /COMMENT '(?:[^']|'')*'|--.*$/gm;
const SORT_KEY = /^ORDER BY (?:\(([^)]*)\)|(\w+))$/m;

/**
 * The statements for the table of all shards that follow a statement for the table of one shard. The table of all shards has the
 * same name in `warehouse`, and readers and writers use it. On one server they are the same table, so there are none.
 *
 * Invariant: rows that replace each other are on the same shard. A table with robots is sharded by robot, so that a robot's
 * events, roll-ups and latest state are on one shard. Any other table is sharded by its whole sort key.
 */
export function distributedStatements(statement: string, topology: Topology): string[] {
  if (topology.kind === 'single') return [];
  const created = CREATE_TABLE.exec(statement)?.[1];
  if (created !== undefined) {
    const engine = `Distributed('${topology.cluster}', {local}, ${created}, cityHash64(${shardKey(statement)}))`;
    return [`CREATE TABLE IF NOT EXISTS warehouse.${created}{on_cluster} AS {local}.${created} ENGINE = ${engine}`];
  }
  const altered = ALTER_COLUMNS.exec(statement)?.[1];
  if (altered === undefined || STAGES.has(altered)) return [];
  return [statement.replace('{local}', 'warehouse')];
}

function shardKey(statement: string): string {
  if (/\brobot_id\b/.test(statement.replace(COMMENTS, ''))) return 'robot_id';
  const key = SORT_KEY.exec(statement);
  return key?.[1] ?? key?.[2] ?? 'tuple()';
}
