import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startChild, type ServerProcess } from '@floorwatch/servers/child';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { startCutProxy, type CutProxy } from '@floorwatch/servers/cut-proxy';
import { INGESTOR_NODE, runIngestorCommand } from '@floorwatch/servers/ingestor';
import { startKafka } from '@floorwatch/servers/kafka';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { claimPort, LOOPBACK } from '@floorwatch/servers/ports';
import { createTopic } from '@floorwatch/servers/topic';
import type { Random } from '@floorwatch/demo/fleet/random';
import { SESSION_TIMEOUT_MS, type Fault, type Target } from './faults.ts';
import { specialFaults } from './special-faults.ts';

export const TOPIC = 'robot.telemetry';
export const GROUP = 'floorwatch-ingestor';
const PARTITIONS = 4;
/** No merges, because they would remove duplicate rows before they are counted; and no insert limits, because parts accumulate. */
const KEEP_EVERY_ROW =
  'max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1, parts_to_delay_insert = 100000, parts_to_throw_insert = 100000';

/** The processes under test: a broker and a ClickHouse, each behind a proxy, and two ingestors. */
export interface TestEnvironment {
  readonly brokers: string;
  /** Injects the fault and resolves when the process runs again: true if the fault took effect. */
  inject(fault: Fault): Promise<boolean>;
  /** A client of ClickHouse that may do everything. */
  readonly owner: ClickHouseClient;
  stop(): Promise<void>;
}

export async function startTestEnvironment(dir: string, random: Random): Promise<TestEnvironment> {
  const ingestorLog = join(dir, 'ingestors.log');
  const proxiedPort = await claimPort('Kafka', undefined, 'KAFKA_PORT');
  const kafkaProxy = await startCutProxy(proxiedPort);
  const kafkaOptions = { dataDir: join(dir, 'kafka'), proxied: { port: proxiedPort, proxyPort: kafkaProxy.port } };
  let kafka = await startKafka(kafkaOptions);
  let clickhouse = await startClickHouse({ dataDir: join(dir, 'clickhouse') });
  const { httpPort, tcpPort, passwords, url } = clickhouse;
  const passwordEnv = Object.fromEntries(
    Object.entries(passwords).map(([user, password]) => [`CLICKHOUSE_${user.toUpperCase()}_PASSWORD`, password])
  );
  const proxies: Record<'clickhouse' | 'kafka', CutProxy> = {
    clickhouse: await startCutProxy(httpPort),
    kafka: kafkaProxy,
  };
  await createTopic({ brokers: kafka.brokers, topic: TOPIC, partitions: PARTITIONS });
  await runIngestorCommand('Migrations', ['migrate'], {
    env: { CLICKHOUSE_URL: url, CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner },
    logFile: join(dir, 'migrate.log'),
  });
  const owner = createClient({ url, username: 'floorwatch_owner', password: passwords.owner, database: 'warehouse' });
  for (const table of ['telemetry_raw', 'dead_letters']) {
    await owner.command({ query: `ALTER TABLE ${table} MODIFY SETTING ${KEEP_EVERY_ROW}` });
  }

  const startIngestor = (n: number, more: Record<string, string> = {}): Promise<ServerProcess> =>
    startChild({
      component: `Ingestor ${n}`,
      command: process.execPath,
      args: [...INGESTOR_NODE.flags, join(REPOSITORY_DIR, 'ingestor/src/main.ts'), 'run'],
      env: {
        ...INGESTOR_NODE.env,
        KAFKA_BROKERS: `${LOOPBACK}:${proxies.kafka.port}`,
        KAFKA_TOPIC: TOPIC,
        KAFKA_GROUP_ID: GROUP,
        KAFKA_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT_MS),
        CLICKHOUSE_URL: `http://${LOOPBACK}:${proxies.clickhouse.port}`,
        CLICKHOUSE_PASSWORD: passwords.writer,
        CLICKHOUSE_REQUEST_TIMEOUT_MS: String(SESSION_TIMEOUT_MS - 1_000),
        BATCH_MAX_MS: '500',
        HTTP_PORT: '0',
        ...more,
      },
      logFile: ingestorLog,
      missingRemedy: 'Run npm ci again.',
    });
  const ingestors: [ServerProcess, ServerProcess] = [await startIngestor(0), await startIngestor(1)];

  const processOf = (target: Target): ServerProcess => {
    if (target === 'kafka') return kafka;
    if (target === 'clickhouse') return clickhouse;
    return ingestors[target === 'ingestor-0' ? 0 : 1];
  };
  const restart = async (target: Target): Promise<void> => {
    if (target === 'kafka') kafka = await startKafka({ ...kafkaOptions, port: kafka.port });
    else if (target === 'clickhouse') {
      clickhouse = await startClickHouse({ dataDir: join(dir, 'clickhouse'), httpPort, tcpPort, env: passwordEnv });
    } else {
      const n = target === 'ingestor-0' ? 0 : 1;
      ingestors[n] = await startIngestor(n);
    }
  };

  const killIngestor = async (n: 0 | 1): Promise<void> => {
    ingestors[n].kill('SIGKILL');
    await ingestors[n].exited;
  };
  const special = specialFaults({
    ...{
      brokers: kafka.brokers,
      topic: TOPIC,
      groupId: GROUP,
      partitions: PARTITIONS,
      kafkaDir: kafkaOptions.dataDir,
      owner,
      random,
    },
    clickhouseUrl: `http://${LOOPBACK}:${proxies.clickhouse.port}`,
    killServer: async (target) => {
      processOf(target).kill('SIGKILL');
      await processOf(target).exited;
    },
    restart,
    killIngestor,
    startIngestor: async (n, more) => {
      ingestors[n] = await startIngestor(n, more);
    },
  });

  return {
    brokers: kafka.brokers,
    owner,
    async inject(fault) {
      await sleep(fault.afterMs);
      if (!('target' in fault)) return special[fault.kind]();
      if (fault.kind === 'cut') {
        proxies[fault.target].cut();
        return true;
      }
      const victim = processOf(fault.target);
      if (fault.kind === 'stop') {
        victim.kill('SIGSTOP');
        await sleep(fault.forMs);
        victim.kill('SIGCONT');
        return true;
      }
      victim.kill('SIGKILL');
      await victim.exited;
      await restart(fault.target);
      return true;
    },
    async stop() {
      await owner.close();
      await Promise.all(ingestors.map((ingestor) => ingestor.stop()));
      for (const proxy of Object.values(proxies)) proxy.close();
      await Promise.all([kafka.stop(), clickhouse.stop()]);
    },
  };
}
