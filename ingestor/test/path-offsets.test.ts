import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIngestor, type Ingestor } from '@floorwatch/servers/ingestor';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka as KafkaClient, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

/** The ingestor writes the offsets of both paths to ClickHouse, also while no message arrives. */
const TOPIC = 'robot.telemetry';
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-offsets-'));

interface PathOffsets {
  path: string;
  end: number;
  committed: number;
  lag: number;
  lag_seconds: number;
  sampled_seconds_ago: number;
}

let kafka: Kafka;
let clickhouse: TestServer;
let ingestor: Ingestor;
let producer: Producer;

const offsets = async (): Promise<Record<string, PathOffsets>> => {
  const found = await rows<PathOffsets>(
    clickhouse.as('reader'),
    `SELECT path, toUInt32(sum(end_offset)) AS end, toUInt32(sum(committed_offset)) AS committed, toUInt32(sum(lag_messages)) AS lag,
       max(lag_seconds) AS lag_seconds, max(dateDiff('second', sampled_at, now64())) AS sampled_seconds_ago
     FROM warehouse.v_path_offsets GROUP BY path`
  );
  return Object.fromEntries(found.map((row) => [row.path, row]));
};
const until = (isDone: (found: Record<string, PathOffsets>) => boolean): Promise<boolean> =>
  vi.waitUntil(async () => isDone(await offsets()), { timeout: 90_000, interval: 500 });
const publish = (count: number): Promise<unknown> =>
  producer.send({
    topic: TOPIC,
    messages: Array.from({ length: count }, (_, i) => ({
      value: JSON.stringify({ robot_id: `r${i}`, ts: Date.now(), state: 'working' }),
      partition: i % 2,
    })),
  });

beforeAll(async () => {
  kafka = await startKafka({ dataDir: dir });
  await createTopic({ brokers: kafka.brokers, topic: TOPIC, partitions: 2 });
  clickhouse = await startTestServer({ KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPIC });
  await migrate(clickhouse.as('owner'), { ingestPath: 'both' });
  ingestor = await startIngestor({
    env: {
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC: TOPIC,
      CLICKHOUSE_URL: clickhouse.server.url,
      CLICKHOUSE_PASSWORD: clickhouse.server.passwords.writer,
      ...{ INGEST_PATH: 'both', BATCH_MAX_MS: '300', LAG_INTERVAL_MS: '1000' },
    },
    logFile: join(dir, 'ingestor.log'),
  });
  producer = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
});
afterAll(async () => {
  await producer.disconnect();
  await ingestor.stop();
  await clickhouse.stop();
  await kafka.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('the offsets of both paths are reported, also while no message arrives', async () => {
  await publish(100);
  const isAt = (total: number) => (found: Record<string, PathOffsets>) =>
    ['ingestor', 'engine'].every((path) => found[path]?.committed === total && found[path].lag === 0);
  await until(isAt(100));
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  const idle = await offsets();
  for (const path of ['ingestor', 'engine']) {
    expect(idle[path], path).toMatchObject({ end: 100, committed: 100, lag: 0, lag_seconds: 0 });
    expect(idle[path]?.sampled_seconds_ago, path).toBeLessThan(15);
  }
  expect(
    await rows(
      clickhouse.as('reader'),
      'SELECT path, toUInt32(lag_messages) AS lag, lag_seconds FROM warehouse.v_pipeline ORDER BY path'
    )
  ).toEqual(['engine', 'ingestor'].map((path) => ({ path, lag: 0, lag_seconds: 0 })));
});

test('while the ingestor is stopped there are no reports, and a path that still delivers hides no silent robot', async () => {
  ingestor.kill('SIGSTOP');
  await publish(50);
  await vi.waitUntil(
    async () => {
      const [stored] = await rows<{ events: string }>(
        clickhouse.as('owner'),
        `SELECT count() AS events FROM warehouse.telemetry_raw FINAL WHERE source = 'engine' AND offset >= 50`
      );
      return Number(stored?.events) === 50;
    },
    { timeout: 90_000, interval: 500 }
  );
  expect((await offsets())['ingestor']).toMatchObject({ end: 100, committed: 100 });
  expect(
    await rows(
      clickhouse.as('reader'),
      `SELECT DISTINCT status FROM warehouse.v_fleet_now WHERE toUInt32(substring(robot_id, 2)) < 50`
    )
  ).toEqual([{ status: 'working' }]);
  ingestor.kill('SIGCONT');
  await until((found) => ['ingestor', 'engine'].every((path) => found[path]?.committed === 150));
});
