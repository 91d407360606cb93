import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIngestor, type Ingestor } from '@floorwatch/servers/ingestor';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { avroPayload, framed, registerSchema } from '@floorwatch/servers/messages/wire-format';
import { startSchemaRegistry, type SchemaRegistry } from '@floorwatch/servers/schema-registry';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka as KafkaClient, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

const TOPIC = 'robot.telemetry.avro';
const AVSC = readFileSync(join(import.meta.dirname, '../../packages/contract/schemas/telemetry.avsc'), 'utf8');
const OLDER = JSON.stringify({
  ...{ type: 'record', name: 'Telemetry', namespace: 'floorwatch' },
  fields: [
    { name: 'robot_id', type: 'string' },
    { name: 'ts', type: 'long' },
  ],
});
const NEWER = AVSC.replace(
  '"fields": [',
  '"fields": [{ "name": "payload_kg", "type": ["null", "double"], "default": null },'
);
const SESSION_TIMEOUT_MS = 6_000;

const dir = mkdtempSync(join(tmpdir(), 'floorwatch-formats-'));
const logFile = join(dir, 'ingestor.log');
let kafka: Kafka;
let registry: SchemaRegistry;
let gate: Server;
let registryIsAway = false;
let clickhouse: TestServer;
let ingestor: Ingestor;
let producer: Producer;

beforeAll(async () => {
  [kafka, registry, clickhouse] = await Promise.all([
    startKafka({ dataDir: join(dir, 'kafka') }),
    startSchemaRegistry({ dataDir: join(dir, 'registry') }),
    startTestServer(),
  ]);
  await createTopic({ brokers: kafka.brokers, topic: TOPIC, partitions: 1 });
  await migrate(clickhouse.as('owner'), { ingestPath: 'ingestor' });
  gate = await startGate();
  producer = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  ingestor = await startIngestor({
    env: {
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC: TOPIC,
      KAFKA_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT_MS),
      TOPIC_FORMATS: `${TOPIC}=registry`,
      SCHEMA_REGISTRY_URL: `http://127.0.0.1:${(gate.address() as AddressInfo).port}/apis/ccompat/v7`,
      CLICKHOUSE_URL: clickhouse.server.url,
      CLICKHOUSE_PASSWORD: clickhouse.server.passwords.writer,
      CLICKHOUSE_REQUEST_TIMEOUT_MS: '5000',
      BATCH_MAX_MS: '100',
    },
    logFile,
  });
});
afterAll(async () => {
  await ingestor.stop();
  await producer.disconnect();
  gate.close();
  await Promise.all([clickhouse.stop(), registry.stop(), kafka.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

/** A proxy before the registry, so that it can be unavailable for a while and come back with all its schemas. */
async function startGate(): Promise<Server> {
  const server = createServer((request, response) => {
    if (registryIsAway) {
      response.destroy();
      return;
    }
    void fetch(new URL(request.url ?? '', registry.url)).then(async (answer) =>
      response.writeHead(answer.status).end(await answer.text())
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const event = () => ({ robot_id: randomUUID(), ts: Date.now() });
const produce = (value: Buffer) => producer.send({ topic: TOPIC, messages: [{ value }] });

async function storedRobots(): Promise<string[]> {
  const stored = await rows<{ robot_id: string }>(
    clickhouse.as('owner'),
    'SELECT robot_id FROM warehouse.telemetry_raw ORDER BY offset'
  );
  return stored.map(({ robot_id }) => robot_id);
}

async function deadLetterReasons(): Promise<string[]> {
  const letters = await rows<{ reason: string }>(
    clickhouse.as('owner'),
    'SELECT reason FROM warehouse.dead_letters ORDER BY offset'
  );
  return letters.map(({ reason }) => reason);
}

test('reads older and newer writers in one topic, and a message with an unknown schema is one dead letter', async () => {
  const [older, current, newer] = [event(), event(), { ...event(), payload_kg: 12 }];
  await produce(framed(await registerSchema(registry.url, 'AVRO', OLDER), avroPayload(OLDER, older)));
  await produce(framed(987_654, avroPayload(AVSC, current)));
  await produce(framed(await registerSchema(registry.url, 'AVRO', AVSC), avroPayload(AVSC, current)));
  await produce(framed(await registerSchema(registry.url, 'AVRO', NEWER), avroPayload(NEWER, newer)));
  const robots = [older, current, newer].map(({ robot_id }) => robot_id);
  await vi.waitUntil(async () => (await storedRobots()).length === 3, { timeout: 20_000, interval: 100 });
  expect(await storedRobots()).toEqual(robots);
  // The dead letters of a batch are written after its rows.
  await expect.poll(deadLetterReasons, { timeout: 20_000 }).toEqual(['schema_unknown']);
});

test('waits while the registry is unavailable, keeps its membership, and loses nothing', async () => {
  const before = await storedRobots();
  const schema = AVSC.replace('"Telemetry"', '"TelemetryOfTomorrow"');
  const schemaId = await registerSchema(registry.url, 'AVRO', schema);
  registryIsAway = true;
  const events = Array.from({ length: 20 }, event);
  for (const one of events) await produce(framed(schemaId, avroPayload(schema, one)));
  await new Promise((resolve) => setTimeout(resolve, SESSION_TIMEOUT_MS + 2_000));
  expect(await storedRobots()).toEqual(before);
  expect(await (await fetch(`${ingestor.url}/metrics`)).text()).toMatch(
    /^floorwatch_preparation_failures_total [1-9]/m
  );

  registryIsAway = false;
  const expected = [...before, ...events.map(({ robot_id }) => robot_id)];
  await vi.waitUntil(async () => (await storedRobots()).length >= expected.length, { timeout: 20_000, interval: 100 });
  expect(await storedRobots()).toEqual(expected);
  expect(await deadLetterReasons()).toEqual(['schema_unknown']);
  expect(readFileSync(logFile, 'utf8').match(/"msg":"partition assigned"/g)).toHaveLength(1);
});
