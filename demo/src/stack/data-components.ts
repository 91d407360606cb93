import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_DEAD_LETTER_TOPIC } from '@floorwatch/contract';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { runIngestorCommand, startIngestor } from '@floorwatch/servers/ingestor';
import { kafkaAnswers, startKafka } from '@floorwatch/servers/kafka';
import { ComponentUnavailableError } from '@floorwatch/servers/errors';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { LOOPBACK } from '@floorwatch/servers/ports';
import { startSchemaRegistry } from '@floorwatch/servers/schema-registry';
import { createTopic } from '@floorwatch/servers/topic';
import type { LaunchedComponent } from './supervisor.ts';
import type { StackContext } from './context.ts';
import { respondsAt, useExternal } from './external.ts';

/** The demo keeps its messages for a day. */
const RETENTION_MS = 24 * 3_600_000;
/** The largest number of ingestors that can share the work. The same as in docker-compose.yml. */
const PARTITIONS = 6;
const PLANS_DIR = join(REPOSITORY_DIR, 'demo/plans');
/** Site of the simulated fleet and of its floor plans. */
export const DEMO_SITE_ID = 'demo-warehouse';

export async function launchKafka({
  settings,
  kafkaBrokers,
  dataDirOf,
  logFileOf,
}: StackContext): Promise<LaunchedComponent> {
  if (settings.external.kafkaBrokers) {
    return useExternal('Kafka', 'KAFKA_BROKERS', kafkaBrokers, () => kafkaAnswers(kafkaBrokers));
  }
  const kafka = await startKafka({
    dataDir: dataDirOf('kafka'),
    port: settings.ports.kafka,
    logFile: logFileOf('kafka'),
  });
  return { ...kafka, address: kafkaBrokers };
}

export async function launchRegistry(context: StackContext): Promise<LaunchedComponent> {
  const { settings, schemaRegistryUrl, dataDirOf, logFileOf } = context;
  if (settings.external.schemaRegistryUrl) {
    const probe = respondsAt(`${schemaRegistryUrl}/subjects`);
    return useExternal('Schema Registry', 'SCHEMA_REGISTRY_URL', schemaRegistryUrl, probe);
  }
  const registry = await startSchemaRegistry({
    dataDir: dataDirOf('schema-registry'),
    port: settings.ports.registry,
    logFile: logFileOf('schema-registry'),
  });
  return { ...registry, address: registry.url };
}

export async function launchClickHouse(context: StackContext): Promise<LaunchedComponent> {
  const { settings, passwords, clickHouseUrl, dataDirOf, logFileOf } = context;
  if (settings.external.clickHouseUrl) {
    return useExternal('ClickHouse', 'CLICKHOUSE_URL', clickHouseUrl, respondsAt(`${clickHouseUrl}/ping`));
  }
  const clickHouse = await startClickHouse({
    dataDir: dataDirOf('clickhouse'),
    httpPort: settings.ports.clickHouseHttp,
    tcpPort: settings.ports.clickHouseTcp,
    logFile: logFileOf('clickhouse'),
    env: {
      ...passwords,
      KAFKA_BROKERS: context.kafkaBrokers,
      KAFKA_TOPIC: settings.topic,
      KAFKA_ENGINE_GROUP_ID: context.engineGroupId,
    },
  });
  return { ...clickHouse, address: clickHouse.url };
}

export async function createTopics({ settings, kafkaBrokers }: StackContext): Promise<LaunchedComponent> {
  for (const topic of [settings.topic, DEFAULT_DEAD_LETTER_TOPIC]) {
    const config = { 'retention.ms': String(RETENTION_MS) };
    await createTopic({ brokers: kafkaBrokers, topic, partitions: PARTITIONS, config }).catch((error: unknown) => {
      throw new ComponentUnavailableError(
        'Topics',
        (error as Error).message,
        `Check the Kafka broker at ${kafkaBrokers}.`
      );
    });
  }
  return { address: settings.topic, state: 'done' };
}

export async function migrateSchema(context: StackContext): Promise<LaunchedComponent> {
  const logFile = context.logFileOf('migrations');
  await runIngestorCommand('Schema', ['migrate'], { env: ingestorEnv(context, 'owner'), logFile });
  return { address: '', logFile, state: 'done' };
}

export async function importFloorPlans(context: StackContext): Promise<LaunchedComponent> {
  const logFile = context.logFileOf('migrations');
  // ROS maps, and GeoJSON files with zones, lanes and stations.
  const plans = readdirSync(PLANS_DIR).filter((name) => /\.(yaml|geojson)$/.test(name));
  for (const plan of plans) {
    const site = plan.endsWith('.yaml') ? ['--site-id', DEMO_SITE_ID] : [];
    const args = ['floorplan', 'import', join(PLANS_DIR, plan), ...site];
    await runIngestorCommand('Floor plans', args, { env: ingestorEnv(context, 'writer'), logFile });
  }
  return { address: '', logFile, state: 'done' };
}

export async function launchIngestor(context: StackContext, watch: boolean): Promise<LaunchedComponent> {
  const ingestor = await startIngestor({
    env: ingestorEnv(context, 'writer'),
    httpPort: context.settings.ports.ingestor,
    logFile: context.logFileOf('ingestor'),
    watch,
  });
  return { ...ingestor, address: `${ingestor.url}/metrics` };
}

/** host:port at which Prometheus scrapes the ingestor. */
export function ingestorTarget({ settings }: StackContext): string {
  return `${LOOPBACK}:${settings.ports.ingestor}`;
}

function ingestorEnv(context: StackContext, user: 'owner' | 'writer'): Record<string, string> {
  const { settings, passwords } = context;
  return {
    KAFKA_BROKERS: context.kafkaBrokers,
    KAFKA_TOPIC: settings.topic,
    KAFKA_ENGINE_GROUP_ID: context.engineGroupId,
    INGEST_PATH: settings.ingestPath,
    ...(settings.ingestPath === 'ingestor' ? {} : { LAG_GROUPS: context.engineGroupId }),
    CLICKHOUSE_URL: context.clickHouseUrl,
    CLICKHOUSE_USER: `floorwatch_${user}`,
    CLICKHOUSE_PASSWORD: user === 'owner' ? passwords.CLICKHOUSE_OWNER_PASSWORD : passwords.CLICKHOUSE_WRITER_PASSWORD,
  };
}
