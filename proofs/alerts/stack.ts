import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import type { ServerProcess } from '@floorwatch/servers/child';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { ComponentUnavailableError } from '@floorwatch/servers/errors';
import { startGrafana } from '@floorwatch/servers/grafana';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { runIngestorCommand, startIngestor } from '@floorwatch/servers/ingestor';
import { startKafka } from '@floorwatch/servers/kafka';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { LOOPBACK } from '@floorwatch/servers/ports';
import { startPrometheus } from '@floorwatch/servers/prometheus';
import { createTopic } from '@floorwatch/servers/topic';
import { ZONES, zoneLeft, zoneOf } from './fleet.ts';

export const TOPIC = 'robot.telemetry';
export const PARTITIONS = 3;
const HISTORY_MINUTES = 60;
const MINUTE_MS = 60_000;
const USERS_FILE = 'users.d/floorwatch.xml';

export type Part = 'kafka' | 'clickhouse' | 'ingestor' | 'prometheus' | 'grafana';

/** The real parts that a proof breaks. Each keeps its ports and its data over a restart. */
export interface AlertStack {
  brokers: string;
  grafanaUrl: string;
  owner: ClickHouseClient;
  process: (part: Part) => ServerProcess;
  /** SIGKILL, as a crash. */
  kill: (part: Part) => Promise<void>;
  /** SIGTERM, as a planned stop. */
  stop: (part: Part) => Promise<void>;
  start: (part: Part) => Promise<void>;
  /**
   * Makes the past of robots look as if a fault had begun some minutes ago, so that a rule about many minutes pages sooner.
   * @param minutes that end with the current one
   */
  rewriteMinutes: (
    robotIds: readonly string[],
    minutes: number,
    figures: Partial<typeof USUAL_MINUTE>
  ) => Promise<void>;
  /** Switches path A (ClickHouse's own Kafka reader) on or off, as an installation does: migrations, then the ingestor. */
  setIngestPath: (path: 'ingestor' | 'both') => Promise<void>;
  /** Writes the alert rules with these variables too, and restarts Grafana, which reads them at its start. */
  provisionAlerts: (variables: Record<string, string>) => Promise<void>;
  /** Changes ClickHouse's users file and restarts ClickHouse. @returns what changes it back */
  editUsers: (edit: (usersFile: string) => string) => Promise<() => Promise<void>>;
}

/**
 * Starts every part in `dir`, with alerts to `webhookUrl`.
 * @param robotIds get one hour of history
 * @throws ComponentUnavailableError
 */
export async function startAlertStack(
  dir: string,
  webhookUrl: string,
  robotIds: readonly string[]
): Promise<AlertStack> {
  if (!existsSync(join(REPOSITORY_DIR, 'plugin/dist/module.js')))
    throw new ComponentUnavailableError('Plugin', 'not built', 'Run npm run build.');
  const installation = findGrafana();
  const kafka = await startKafka({ dataDir: join(dir, 'kafka') });
  const { brokers, port: kafkaPort } = kafka;
  await createTopic({ brokers, topic: TOPIC, partitions: PARTITIONS });
  const clickHouseEnv = { KAFKA_BROKERS: brokers, KAFKA_TOPIC: TOPIC };
  const configDir = join(dir, 'clickhouse-config');
  cpSync(join(REPOSITORY_DIR, 'sql/server'), configDir, { recursive: true });
  const clickhouse = await startClickHouse({ dataDir: join(dir, 'clickhouse'), configDir, env: clickHouseEnv });
  const { url, passwords, httpPort, tcpPort } = clickhouse;
  const env = { KAFKA_BROKERS: brokers, KAFKA_TOPIC: TOPIC, CLICKHOUSE_URL: url };
  const migrate = async (path: object): Promise<void> => {
    await runIngestorCommand('Migrations', ['migrate'], {
      env: { ...env, ...path, CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner },
      logFile: join(dir, 'migrate.log'),
    });
  };
  await migrate({});
  const owner = createClient({ url, username: 'floorwatch_owner', password: passwords.owner, log: { level: 127 } });
  await insertFloor(owner);
  await insertHistory(owner, robotIds);
  const ingestorOptions = (path: object) => ({
    env: { ...env, ...path, CLICKHOUSE_PASSWORD: passwords.writer },
    logFile: join(dir, 'ingestor.log'),
  });
  let ingestPath = {};
  const ingestor = await startIngestor(ingestorOptions(ingestPath));
  const ingestorTarget = `${LOOPBACK}:${ingestor.httpPort}`;
  const prometheus = await startPrometheus({ dataDir: join(dir, 'prometheus'), ingestorTarget });
  const alertingDir = join(dir, 'alerting');
  const grafanaOptions = { installation, alertingDir, dataDir: join(dir, 'grafana'), adminPassword: 'admin' };
  const alerting = { ALERT_WEBHOOK_URL: webhookUrl };
  const writeAlerts = async (variables: Record<string, string>): Promise<void> => {
    await runIngestorCommand('Alerts', ['provisioning', '--out', alertingDir], {
      env: { ...alerting, ...variables },
      logFile: join(dir, 'provisioning.log'),
    });
  };
  await writeAlerts({});
  const grafanaEnv = {
    ...alerting,
    CLICKHOUSE_HOST: LOOPBACK,
    CLICKHOUSE_HTTP_PORT: String(httpPort),
    CLICKHOUSE_READER_PASSWORD: passwords.reader,
    PROMETHEUS_URL: prometheus.url,
  };
  const grafana = await startGrafana({ ...grafanaOptions, env: grafanaEnv });
  const port = (address: string): number => Number(new URL(address).port);
  const processes: Record<Part, ServerProcess> = { kafka, clickhouse, ingestor, prometheus, grafana };

  const starters: Record<Part, () => Promise<ServerProcess>> = {
    kafka: () => startKafka({ dataDir: join(dir, 'kafka'), port: kafkaPort }),
    clickhouse: () => {
      const users = Object.entries(passwords).map(([user, password]) => [
        `CLICKHOUSE_${user.toUpperCase()}_PASSWORD`,
        password,
      ]);
      const sameUsers = { ...clickHouseEnv, ...(Object.fromEntries(users) as Record<string, string>) };
      return startClickHouse({ dataDir: join(dir, 'clickhouse'), configDir, httpPort, tcpPort, env: sameUsers });
    },
    ingestor: () => startIngestor({ ...ingestorOptions(ingestPath), httpPort: ingestor.httpPort }),
    prometheus: () => startPrometheus({ dataDir: join(dir, 'prometheus'), ingestorTarget, port: port(prometheus.url) }),
    grafana: () => startGrafana({ ...grafanaOptions, env: grafanaEnv, port: port(grafana.url) }),
  };
  const end = async (part: Part, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    processes[part].kill(signal);
    await processes[part].exited;
  };
  const kill = (part: Part): Promise<void> => end(part, 'SIGKILL');
  const stop = (part: Part): Promise<void> => end(part, 'SIGTERM');
  const start = async (part: Part): Promise<void> => {
    processes[part] = await starters[part]();
  };
  const writeUsers = async (text: string): Promise<void> => {
    writeFileSync(join(configDir, USERS_FILE), text);
    await kill('clickhouse');
    await start('clickhouse');
  };
  return {
    ...{ brokers, grafanaUrl: grafana.url, owner, kill, stop, start },
    process: (part) => processes[part],
    rewriteMinutes: (robots, minutes, figures) =>
      insertMinutes(owner, robots, { minutes, figures, untilMs: Date.now() }),
    setIngestPath: async (path) => {
      ingestPath = { INGEST_PATH: path };
      await migrate(ingestPath);
      await kill('ingestor');
      await start('ingestor');
    },
    provisionAlerts: async (variables) => {
      await writeAlerts(variables);
      await kill('grafana');
      await start('grafana');
    },
    editUsers: async (edit) => {
      const before = readFileSync(join(configDir, USERS_FILE), 'utf8');
      await writeUsers(edit(before));
      return () => writeUsers(before);
    },
  };
}

