import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka as KafkaClient, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startClickHouse, type ClickHouse } from '../src/clickhouse.ts';
import { startKafka, type Kafka } from '../src/kafka.ts';
import { createTopic } from '../src/topic.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-servers-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** The response as text, also when it is an error of ClickHouse. */
async function query(server: ClickHouse, user: 'owner' | 'reader', sql: string): Promise<string> {
  const headers = { 'X-ClickHouse-User': `floorwatch_${user}`, 'X-ClickHouse-Key': server.passwords[user] };
  return (await fetch(server.url, { method: 'POST', body: sql, headers })).text();
}

describe('startClickHouse', () => {
  it('keeps its data after kill -9 and a restart on the same ports', async () => {
    const dataDir = join(dir, 'clickhouse');
    const first = await startClickHouse({ dataDir });
    await query(first, 'owner', 'CREATE DATABASE warehouse');
    await query(first, 'owner', 'CREATE TABLE warehouse.things (id String) ENGINE = MergeTree ORDER BY id');
    await query(first, 'owner', "INSERT INTO warehouse.things VALUES ('amr-1')");
    expect(await query(first, 'reader', "INSERT INTO warehouse.things VALUES ('x')")).toContain('ACCESS_DENIED');
    first.kill('SIGKILL');
    await first.exited;

    const { httpPort, tcpPort } = first;
    const second = await startClickHouse({ dataDir, httpPort, tcpPort });
    expect(await query(second, 'owner', 'SELECT id FROM warehouse.things')).toBe('amr-1\n');
    await query(second, 'owner', 'SYSTEM FLUSH LOGS');
    expect(Number(await query(second, 'owner', 'SELECT count() FROM system.query_log'))).toBeGreaterThan(0);
    await second.stop();
    expect(second.hasExited()).toBe(true);
  });

  it('names the variable that changes the port when the port is taken', async () => {
    const server = await startClickHouse({ dataDir: join(dir, 'taken') });
    await expect(startClickHouse({ dataDir: join(dir, 'second'), httpPort: server.httpPort })).rejects.toThrow(
      `ClickHouse: port ${server.httpPort} is taken. Stop the process that uses it, set CLICKHOUSE_HTTP_PORT`
    );
    await server.stop();
  });
});

/** The values of the first `count` messages of the topic. */
async function consume(kafka: Kafka, topic: string, count: number): Promise<string[]> {
  const client = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: `reader-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        values.push(message.value?.toString() ?? '');
        if (values.length === count) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}

async function produce(kafka: Kafka, topic: string, value: string): Promise<void> {
  const producer = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value }] });
  await producer.disconnect();
}

describe('startKafka', () => {
  it('keeps its messages after kill -9 and a restart on the same port', async () => {
    const dataDir = join(dir, 'kafka');
    const first = await startKafka({ dataDir });
    expect(await createTopic({ brokers: first.brokers, topic: 'robots', partitions: 1 })).toBe(true);
    await produce(first, 'robots', 'before');
    first.kill('SIGKILL');
    await first.exited;

    const second = await startKafka({ dataDir, port: first.port });
    expect(await createTopic({ brokers: second.brokers, topic: 'robots' })).toBe(false);
    await produce(second, 'robots', 'after');
    expect(await consume(second, 'robots', 2)).toEqual(['before', 'after']);
    const fiveMegabytes = 'x'.repeat(5_000_000);
    await createTopic({ brokers: second.brokers, topic: 'large' });
    await produce(second, 'large', fiveMegabytes);
    expect(await consume(second, 'large', 1)).toEqual([fiveMegabytes]);
    await second.stop();
    expect(second.hasExited()).toBe(true);
  });
});
