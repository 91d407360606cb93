import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { SQL_DIR } from '../src/migrate/migration-files.ts';
import { rows } from './clickhouse.ts';

/** The operator instructions of sql/README.md, on a server with the optional storage policy. */
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-operations-'));
let server: ClickHouse;
let owner: ClickHouseClient;

beforeAll(async () => {
  const configDir = join(dir, 'config');
  mkdirSync(join(configDir, 'config.d'), { recursive: true });
  mkdirSync(join(dir, 'cold'));
  for (const file of ['config.xml', 'users.xml', 'users.d'])
    cpSync(join(SQL_DIR, 'server', file), join(configDir, file), { recursive: true });
  cpSync(join(SQL_DIR, 'server/storage.example.xml'), join(configDir, 'config.d/storage.xml'));
  server = await startClickHouse({
    dataDir: join(dir, 'data'),
    configDir,
    env: { CLICKHOUSE_COLD_PATH: join(dir, 'cold/') },
  });
  owner = createClient({ url: server.url, username: 'floorwatch_owner', password: server.passwords.owner });
  await migrate(owner);
});
afterAll(async () => {
  await owner.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const insert = (event: Record<string, unknown>): Promise<unknown> =>
  owner.insert({
    table: 'warehouse.telemetry_raw',
    format: 'JSONEachRow',
    values: [{ event_id: crypto.randomUUID(), robot_id: 'a', source: 'ingestor', ...event }],
  });
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, -1);

interface Lifetime {
  /** Ages in days: of a row that must be kept, and of one that must be deleted. */
  kept: number;
  gone: number;
}
const days = (n: number): Lifetime => ({ kept: n - 0.5, gone: n + 1 });
const months = (n: number): Lifetime => ({ kept: n * 30, gone: n * 31 + 1 });
/** A table with a partition for each month drops it when its newest row expires. */
const asWholeMonth = ({ kept, gone }: Lifetime): Lifetime => ({ kept, gone: gone + 31 });

/** As sql/README.md says under 'What is kept', with a row of this age. */
const LIFETIMES: Record<string, Lifetime & { row: (at: string) => object }> = {
  telemetry_raw: {
    ...asWholeMonth(days(90)),
    row: (ts) => ({ robot_id: 'a', ts, event_id: crypto.randomUUID(), source: 'ingestor' }),
  },
  telemetry_minute: { ...asWholeMonth(months(13)), row: (at) => ({ robot_id: 'a', minute: at, computed_at: at }) },
  telemetry_hour: { ...asWholeMonth(months(60)), row: (at) => ({ robot_id: 'a', minute: at, computed_at: at }) },
  rollup_events: { kept: 2.5 / 24, gone: 5 / 24, row: (ts) => ({ minute: ts, ts, robot_id: 'a' }) },
  rollup_touched: { ...days(95), row: (minute) => ({ robot_id: 'a', minute }) },
  task_runs: { ...months(13), row: (last_ts) => ({ robot_id: 'a', task_id: last_ts, last_ts }) },
  dead_letters: { ...days(90), row: (received_at) => ({ topic: received_at, received_at, source: 'ingestor' }) },
  dead_letter_repairs: { ...months(13), row: (at) => ({ topic: at, at, phase: 'stored' }) },
  floor_cells: { ...asWholeMonth(months(13)), row: (bucket) => ({ bucket }) },
  floor_cells_hour: { ...asWholeMonth(months(13)), row: (bucket) => ({ bucket }) },
  path_progress: { ...days(1), row: (second) => ({ topic: 't', second, source: 'ingestor' }) },
  path_offsets: { ...days(1), row: (sampled_at) => ({ path: 'ingestor', topic: 't', partition: 0, sampled_at }) },
  path_offset_history: { ...days(1), row: (bucket) => ({ path: 'ingestor', topic: 't', partition: 0, bucket }) },
  robot_state_minutes: { ...days(1), row: (inserted_at) => ({ inserted_at, robot_id: 'a', state: 'idle' }) },
  robot_arrivals: { ...days(1), row: (bucket) => ({ bucket, robot_id: 'a', last_arrival: bucket }) },
};

describe('rows are deleted after their retention, and not before', () => {
  test.each(Object.entries(LIFETIMES))('%s', async (table, { kept, gone, row }) => {
    await owner.command({ query: `TRUNCATE TABLE warehouse.${table}` });
    // Inserted out of order, so that one part contains both and a merge must separate them.
    const values = [gone, kept, 0].map((age) => row(daysAgo(age)));
    await owner.insert({
      table: `warehouse.${table}`,
      values,
      format: 'JSONEachRow',
      clickhouse_settings: { date_time_input_format: 'best_effort' },
    });
    await owner.command({ query: `OPTIMIZE TABLE warehouse.${table} FINAL` });
    expect(await rows(owner, `SELECT toUInt8(count()) AS left FROM warehouse.${table}`)).toEqual([{ left: 2 }]);
  });

  // ClickHouse then reads FINAL by partition (enable_automatic_decision_for_merging_across_partitions_for_final).
  test('FINAL never merges across partitions: what a partition depends on is in the sorting key', async () => {
    const found = await rows<{ name: string; partition_key: string; sorting_key: string }>(
      owner,
      `SELECT name, partition_key, sorting_key FROM system.tables WHERE database = 'warehouse' AND partition_key != ''`
    );
    expect(found.length).toBeGreaterThan(4);
    for (const { name, partition_key: partition, sorting_key: sorting } of found) {
      const column = /\((\w+)\)/.exec(partition)?.[1] ?? partition;
      expect(sorting.split(', '), name).toContain(column);
    }
  });

  test('every other table keeps its rows without a limit', async () => {
    const tables = await rows<{ name: string }>(
      owner,
      `SELECT name FROM system.tables WHERE database = 'warehouse' AND create_table_query LIKE '% TTL %' ORDER BY name`
    );
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(LIFETIMES).sort());
  });
});

test('the optional storage policy moves old partitions to the cold disk, where they are read as before', async () => {
  for (const statement of readFileSync(join(SQL_DIR, 'storage/tiered.sql'), 'utf8').split(/;\n/)) {
    if (statement.trim() !== '') await owner.command({ query: statement });
  }
  await insert({ ts: daysAgo(60), robot_id: 'old' });
  await vi.waitUntil(
    async () => {
      const disks = await rows<{ disk_name: string }>(
        owner,
        `SELECT DISTINCT disk_name FROM system.parts WHERE table = 'telemetry_raw' AND active ORDER BY disk_name`
      );
      return disks.map(({ disk_name }) => disk_name).join() === 'cold,default';
    },
    { timeout: 120_000, interval: 500 }
  );
  expect(await rows(owner, `SELECT robot_id FROM warehouse.telemetry_raw WHERE robot_id = 'old'`)).toHaveLength(1);
});
