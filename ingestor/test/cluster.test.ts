import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { startZooKeeper, type ZooKeeper } from '@floorwatch/servers/zookeeper';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backfill } from '../src/backfill/backfill.ts';
import { parseMonth } from '../src/backfill/month.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { statementsOf } from '../src/migrate/migration-files.ts';
import { readSchema } from '../src/migrate/pending.ts';
import { localDatabase, render, type Topology } from '../src/migrate/topology.ts';
import { viewStatements } from '../src/migrate/view-statements.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { startCluster, type ClusterNode, type TestCluster } from './cluster.ts';
import { fleetDay } from './fleet-day.ts';

const SHARDS_ONLY: Topology = { kind: 'cluster', cluster: 'floorwatch', keeper: false };
const WITH_KEEPER: Topology = { kind: 'cluster', cluster: 'floorwatch', keeper: true };

async function insert(client: ClickHouseClient, table: string, values: readonly object[], token = ''): Promise<void> {
  await client.insert({
    table,
    values,
    format: 'JSONEachRow',
    clickhouse_settings: { insert_deduplication_token: token, distributed_foreground_insert: 1, async_insert: 0 },
  });
}

describe('two shards answer as one server', () => {
  const day = fleetDay(Date.now(), 24);
  let single: TestServer;
  let cluster: TestCluster;
  let first: ClusterNode;
  let second: ClusterNode;

  beforeAll(async () => {
    [single, cluster] = await Promise.all([startTestServer(), startCluster([1, 2])]);
    [first, second] = cluster.nodes as [ClusterNode, ClusterNode];
    await migrate(single.as('owner'));
    for (const { owner } of cluster.nodes) await migrate(owner, { topology: SHARDS_ONLY });
    for (const [table, values] of Object.entries(day)) {
      await insert(single.as('owner'), `warehouse.${table}`, [...values, ...values.slice(0, 50)]);
      // Each half goes through another server, and some rows through both. All rows of a robot must be on its shard.
      await insert(first.owner, `warehouse.${table}`, values.slice(values.length / 2));
      await insert(second.owner, `warehouse.${table}`, values.slice(0, Math.max(50, values.length / 2)));
    }
    await rollUp(single.as('owner'), 'warehouse');
    for (const { owner } of cluster.nodes) await rollUp(owner, 'warehouse_local');
  });
  afterAll(async () => {
    await cluster.stop();
    await single.stop();
  });

  test('each robot is on one shard, and both shards have robots', async () => {
    const robots = (node: ClusterNode): Promise<{ robot_id: string }[]> =>
      rows(node.owner, 'SELECT DISTINCT robot_id FROM warehouse_local.telemetry_raw ORDER BY robot_id');
    const [here, there] = [await robots(first), await robots(second)];
    expect(here.length).toBeGreaterThan(0);
    expect(there.length).toBeGreaterThan(0);
    expect(here.length + there.length).toBe(24);
  });

  test('every view returns the same rows to the reader on both servers', async () => {
    const views = await rows<{ name: string }>(
      single.as('owner'),
      `SELECT name FROM system.tables WHERE database = 'warehouse' AND engine = 'View' ORDER BY name`
    );
    const answers: string[] = [];
    for (const { name } of views) {
      const expected = await answer(single.as('reader'), name);
      expect(await answer(first.reader, name), `${name} on the first server`).toEqual(expected);
      expect(await answer(second.reader, name), `${name} on the second server`).toEqual(expected);
      if (expected.length > 0) answers.push(name);
    }
    // Two empty answers would prove nothing.
    expect(answers).toEqual(
      expect.arrayContaining([
        'v_fleet_now',
        'v_floor_cells',
        'v_floor_cell_hours',
        'v_robot_minutes',
        'v_robot_hours',
        'v_task_runs',
        'v_task_times_by_zone',
        'v_telemetry_dropoff',
        'v_zone_occupancy',
        'v_dead_letters',
      ])
    );
  });

  test('the queries of the original design count every event once', async () => {
    const query = `SELECT count() AS events, uniq(robot_id) AS robots FROM warehouse.telemetry_raw AS r FINAL`;
    expect(await rows(first.owner, query)).toEqual([{ events: day.telemetry_raw.length, robots: 24 }]);
    const online = `SELECT uniqExact(robot_id) AS robots FROM warehouse.telemetry_raw WHERE ts > now() - INTERVAL 5 MINUTE`;
    expect(await rows(first.reader, online)).toEqual([{ robots: 12 }]);
  });

  test('an insert that is repeated under its token, also by the other server, is dropped', async () => {
    const values = fleetDay(Date.now() - 86_400_000, 6).telemetry_raw;
    const count = 'SELECT count() AS n FROM warehouse.telemetry_raw';
    const [before] = await rows<{ n: number }>(first.owner, count);
    for (const node of [first, first, second]) await insert(node.writer, 'warehouse.telemetry_raw', values, 'range-1');
    const [after] = await rows<{ n: number }>(first.owner, count);
    expect(Number(after?.n) - Number(before?.n)).toBe(values.length);
  });

  test('a backfill, which works on one server only, is an error that names the alternative', async () => {
    const month = parseMonth(new Date().toISOString().slice(0, 7), Date.now());
    const options = { month, sources: [], timeoutMs: 10_000, say: () => undefined };
    await expect(backfill(first.owner, options)).rejects.toThrow(/this is a cluster: use `ingestor replay --file`/);
  });
});

