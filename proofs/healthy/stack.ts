import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { runIngestorCommand, startIngestor } from '@floorwatch/servers/ingestor';
import { startKafka } from '@floorwatch/servers/kafka';
import { createTopic } from '@floorwatch/servers/topic';
import { PARTITIONS, ZONES, zoneRow } from './fleet/floor.ts';

/** A refresh that waits for the one before it takes long on a busy machine. */
const REQUEST_TIMEOUT_MS = 180_000;

export const TOPIC = 'robot.telemetry';

export interface HealthyStack {
  brokers: string;
  /** Asks the views, as dashboards do. */
  reader: ClickHouseClient;
  owner: ClickHouseClient;
}

/** Kafka, ClickHouse and the ingestor, both paths switched on, and a floor with zones. */
export async function startStack(dir: string, cleanup: AsyncDisposableStack): Promise<HealthyStack> {
  const kafka = await startKafka({ dataDir: join(dir, 'kafka') });
  cleanup.defer(() => kafka.stop());
  await createTopic({ brokers: kafka.brokers, topic: TOPIC, partitions: PARTITIONS });
  const clickhouse = await startClickHouse({
    dataDir: join(dir, 'clickhouse'),
    env: { KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPIC },
  });
  cleanup.defer(() => clickhouse.stop());
  const { url, passwords } = clickhouse;
  const client = (user: 'owner' | 'reader'): ClickHouseClient => {
    const name = { username: `floorwatch_${user}`, password: passwords[user] };
    const settings = { output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' } as const;
    const made = createClient({
      url,
      ...name,
      database: 'warehouse',
      clickhouse_settings: settings,
      request_timeout: REQUEST_TIMEOUT_MS,
      log: { level: 127 },
    });
    cleanup.defer(() => made.close());
    return made;
  };
  const [owner, reader] = [client('owner'), client('reader')];
  const env = { KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPIC, CLICKHOUSE_URL: url, INGEST_PATH: 'both' };
  await runIngestorCommand('Migrations', ['migrate'], {
    env: { ...env, CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner },
    logFile: join(dir, 'migrate.log'),
  });
  await owner.insert({ table: 'zones', format: 'JSONEachRow', values: ZONES.map(zoneRow) });
  const ingestor = await startIngestor({
    env: { ...env, CLICKHOUSE_PASSWORD: passwords.writer },
    logFile: join(dir, 'ingestor.log'),
  });
  cleanup.defer(() => ingestor.stop());
  return { brokers: kafka.brokers, owner, reader };
}

/** Refreshes a roll-up now, not at its next turn. */
export async function refresh(owner: ClickHouseClient, view: string): Promise<void> {
  for (const step of ['REFRESH', 'WAIT']) await owner.command({ query: `SYSTEM ${step} VIEW ${view}` });
}
