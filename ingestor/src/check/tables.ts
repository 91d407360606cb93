import { RAW_RETENTION_MS } from '@floorwatch/contract';
import { failed, ok, warning, type Finding } from './finding.ts';

/** A row of `system.tables`. */
export interface TableFacts {
  database: string;
  name: string;
  engine: string;
  engine_full: string;
  create_table_query: string;
}

const DAY_MS = 86_400_000;
const SWITCH = 'Run `ingestor migrate` as floorwatch_owner, with this INGEST_PATH.';

export function tableFindings(tables: readonly TableFacts[], ingestPath: string): Finding[] {
  if (tables.length === 0) return [];
  return [...windowFindings(tables), ...retentionFindings(tables), ...enginePathFindings(tables, ingestPath)];
}

/** Tables that must recognise a repeated insert: those that the ingestor writes to, and the targets of their views. */
function windowFindings(tables: readonly TableFacts[]): Finding[] {
  const check = 'deduplication';
  const behindViews = tables
    .filter(({ engine, create_table_query: query }) => engine === 'MaterializedView' && !query.includes(' REFRESH '))
    .flatMap(({ create_table_query: query }) => / TO \w+\.(\w+)/.exec(query)?.[1] ?? []);
  const names = new Set(['telemetry_raw', 'dead_letters', ...behindViews]);
  const written = tables.filter(({ name, engine }) => names.has(name) && engine.endsWith('MergeTree'));
  const blind = written.filter((table) => !remembersBlocks(table));
  if (blind.length === 0) return [ok(check, `${written.length} tables have a deduplication window`)];
  return blind.map(({ database, name, engine }) =>
    failed(
      check,
      `${name} has no deduplication window: a repeated insert would be stored twice`,
      `ALTER TABLE ${database}.${name} MODIFY SETTING ${windowSetting(engine)} = 10000`
    )
  );
}

function remembersBlocks({ engine, engine_full: full }: TableFacts): boolean {
  const set = new RegExp(`\\b${windowSetting(engine)} = (\\d+)`).exec(full)?.[1];
  // By default, only replicated tables have a deduplication window.
  return set === undefined ? engine.startsWith('Replicated') : Number(set) > 0;
}

function windowSetting(engine: string): string {
  return engine.startsWith('Replicated') ? 'replicated_deduplication_window' : 'non_replicated_deduplication_window';
}

function retentionFindings(tables: readonly TableFacts[]): Finding[] {
  const check = 'retention';
  const raw = tables.find(({ name, engine }) => name === 'telemetry_raw' && engine.endsWith('MergeTree'));
  if (!raw) return [];
  const days = Number(/TTL toDateTime\(ts\) \+ toIntervalDay\((\d+)\)/.exec(raw.engine_full)?.[1] ?? Infinity);
  const accepted = RAW_RETENTION_MS / DAY_MS;
  if (days >= accepted) return [ok(check, `events are kept for ${Number.isFinite(days) ? `${days} days` : 'ever'}`)];
  return [
    warning(
      check,
      `events are deleted after ${days} days, but accepted up to an age of ${accepted}`,
      `ALTER TABLE ${raw.database}.telemetry_raw MODIFY TTL toDateTime(ts) + INTERVAL ${accepted} DAY`
    ),
  ];
}

function enginePathFindings(tables: readonly TableFacts[], ingestPath: string): Finding[] {
  const check = 'engine path';
  const isOn = tables.some(({ name }) => name === 'telemetry_from_kafka');
  const isWanted = ingestPath !== 'ingestor';
  if (isOn === isWanted) return [ok(check, `${isOn ? 'on' : 'off'}, as INGEST_PATH=${ingestPath} says`)];
  if (isWanted)
    return [failed(check, `off, although INGEST_PATH=${ingestPath}: ClickHouse does not read Kafka`, SWITCH)];
  return [warning(check, 'on, although INGEST_PATH=ingestor: both paths write', SWITCH)];
}
