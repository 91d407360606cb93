import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@clickhouse/client';
import { registerCodecs } from '@floorwatch/ingestor/kafka/codecs';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { runIngestorCommand, startIngestor, type Ingestor } from '@floorwatch/servers/ingestor';
import { startKafka } from '@floorwatch/servers/kafka';
import { claimPort, LOOPBACK } from '@floorwatch/servers/ports';
import { createTopic } from '@floorwatch/servers/topic';
import kafkajs, { type Message, type Producer } from 'kafkajs';
import { startFetchProxy, type FetchProxy } from './fetch-proxy.ts';
import { DATUMS_FILE_TEXT } from './good-events.ts';
import { startHostileRegistry } from './inputs/hostile-registry.ts';
import { FORMATS, type Codec, type Format } from './inputs/input.ts';

/** The broker's own limit in these proofs is 16 MB. */
const TOPIC_CONFIG = { 'max.message.bytes': '16777216' };

export interface PoisonEnvironment {
  proxy: FetchProxy;
  /** Sends one batch. Returns the offset of its first message. */
  send(format: Format, messages: readonly Message[], codec?: Codec): Promise<number>;
  /** Sends one batch in a transaction that is aborted. */
  abort(format: Format, messages: readonly Message[]): Promise<void>;
  /** The offset of the next message. */
  endOf(format: Format): Promise<number>;
  query<Row>(sql: string): Promise<Row[]>;
  /** The peak resident memory of the ingestor since the last call, in megabytes. */
  rssPeak(): number;
  /** How often the ingestor had to be started again. It is started if it has ended. */
  restarts(): Promise<number>;
  stop(): Promise<void>;
}

export function topicOf(format: Format): string {
  return `poison.${format}`;
}

/** A real broker behind the proxy, a real ClickHouse, and one real ingestor that reads a topic of each format. */
export async function startPoisonEnvironment(dir: string): Promise<PoisonEnvironment> {
  registerCodecs();
  const proxiedPort = await claimPort('Kafka', undefined, 'KAFKA_PORT');
  const proxy = await startFetchProxy(proxiedPort);
  const registry = await startHostileRegistry();
  const [kafka, clickhouse] = await Promise.all([
    startKafka({ dataDir: join(dir, 'kafka'), proxied: { port: proxiedPort, proxyPort: proxy.port } }),
    startClickHouse({ dataDir: join(dir, 'clickhouse') }),
  ]);
  const { url, passwords } = clickhouse;
  for (const format of FORMATS) {
    await createTopic({ brokers: kafka.brokers, topic: topicOf(format), partitions: 1, config: TOPIC_CONFIG });
  }
  await runIngestorCommand('Migrations', ['migrate'], {
    env: { CLICKHOUSE_URL: url, CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner },
    logFile: join(dir, 'migrate.log'),
  });
  const datumsFile = join(dir, 'datums.json');
  writeFileSync(datumsFile, DATUMS_FILE_TEXT);
  const start = (): Promise<Ingestor> =>
    startIngestor({
      env: {
        KAFKA_BROKERS: `${LOOPBACK}:${proxy.port}`,
        KAFKA_TOPIC: FORMATS.map(topicOf).join(','),
        TOPIC_FORMATS: FORMATS.map((format) => `${topicOf(format)}=${format}`).join(','),
        SCHEMA_REGISTRY_URL: registry.url,
        MASSROBOTICS_DATUMS_FILE: datumsFile,
        CLICKHOUSE_URL: url,
        CLICKHOUSE_PASSWORD: passwords.writer,
        BATCH_MAX_MS: '100',
      },
      logFile: join(dir, 'ingestor.log'),
    });
  let ingestor = await start();

  const client = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING });
  const producer = client.producer();
  const transactional = client.producer({ transactionalId: 'poison', idempotent: true, maxInFlightRequests: 1 });
  const admin = client.admin();
  await Promise.all([producer.connect(), transactional.connect(), admin.connect()]);
  const owner = createClient({ url, username: 'floorwatch_owner', password: passwords.owner, database: 'warehouse' });

  return {
    proxy,
    send: (format, messages, codec = 'none') => sendBatch(producer, topicOf(format), messages, codec),
    abort: async (format, messages) => {
      const transaction = await transactional.transaction();
      await transaction.send({ topic: topicOf(format), messages: [...messages] });
      await transaction.abort();
    },
    endOf: async (format) => Number((await admin.fetchTopicOffsets(topicOf(format)))[0]?.high),
    query: async <Row>(query: string) => (await owner.query({ query, format: 'JSONEachRow' })).json<Row>(),
    rssPeak: () => takeRssPeak(ingestor.pid),
    restarts: async () => {
      if (!ingestor.hasExited()) return 0;
      ingestor = await start();
      return 1;
    },
    stop: async () => {
      await Promise.all([producer.disconnect(), transactional.disconnect(), admin.disconnect(), owner.close()]);
      await ingestor.stop();
      proxy.close();
      registry.close();
      await Promise.all([kafka.stop(), clickhouse.stop()]);
    },
  };
}

const COMPRESSION = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  snappy: kafkajs.CompressionTypes.Snappy,
  lz4: kafkajs.CompressionTypes.LZ4,
  zstd: kafkajs.CompressionTypes.ZSTD,
} as const;

async function sendBatch(
  producer: Producer,
  topic: string,
  messages: readonly Message[],
  codec: Codec
): Promise<number> {
  const [sent] = await producer.send({
    ...{ topic, compression: COMPRESSION[codec], acks: -1 },
    messages: messages.map((message) => ({ partition: 0, ...message })),
  });
  return Number(sent?.baseOffset);
}

/** Reads the peak of a process since the last call (Linux), and resets it. 0 after the process has ended. */
function takeRssPeak(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return 0;
  }
}

/** Polls until the condition holds. @returns false after the timeout */
export async function until(isDone: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  for (const deadlineMs = Date.now() + timeoutMs; Date.now() < deadlineMs;) {
    if (await isDone()) return true;
    await sleep(100);
  }
  return false;
}