async function insertFloor(owner: ClickHouseClient): Promise<void> {
  const zones = ZONES.map((zone) => {
    const left = zoneLeft(zone);
    const polygon = [
      { x: left, y: 0 },
      { x: left + 10, y: 0 },
      { x: left + 10, y: 10 },
      { x: left, y: 10 },
    ];
    return { map_id: zone.map, zone_id: zone.zone, name: zone.zone, kind: 'zone', polygon };
  });
  await owner.insert({ table: 'warehouse.zones', format: 'JSONEachRow', values: zones });
}

const USUAL_MINUTE = { events: 60, seconds_working: 60, distance_metres: 20, tasks_completed: 1 };

/** One hour of minutes and of arrivals: a robot is slow, silent or without tasks compared with what it did before. */
async function insertHistory(owner: ClickHouseClient, robotIds: readonly string[]): Promise<void> {
  await insertMinutes(owner, robotIds, { minutes: HISTORY_MINUTES, figures: {}, untilMs: Date.now() - 2 * MINUTE_MS });
  const bucketMs = 10 * MINUTE_MS;
  const values = robotIds.flatMap((robot_id) =>
    Array.from({ length: 6 }, (_, i) => {
      const bucket = (Math.floor(Date.now() / bucketMs) - i - 1) * bucketMs;
      const times = {
        bucket: bucket / 1000,
        first_arrival: dateTime(bucket),
        last_arrival: dateTime(bucket + bucketMs - 1_000),
      };
      return { robot_id, ...times, min_delay_ms: 0 };
    })
  );
  await owner.insert({ table: 'warehouse.robot_arrivals', format: 'JSONEachRow', values });
}

/** Rows that win over what the roll-up computes for the same minutes. */
async function insertMinutes(
  owner: ClickHouseClient,
  robotIds: readonly string[],
  { minutes, figures, untilMs }: { minutes: number; figures: Partial<typeof USUAL_MINUTE>; untilMs: number }
): Promise<void> {
  const last = Math.floor(untilMs / MINUTE_MS) * 60;
  const computed = { computed_at: dateTime(Date.now()), events_read: 1_000_000 };
  const values = robotIds.flatMap((robot_id) => {
    const { site, map } = zoneOf(Number(robot_id.slice(-3)) - 1);
    const robot = { robot_id, site_id: site, map_id: map };
    return Array.from({ length: minutes }, (_, i) => ({
      ...{ ...robot, minute: last - 60 * i, ...USUAL_MINUTE, ...figures },
      ...computed,
    }));
  });
  await owner.insert({ table: 'warehouse.telemetry_minute', format: 'JSONEachRow', values });
}

/** In the text format of DateTime64(3, 'UTC'). */
function dateTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').slice(0, -1);
}
