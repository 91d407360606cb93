import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startIngestor, type Ingestor } from '@floorwatch/servers/ingestor';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka as KafkaClient, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { readMigrations, SQL_DIR } from '../src/migrate/migration-files.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

/** The new field of sql/README.md, added while robots report, without stopping anything. */
const FLAGS = ['--disable-warning=TimeoutNegativeWarning'];
const TOPICS = { ingestor: 'by-ingestor', engine: 'by-engine' };
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-evolution-'));
const sql = join(dir, 'sql');

let kafka: Kafka;
let clickhouse: TestServer;
let producer: Producer;
let old: Ingestor;

const ingestorEnv = (): Record<string, string> => ({
  ...{ KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPICS.ingestor, KAFKA_GROUP_ID: 'evolution', BATCH_MAX_MS: '200' },
  ...{ CLICKHOUSE_URL: clickhouse.server.url, CLICKHOUSE_PASSWORD: clickhouse.server.passwords.writer },
});

beforeAll(async () => {
  kafka = await startKafka({ dataDir: join(dir, 'kafka') });
  for (const topic of Object.values(TOPICS)) await createTopic({ brokers: kafka.brokers, topic, partitions: 4 });
  clickhouse = await startTestServer({ KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPICS.engine });
  cpSync(SQL_DIR, sql, { recursive: true });
  await migrate(clickhouse.as('owner'), { directory: sql, ingestPath: 'engine' });
  producer = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  old = await startIngestor({ env: ingestorEnv(), logFile: join(dir, 'old.log') });
});
afterAll(async () => {
  await old.stop();
  await producer.disconnect();
  await Promise.all([clickhouse.stop(), kafka.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

/** Sends events to each topic. */
let published = 0;

/** Two robots, one with the new field and one without it, report to both topics until the signal. */
async function robotsReport(until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    for (const topic of Object.values(TOPICS)) {
      const messages = Array.from({ length: 20 }, (_, i) => {
        const event = { event_id: crypto.randomUUID(), ts: Date.now(), battery: 50 };
        const either = i % 2 ? { ...event, robot_id: 'with', payload_kg: 12.5 } : { ...event, robot_id: 'without' };
        return { value: JSON.stringify(either), partition: Math.floor(i / 2) % 4 };
      });
      await producer.send({ topic, messages });
    }
    published += 20;
    await sleep(25);
  }
}

/** As in sql/README.md: a migration for the columns, and path A's two views, which continue to read. */
function addPayload(): void {
  const column = (table: string): string =>
    `ALTER TABLE {local}.${table}{on_cluster} ADD COLUMN IF NOT EXISTS payload_kg Nullable(Float32) AFTER battery;\n`;
  const number = String(readMigrations(sql).length + 1).padStart(4, '0');
  const tables = ['telemetry_raw', 'telemetry_stored', 'telemetry_validated'];
  const migration = tables.map(column).join('');
  writeFileSync(join(sql, `migrations/${number}_payload.sql`), migration);

  const file = join(sql, 'views/kafka_engine.sql');
  const changed = [
    ['{parsed_fields}', ', payload_kg Nullable(Float64)'],
    ['toFloat32(e.battery) AS battery,', ' toFloat32(e.payload_kg) AS payload_kg,'],
    ['{event_columns},', ' payload_kg,'],
  ].reduce(
    (text, [after = '', more = '']) => {
      expect(text.split(after)).toHaveLength(2);
      return text.replace(after, `${after}${more}`);
    },
    readFileSync(file, 'utf8')
  );
  writeFileSync(file, changed);
}

interface Stored {
  topic: string;
  robot_id: string;
  rows: number;
  filled: number;
}

/** Without FINAL: all inserted rows of both paths. */
const stored = (): Promise<Stored[]> =>
  rows(
    clickhouse.as('owner'),
    `SELECT topic, robot_id, toUInt32(count()) AS rows, toUInt32(count(payload_kg)) AS filled FROM warehouse.telemetry_raw
     GROUP BY topic, robot_id ORDER BY topic, robot_id`
  );
const filled = async (topic: string): Promise<number> =>
  (await stored()).find((row) => row.topic === topic && row.robot_id === 'with')?.filled ?? 0;
const count = async (topic: string): Promise<number> => {
  const query = `SELECT toUInt32(count()) AS n FROM warehouse.telemetry_raw WHERE topic = '${topic}'`;
  return (await rows<{ n: number }>(clickhouse.as('owner'), query))[0]?.n ?? 0;
};
const until = (condition: () => Promise<boolean>): Promise<unknown> =>
  vi.waitUntil(condition, { timeout: 60_000, interval: 200 });

test('old and new ingestors, and the Kafka engine, load events with and without a new field at the same time', async () => {
  const stopping = new AbortController();
  const reporting = robotsReport(stopping.signal);
  let next: ChildProcess | undefined;
  try {
    await until(async () => (await count(TOPICS.ingestor)) > 0 && (await count(TOPICS.engine)) > 0);
    addPayload();
    const { applied } = await migrate(clickhouse.as('owner'), { directory: sql });
    // These views read telemetry_raw, so they are created again with its columns, and so is what reads them.
    expect(applied.map(({ name, statements }) => [name, statements])).toEqual([
      [expect.stringMatching(/_payload$/), 3],
      ['warehouse.robot_conditions', 1],
      ['warehouse.v_alert_robots', 1],
      ['warehouse.v_events', 1],
      ['warehouse.rollup_stored_events', 1],
      ['warehouse.telemetry_validate_mv', 2],
      ['warehouse.telemetry_valid_mv', 2],
    ]);

    // The engine writes the column immediately. The old ingestor ignores it and continues.
    await until(async () => (await filled(TOPICS.engine)) > 0);
    const seen = await count(TOPICS.ingestor);
    await until(async () => (await count(TOPICS.ingestor)) > seen);
    expect(await filled(TOPICS.ingestor)).toBe(0);

    // A rolling update: the new ingestor joins the group of the old one, and each reads some partitions.
    next = spawn(process.execPath, [...FLAGS, join(import.meta.dirname, 'evolved-ingestor.ts')], {
      env: { ...process.env, ...ingestorEnv(), HTTP_PORT: '0', LOG_LEVEL: 'warn' },
      stdio: 'inherit',
    });
    await until(async () => (await filled(TOPICS.ingestor)) > 0);
    await old.stop();
    const mixed = await filled(TOPICS.ingestor);
    await until(async () => (await filled(TOPICS.ingestor)) > mixed);
    stopping.abort();
    await reporting;
    const all = published / 2;
    const complete = [TOPICS.engine, TOPICS.ingestor].flatMap((topic) => [
      { topic, robot_id: 'with', rows: all },
      { topic, robot_id: 'without', rows: all, filled: 0 },
    ]);
    await expect.poll(stored, { timeout: 60_000 }).toMatchObject(complete);
    const owner = clickhouse.as('owner');
    expect(await rows(owner, 'SELECT reason, detail FROM warehouse.dead_letters')).toEqual([]);
    expect(await rows(owner, `SELECT exceptions FROM warehouse.v_pipeline WHERE path = 'engine'`)).toEqual([
      { exceptions: 0 },
    ]);
  } finally {
    stopping.abort();
    await reporting;
    if (next) {
      next.kill('SIGTERM');
      await once(next, 'exit');
    }
  }
});
