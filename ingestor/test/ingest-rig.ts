import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from '@floorwatch/servers/child';
import { startCutProxy, type CutProxy } from '@floorwatch/servers/cut-proxy';
import { startIngestor, type Ingestor } from '@floorwatch/servers/ingestor';
import { startKafka } from '@floorwatch/servers/kafka';
import { claimPort, LOOPBACK } from '@floorwatch/servers/ports';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka, logLevel, type Admin, type Message } from 'kafkajs';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

/** A broker, a ClickHouse with the schema, and ingestors as real processes. */
export interface IngestRig {
  brokers: string;
  kafka: ServerProcess;
  clickhouse: TestServer;
  admin: Admin;
  createTopic(topic: string): Promise<unknown>;
  produce(topic: string, messages: Message[]): Promise<void>;
  startIngestor(topic: string, env?: Record<string, string>): Promise<Ingestor>;
  /** Commits offset 0 of partition 0 as a member of the topic's group that has left it since. */
  commitStart(topic: string, metadata: string): Promise<void>;
  /** Between an ingestor with `throughProxies` and the servers. */
  proxies: Record<'kafka' | 'clickhouse', CutProxy>;
  throughProxies: Record<string, string>;
  /** The log of the topic's ingestors so far. */
  logOf(topic: string): string;
  /** The first row of a query when it satisfies the condition, or the last row seen after a minute. */
  eventually<Row>(query: string, isDone: (row: Row) => boolean): Promise<Row>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;

/** @param engineTopic a topic that ClickHouse's Kafka engine reads too (path A) */
export async function startIngestRig({ engineTopic }: { engineTopic?: string } = {}): Promise<IngestRig> {
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-ingest-'));
  const proxiedPort = await claimPort('Kafka', undefined, 'KAFKA_PORT');
  const kafkaProxy = await startCutProxy(proxiedPort);
  const proxied = { port: proxiedPort, proxyPort: kafkaProxy.port };
  const kafka = await startKafka({ dataDir: join(dir, 'kafka'), proxied });
  const clickhouse = await startTestServer(
    engineTopic === undefined ? {} : { KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: engineTopic }
  );
  const proxies = { kafka: kafkaProxy, clickhouse: await startCutProxy(clickhouse.server.httpPort) };
  const createTopicNamed = (topic: string) => createTopic({ brokers: kafka.brokers, topic, partitions: 2 });
  if (engineTopic !== undefined) await createTopicNamed(engineTopic);
  await migrate(clickhouse.as('owner'), { ingestPath: engineTopic === undefined ? 'ingestor' : 'both' });
  const client = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  // Idempotent: on a loaded machine a retried send would otherwise write its messages twice, and tests count them.
  const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
  await admin.connect();
  await producer.connect();
  return {
    brokers: kafka.brokers,
    kafka,
    clickhouse,
    admin,
    createTopic: createTopicNamed,
    produce: async (topic, messages) => {
      await producer.send({ topic, messages });
    },
    startIngestor: (topic, env = {}) =>
      startIngestor({
        env: {
          KAFKA_BROKERS: kafka.brokers,
          KAFKA_TOPIC: topic,
          KAFKA_GROUP_ID: `group-of-${topic}`,
          CLICKHOUSE_URL: clickhouse.server.url,
          CLICKHOUSE_PASSWORD: clickhouse.server.passwords.writer,
          BATCH_MAX_MS: '300',
          ...env,
        },
        logFile: join(dir, `${topic}.log`),
      }),
    commitStart: async (topic, metadata) => {
      const consumer = client.consumer({ groupId: `group-of-${topic}` });
      await consumer.connect();
      await consumer.subscribe({ topic });
      const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
      await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
      await joined;
      await consumer.commitOffsets([{ topic, partition: 0, offset: '0', metadata }]);
      await consumer.disconnect();
    },
    proxies,
    throughProxies: {
      KAFKA_BROKERS: `${LOOPBACK}:${proxies.kafka.port}`,
      CLICKHOUSE_URL: `http://${LOOPBACK}:${proxies.clickhouse.port}`,
    },
    logOf: (topic) => readFileSync(join(dir, `${topic}.log`), 'utf8'),
    eventually: async <Row>(query: string, isDone: (row: Row) => boolean): Promise<Row> => {
      const deadlineMs = Date.now() + PATIENCE_MS;
      for (;;) {
        const [row] = await rows<Row>(clickhouse.as('owner'), query);
        if (row !== undefined && (isDone(row) || Date.now() > deadlineMs)) return row;
        await sleep(200);
      }
    },
    stop: async () => {
      await producer.disconnect();
      await admin.disconnect();
      for (const proxy of Object.values(proxies)) proxy.close();
      await clickhouse.stop();
      await kafka.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
