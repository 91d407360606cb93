import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { runIngestorCommand } from '@floorwatch/servers/ingestor';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { createTopic } from '@floorwatch/servers/topic';
import { writeBenchConfig, type ConfigChanges } from './bench-config.ts';

export const TOPIC = 'robot.telemetry';
export const PARTITIONS = 4;

export interface BenchServers {
  kafka: Kafka;
  clickHouse: ClickHouse;
  owner: ClickHouseClient;
  /** Configuration of an ingestor that reads the topic into this ClickHouse. */
  ingestorEnv: Record<string, string>;
  stop(): Promise<void>;
}

/** A broker and a ClickHouse for one benchmark, with the schema. */
export async function startBenchServers(dir: string, ingestPath: 'ingestor' | 'both'): Promise<BenchServers> {
  const kafka = await startKafka({ dataDir: join(dir, 'kafka') });
  await createTopic({ brokers: kafka.brokers, topic: TOPIC, partitions: PARTITIONS });
  const clickHouse = await startClickHouse({
    dataDir: join(dir, 'clickhouse'),
    configDir: writeBenchConfig(join(dir, 'clickhouse-config'), FOR_THE_ORIGINAL),
    env: { KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPIC },
  });
  const { url, passwords } = clickHouse;
  await runIngestorCommand('Migrations', ['migrate'], {
    env: {
      CLICKHOUSE_URL: url,
      CLICKHOUSE_USER: 'floorwatch_owner',
      CLICKHOUSE_PASSWORD: passwords.owner,
      INGEST_PATH: ingestPath,
    },
    logFile: join(dir, 'migrate.log'),
  });
  const owner = createClient({ url, username: 'floorwatch_owner', password: passwords.owner, database: 'warehouse' });
  return {
    kafka,
    clickHouse,
    owner,
    ingestorEnv: {
      KAFKA_BROKERS: kafka.brokers,
      KAFKA_TOPIC: TOPIC,
      CLICKHOUSE_URL: url,
      CLICKHOUSE_PASSWORD: passwords.writer,
      INGEST_PATH: ingestPath,
    },
    async stop() {
      await owner.close();
      await Promise.all([kafka.stop(), clickHouse.stop()]);
    },
  };
}

/** The original consumer connects as `default`, which is shipped with one session and without rights. */
const FOR_THE_ORIGINAL: ConfigChanges = {
  'users.xml': [
    ['<query>GRANT SELECT ON system.numbers</query>', '<query>GRANT SELECT, INSERT, SHOW ON *.*</query>'],
    ['<max_sessions_for_user>1</max_sessions_for_user>', ''],
  ],
};