/**
 * The server of the no-Docker stack (`clickhouse local`) has no port from which replicas fetch parts, and no worker for ON CLUSTER.
 * So two servers have the same tables, but do not copy rows. These tests check the schema; replication itself is ClickHouse's part.
 */
describe('replicated tables and a real ZooKeeper', () => {
  const zooKeeperDir = mkdtempSync(join(tmpdir(), 'floorwatch-zookeeper-'));
  let zooKeeper: ZooKeeper;
  let cluster: TestCluster;

  beforeAll(async () => {
    zooKeeper = await startZooKeeper({ dataDir: zooKeeperDir });
    cluster = await startCluster([1, 1], zooKeeper.port);
  });
  afterAll(async () => {
    await cluster.stop();
    await zooKeeper.stop();
    rmSync(zooKeeperDir, { recursive: true, force: true });
  });

  test('every table that stores rows is one table with two replicas', async () => {
    const { migrations, views } = readSchema();
    const schema = [
      ...migrations.flatMap((migration) => statementsOf(migration, WITH_KEEPER)),
      // As on a server with these views: create missing ones, and change the others.
      ...views.flatMap((view) => viewStatements(view, WITH_KEEPER, false)),
    ]
      .map((statement) => render(statement, WITH_KEEPER))
      .filter((statement) => !/^INSERT/m.test(statement));
    for (const { owner } of cluster.nodes) {
      for (const database of ['warehouse', localDatabase(WITH_KEEPER)]) {
        await owner.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
      }
      for (const statement of schema) {
        // The statements that ON CLUSTER would send to this server.
        await owner.command({ query: statement.replaceAll(" ON CLUSTER 'floorwatch'", '') });
      }
    }
    for (const { owner } of cluster.nodes) {
      const tables = await rows<{ name: string }>(
        owner,
        `SELECT name FROM system.tables WHERE database = 'warehouse_local' AND engine LIKE '%MergeTree' ORDER BY name`
      );
      expect(tables.length).toBeGreaterThan(5);
      const replicas = `SELECT table AS name FROM system.replicas WHERE total_replicas = 2 ORDER BY name`;
      expect(await rows(owner, replicas)).toEqual(tables);
    }
  });

  test('known limit: this ClickHouse does not run ON CLUSTER statements', async () => {
    const [node] = cluster.nodes as [ClusterNode];
    await expect(migrate(node.owner, { topology: WITH_KEEPER })).rejects.toThrow(/DDL queries are disabled/);
  });
});

async function rollUp(owner: ClickHouseClient, database: string): Promise<void> {
  // Floor cells that were never computed are computed two hours at a time, the oldest first.
  const cells = [...Array<string>(12).fill('floor_cells_mv'), 'floor_cells_hour_mv'];
  for (const view of ['telemetry_minute_mv', 'telemetry_hour_mv', ...cells]) {
    await owner.command({ query: `SYSTEM REFRESH VIEW ${database}.${view}` });
    await owner.command({ query: `SYSTEM WAIT VIEW ${database}.${view}` });
  }
}

/** Columns that depend on the current time, or (v_pipeline) count rows that are not merged yet. */
const OF_THE_MOMENT =
  /dead_letters_5m|age_seconds|state_seconds|silent_seconds|allowed_seconds|seconds_since|rows_per_second|computed_at|updated_at/;

/** Sorts the rows and rounds numbers to six digits, because the last bits of a sum depend on the order. */
async function answer(client: ClickHouseClient, view: string): Promise<string[]> {
  const found = await rows<Record<string, unknown>>(client, `SELECT * FROM warehouse.${view}`);
  return found
    .map((row) => {
      const columns = Object.entries(row).filter(([name]) => !OF_THE_MOMENT.test(name));
      return JSON.stringify(columns, (_, cell: unknown) =>
        typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell
      );
    })
    .sort();
}
