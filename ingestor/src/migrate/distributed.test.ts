import { describe, expect, test } from 'vitest';
import { distributedStatements } from './distributed.ts';
import { statementsOf } from './migration-files.ts';
import { readSchema } from './pending.ts';
import { render, SINGLE, type Topology } from './topology.ts';
import { viewStatements } from './view-statements.ts';

const WITH_KEEPER: Topology = { kind: 'cluster', cluster: 'floorwatch', keeper: true };
const table = (body: string): string =>
  `-- why\nCREATE TABLE IF NOT EXISTS {local}.t{on_cluster}\n(\n${body}\nENGINE = {replicated}ReplacingMergeTree`;

describe('distributedStatements', () => {
  test('shards tables with robots by robot', () => {
    expect(distributedStatements(`${table('    robot_id String\n)')}\nORDER BY ts`, WITH_KEEPER)).toEqual([
      "CREATE TABLE IF NOT EXISTS warehouse.t{on_cluster} AS {local}.t ENGINE = Distributed('floorwatch', {local}, t, cityHash64(robot_id))",
    ]);
  });

  test.each([
    ['ORDER BY (map_id, zone_id)', 'cityHash64(map_id, zone_id)'],
    ['ORDER BY map_id', 'cityHash64(map_id)'],
  ])('shards by %s otherwise', (orderBy, key) => {
    expect(distributedStatements(`${table('    map_id String\n)')}\n${orderBy}`, WITH_KEEPER)[0]).toContain(key);
  });

  test('does not shard a table by robot because a comment mentions one', () => {
    const body = "    field String COMMENT 'robot_id, or the robot''s key'\n)";
    const [created] = distributedStatements(`-- robot_id\n${table(body)}\nORDER BY field`, WITH_KEEPER);
    expect(created).toContain('cityHash64(field)');
  });

  test('changes columns, but not the TTL, in the table of all shards', () => {
    const alter = 'ALTER TABLE {local}.t{on_cluster} ADD COLUMN IF NOT EXISTS a Int8';
    expect(distributedStatements(alter, WITH_KEEPER)).toEqual([alter.replace('{local}', 'warehouse')]);
    expect(distributedStatements('ALTER TABLE {local}.t{on_cluster} MODIFY TTL b + 1', WITH_KEEPER)).toEqual([]);
  });

  test('has no statements on one server', () => {
    expect(distributedStatements(`${table('a Int8\n)')}\nORDER BY a`, SINGLE)).toEqual([]);
  });
});

describe('the schema on a cluster', () => {
  const { migrations, views } = readSchema();
  const statements = [
    ...migrations.flatMap((migration) => statementsOf(migration, WITH_KEEPER)),
    ...views.flatMap((view) => viewStatements(view, WITH_KEEPER, false)),
  ].map((statement) => render(statement, WITH_KEEPER));

  test('has statements that run on every server', () => {
    const changes = statements.filter((statement) => /^(?:CREATE|ALTER|DROP)\b/m.test(statement));
    expect(changes.filter((statement) => !statement.includes(" ON CLUSTER 'floorwatch'"))).toEqual([]);
  });

  test('replicates every table that stores rows, and has a table of all shards for each', () => {
    expect(statements.filter((statement) => /^ENGINE = \w*MergeTree/m.test(statement))).not.toEqual([]);
    expect(statements.filter((statement) => /^ENGINE = (?!Replicated)\w*MergeTree/m.test(statement))).toEqual([]);
    const names = (pattern: RegExp): string[] =>
      statements.flatMap((statement) => pattern.exec(statement)?.[1] ?? []).sort();
    expect(names(/^CREATE TABLE IF NOT EXISTS warehouse\.(\w+)/)).toEqual(
      [
        ...names(/^CREATE TABLE IF NOT EXISTS warehouse_local\.(\w+)[^]*^ENGINE = Replicated/m),
        // The ingestor inserts into it, and it inserts into the other.
        ...['stored_ranges', 'telemetry_stored'],
      ].sort()
    );
  });

  test('has no table of all shards for the stages of path A, which store no rows', () => {
    const stages = migrations
      .flatMap(({ text }) => [...text.matchAll(/CREATE TABLE IF NOT EXISTS \{local\}\.(\w+)[^;]*ENGINE = Null/g)])
      .map(([, name]) => name)
      .filter((name) => name !== 'telemetry_stored' && name !== 'stored_ranges');
    expect(stages.length).toBeGreaterThan(0);
    const alter = (name: string): string => `ALTER TABLE {local}.${name}{on_cluster} ADD COLUMN IF NOT EXISTS a Int8`;
    for (const name of stages) expect(distributedStatements(alter(name ?? ''), WITH_KEEPER), name).toEqual([]);
    expect(distributedStatements(alter('telemetry_raw'), WITH_KEEPER)).toHaveLength(1);
  });
});
