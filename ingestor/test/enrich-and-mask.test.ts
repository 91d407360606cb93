import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIngestor, type Ingestor } from '@floorwatch/servers/ingestor';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka as KafkaClient, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

const TOPIC = 'robot.telemetry';
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-enrich-'));
const logFile = join(dir, 'ingestor.log');
let kafka: Kafka;
let clickhouse: TestServer;
let ingestor: Ingestor;
let producer: Producer;

beforeAll(async () => {
  [kafka, clickhouse] = await Promise.all([startKafka({ dataDir: join(dir, 'kafka') }), startTestServer()]);
  await createTopic({ brokers: kafka.brokers, topic: TOPIC, partitions: 1 });
  await migrate(clickhouse.as('owner'), { ingestPath: 'ingestor' });
  await describeRobot('MiR100');
  producer = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await startMaskingIngestor();
});
afterAll(async () => {
  await ingestor.stop();
  await producer.disconnect();
  await Promise.all([clickhouse.stop(), kafka.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

async function startMaskingIngestor(): Promise<void> {
  ingestor = await startIngestor({
    env: {
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC: TOPIC,
      CLICKHOUSE_URL: clickhouse.server.url,
      CLICKHOUSE_PASSWORD: clickhouse.server.passwords.writer,
      BATCH_MAX_MS: '100',
      ENRICH_EVERY_MS: '1000',
      STORE_HEADERS: 'gateway,operator',
      MASK_FIELDS: 'robot_id=hash,meta.operator=drop,meta.kafka_headers.operator=drop',
      MASK_SALT: 'sixteen characters',
      LOG_LEVEL: 'trace',
    },
    logFile,
  });
}

async function describeRobot(model: string): Promise<void> {
  const values = [{ robot_id: 'amr-secret', model, site_id: 'berlin', fleet: 'night' }];
  await clickhouse.as('owner').insert({ table: 'warehouse.robots', values, format: 'JSONEachRow' });
}

const event = (fields: object) =>
  JSON.stringify({ robot_id: 'amr-secret', ts: Date.now(), meta: { operator: 'Mustermann' }, ...fields });

async function produce(value: string, headers: Record<string, string> = {}): Promise<void> {
  await producer.send({ topic: TOPIC, messages: [{ key: 'amr-secret', value, headers }] });
}

const stored = () =>
  rows<{ robot_id: string; site_id: string; meta: string }>(
    clickhouse.as('owner'),
    'SELECT robot_id, site_id, meta FROM warehouse.telemetry_raw ORDER BY offset'
  );

test('adds the data of the robots table, including changes after the start', async () => {
  await produce(event({}));
  await vi.waitUntil(async () => (await stored()).length === 1, { timeout: 30_000, interval: 100 });
  await describeRobot('MiR250');
  await vi.waitUntil(
    async () => {
      await produce(event({ site_id: 'hamburg' }));
      return (await stored()).some(({ meta }) => meta.includes('MiR250'));
    },
    { timeout: 30_000, interval: 500 }
  );
  const [first, ...later] = await stored();
  expect(first).toMatchObject({ site_id: 'berlin' });
  expect(JSON.parse(first?.meta ?? '')).toEqual({ model: 'MiR100', fleet: 'night', operator: null });
  expect(later.at(-1)).toMatchObject({ site_id: 'hamburg' });
});

test('stores the headers of STORE_HEADERS in meta, masked like its other fields', async () => {
  const headers = { gateway: 'gw-3', operator: 'Mustermann', other: 'amr-secret' };
  await produce(event({ site_id: 'with headers' }), headers);
  const found = () => stored().then((all) => all.find(({ site_id }) => site_id === 'with headers'));
  await vi.waitUntil(found, { timeout: 30_000, interval: 100 });
  const meta = JSON.parse((await found())?.meta ?? '') as Record<string, unknown>;
  expect(meta).toMatchObject({ fleet: 'night', operator: null, kafka_headers: { gateway: 'gw-3', operator: null } });
  expect(JSON.stringify(meta)).not.toMatch(/amr-secret|Mustermann/);
});

test('leaves no trace of a masked field in rows, dead letters, logs and metrics', async () => {
  await produce(event({ battery: 300 }));
  await produce(event({}).slice(0, -5));
  const letters = () =>
    rows<{ reason: string; raw: string; key: string; detail: string }>(
      clickhouse.as('owner'),
      'SELECT reason, raw, key, detail FROM warehouse.dead_letters ORDER BY offset'
    );
  await vi.waitUntil(async () => (await letters()).length === 2, { timeout: 30_000, interval: 100 });
  expect(await letters()).toMatchObject([
    { reason: 'battery_out_of_range', key: '' },
    { reason: 'invalid_json', raw: '', key: '' },
  ]);
  const metrics = await (await fetch(`${ingestor.url}/metrics`)).text();
  expect(metrics).toMatch(/^floorwatch_reference_robots 1$/m);
  const everything = JSON.stringify([await stored(), await letters()]) + metrics + readFileSync(logFile, 'utf8');
  expect(everything).not.toMatch(/amr-secret|Mustermann/);
});

test('an error is logged if the Kafka engine path is on, which stores events unmasked', async () => {
  expect(readFileSync(logFile, 'utf8')).not.toContain('stores events unmasked');
  await migrate(clickhouse.as('owner'), { ingestPath: 'both' });
  await ingestor.stop();
  await startMaskingIngestor();
  await vi.waitUntil(() => readFileSync(logFile, 'utf8').includes('stores events unmasked'), { timeout: 30_000 });
});
