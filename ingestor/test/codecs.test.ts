import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaClassPath, startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { createTopic } from '@floorwatch/servers/topic';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCodecs } from '../src/kafka/codecs.ts';

const MESSAGES = Array.from({ length: 500 }, (_, i) => `{"robot_id":"amr-${i}","text":"${'zone '.repeat(20)}"}`);

let dir: string;
let kafka: Kafka;
let client: kafkajs.Kafka;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-codecs-'));
  kafka = await startKafka({ dataDir: join(dir, 'kafka') });
  client = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING });
  registerCodecs();
});
afterAll(async () => {
  await kafka.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function readAll(topic: string): Promise<string[]> {
  const consumer = client.consumer({ groupId: `reader-of-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        values.push(message.value?.toString() ?? '');
        if (values.length === MESSAGES.length) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}

/** Kafka's console producer. Other clients must be able to read its framing of snappy and lz4. */
async function produceWithJava(topic: string, codec: string): Promise<void> {
  const main = 'org.apache.kafka.tools.ConsoleProducer';
  const args = ['--bootstrap-server', kafka.brokers, '--topic', topic, `--compression-codec=${codec}`];
  const classPath = await kafkaClassPath();
  await new Promise<void>((resolve, reject) => {
    const child = execFile('java', ['-cp', classPath, main, ...args], (error, _stdout, stderr) => {
      if (error) reject(new Error(stderr, { cause: error }));
      else resolve();
    });
    child.stdin?.end(`${MESSAGES.join('\n')}\n`);
  });
}

describe.each([
  ['gzip', kafkajs.CompressionTypes.GZIP],
  ['snappy', kafkajs.CompressionTypes.Snappy],
  ['lz4', kafkajs.CompressionTypes.LZ4],
  ['zstd', kafkajs.CompressionTypes.ZSTD],
])('%s', (codec, compression) => {
  it('reads messages that the Java client compressed', async () => {
    await createTopic({ brokers: kafka.brokers, topic: `java-${codec}`, partitions: 1 });
    await produceWithJava(`java-${codec}`, codec);
    expect(await readAll(`java-${codec}`)).toEqual(MESSAGES);
  });

  it('reads messages that kafkajs compressed', async () => {
    await createTopic({ brokers: kafka.brokers, topic: `own-${codec}`, partitions: 1 });
    const producer = client.producer();
    await producer.connect();
    await producer.send({ topic: `own-${codec}`, compression, messages: MESSAGES.map((value) => ({ value })) });
    await producer.disconnect();
    expect(await readAll(`own-${codec}`)).toEqual(MESSAGES);
  });
});
