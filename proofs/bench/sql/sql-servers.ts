import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { runIngestorCommand } from '@floorwatch/servers/ingestor';
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

/** Path A is off: the benchmark has its own Kafka tables in a database `bench`. */
export async function startSqlBenchServers(): Promise<SqlBenchServers> {
  const dir = await mkdtemp(join(tmpdir(), 'floorwatch-bench-'));
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
