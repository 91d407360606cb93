import { rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { runIngestorCommand } from '@floorwatch/servers/ingestor';
import { temporaryFolder } from '@floorwatch/servers/guard';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { writeBenchConfig, type ConfigChanges } from '../bench-config.ts';

/** A real broker and a real ClickHouse with the schema, in a temporary folder. */
export interface SqlBenchServers extends AsyncDisposable {
  kafka: Kafka;
  clickhouse: ClickHouse;
  owner: ClickHouseClient;
  reader: ClickHouseClient;
}

/** The owner has no rights outside of its databases, and cannot stop all merges. */
const WITH_BENCH_DATABASE: ConfigChanges = {
  'users.d/floorwatch.xml': [
    [
      '<query>GRANT SHOW ACCESS ON *.*</query>',
      '<query>GRANT SHOW ACCESS ON *.*</query><query>GRANT ALL ON *.*</query>',
    ],
  ],
};
const REQUEST_TIMEOUT_MS = 30 * 60_000;

const MEMORY_FOLDER = '/dev/shm';
const MIN_MEMORY_BYTES = 6 * 2 ** 30;

/**
 * The folder for data of measures of CPU. An insert creates about a hundred files, and one file takes 0.01 to 0.7 ms of system time on one
 * and the same disk (ext4, by the directory), which is more than all that is measured. So these measures keep their data in memory.
 * @returns Linux's folder in memory if it and the machine have 6 GiB left, otherwise that for temporary files
 */
export async function folderForCpuMeasures(): Promise<{ parent: string; storage: 'memory' | 'disk' }> {
  const { bavail, bsize } = await statfs(MEMORY_FOLDER).catch(() => ({ bavail: 0, bsize: 0 }));
  return Math.min(bavail * bsize, process.availableMemory()) >= MIN_MEMORY_BYTES
    ? { parent: MEMORY_FOLDER, storage: 'memory' }
    : { parent: tmpdir(), storage: 'disk' };
}

/** Path A is off: the benchmark has its own Kafka tables in a database `bench`. @param parent the folder for ClickHouse's data */
export async function startSqlBenchServers(parent = tmpdir()): Promise<SqlBenchServers> {
  const dir = temporaryFolder('floorwatch-bench', parent);
  const cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(dir, { recursive: true, force: true }));
  try {
    const kafka = await startKafka({ dataDir: join(dir, 'kafka') });
    cleanup.defer(() => kafka.stop());
    const configDir = writeBenchConfig(join(dir, 'clickhouse-config'), WITH_BENCH_DATABASE);
    const clickhouse = await startClickHouse({ dataDir: join(dir, 'clickhouse'), configDir });
    cleanup.defer(() => clickhouse.stop());
    const { url, passwords } = clickhouse;
    await runIngestorCommand('Migrations', ['migrate'], {
      env: { CLICKHOUSE_URL: url, CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner },
      logFile: join(dir, 'migrate.log'),
    });
    const as = (user: 'owner' | 'reader'): ClickHouseClient => {
      const client = createClient({
        url,
        username: `floorwatch_${user}`,
        password: passwords[user],
        database: 'warehouse',
        request_timeout: REQUEST_TIMEOUT_MS,
        clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
        log: { level: 127 },
      });
      cleanup.defer(() => client.close());
      return client;
    };
    const owner = as('owner');
    await owner.command({ query: 'CREATE DATABASE bench' });
    return {
      kafka,
      clickhouse,
      owner,
      reader: as('reader'),
      [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

/** The first row, with numbers as numbers. */
export async function firstRow<Row>(client: ClickHouseClient, query: string): Promise<Row> {
  const [row] = await (await client.query({ query, format: 'JSONEachRow' })).json<Row>();
  if (row === undefined) throw new Error(`ClickHouse returned no row for: ${query}`);
  return row;
}
