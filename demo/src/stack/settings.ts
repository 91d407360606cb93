import { DEFAULT_TOPIC } from '@floorwatch/contract';
import { LOOPBACK } from '@floorwatch/servers/ports';
import getPort from 'get-port';
import { z } from 'zod';

const port = (standard: number, what: string) =>
  z.coerce.number().int().min(1).max(65_535).default(standard).describe(`Port of ${what}`);
const address = (what: string) => z.string().min(1).optional().describe(`${what}, used instead of a new one`);

/** Every variable that the stack reads, from the environment or from .env. Passwords: see passwords.ts. */
const STACK_VARIABLES = z.object({
  KAFKA_PORT: port(9092, 'Kafka'),
  SCHEMA_REGISTRY_PORT: port(8081, 'the Schema Registry'),
  CLICKHOUSE_HTTP_PORT: port(8123, 'ClickHouse, HTTP'),
  CLICKHOUSE_TCP_PORT: port(9000, 'ClickHouse, native protocol'),
  INGESTOR_PORT: port(9464, "the ingestor's metrics and health"),
  PAGER_PORT: port(9465, 'the demo pager, which prints alert notifications'),
  PROMETHEUS_PORT: port(9090, 'Prometheus'),
  GRAFANA_PORT: port(3000, 'Grafana'),
  KAFKA_BROKERS: address('A running Kafka (host:port, comma-separated)'),
  SCHEMA_REGISTRY_URL: address('A running Confluent-compatible Schema Registry'),
  CLICKHOUSE_URL: address('A running ClickHouse with the users of sql/README.md (HTTP address)'),
  PROMETHEUS_URL: address('A running Prometheus that scrapes the ingestor'),
  GRAFANA_URL: address('A running Grafana with provisioning/ and the plugin'),
  GRAFANA_HOME: z
    .string()
    .optional()
    .describe('Grafana installation to start: the folder with bin/, conf/ and public/'),
  GRAFANA_PLUGINS_DIR: z.string().optional().describe('Folder that holds grafana-clickhouse-datasource'),
  PATH: z.string().optional().describe('Where to search for java, mvn, prometheus and grafana'),
  ALERT_WEBHOOK_URL: address(
    'Where Grafana sends alerts (webhook); other contact points: `ingestor provisioning --help`'
  ),
  KAFKA_TOPIC: z.string().min(1).default(DEFAULT_TOPIC).describe('Topic of the events'),
  INGEST_PATH: z
    .enum(['ingestor', 'engine', 'both'])
    .default('ingestor')
    .describe("Which path writes: the ingestor, ClickHouse's Kafka engine, or both"),
  FLEET_ROBOTS: z.coerce.number().int().min(0).default(50).describe('Simulated robots; 0 starts no fleet'),
});

/** The variables as aligned text: one per line, with its meaning and default. */
export function describeStackVariables(): string {
  const variables = Object.entries(STACK_VARIABLES.shape);
  const width = Math.max(...variables.map(([name]) => name.length));
  const defaults = STACK_VARIABLES.parse({}) as Record<string, string | number | undefined>;
  return variables
    .map(([name, schema]) => {
      const standard = defaults[name] === undefined ? '' : ` (default ${defaults[name]})`;
      return `  ${name.padEnd(width)}  ${schema.description ?? ''}${standard}`;
    })
    .join('\n');
}

export type PortName =
  'kafka' | 'registry' | 'clickHouseHttp' | 'clickHouseTcp' | 'ingestor' | 'pager' | 'prometheus' | 'grafana';

export interface StackSettings {
  ports: Readonly<Record<PortName, number>>;
  /** Addresses of servers that the user already runs. */
  external: {
    kafkaBrokers?: string | undefined;
    schemaRegistryUrl?: string | undefined;
    clickHouseUrl?: string | undefined;
    prometheusUrl?: string | undefined;
    grafanaUrl?: string | undefined;
    alertWebhookUrl?: string | undefined;
  };
  grafana: { home?: string | undefined; pluginsDir?: string | undefined; searchPath?: string | undefined };
  /** Variables of contact points, by name. */
  alerting: Readonly<Record<string, string>>;
  topic: string;
  ingestPath: 'ingestor' | 'engine' | 'both';
  fleetRobots: number;
}

/** The message names each invalid variable. */
export class StackSettingsError extends Error {
  override readonly name = 'StackSettingsError';
}

/** Treats an empty variable as absent, as docker compose does. @throws StackSettingsError */
export function parseStackSettings(env: Readonly<Record<string, string | undefined>>): StackSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, text]) => text !== ''));
  const parsed = STACK_VARIABLES.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StackSettingsError(wrong.join('\n'));
  }
  const v = parsed.data;
  return {
    ports: {
      kafka: v.KAFKA_PORT,
      registry: v.SCHEMA_REGISTRY_PORT,
      clickHouseHttp: v.CLICKHOUSE_HTTP_PORT,
      clickHouseTcp: v.CLICKHOUSE_TCP_PORT,
      ingestor: v.INGESTOR_PORT,
      pager: v.PAGER_PORT,
      prometheus: v.PROMETHEUS_PORT,
      grafana: v.GRAFANA_PORT,
    },
    external: {
      kafkaBrokers: v.KAFKA_BROKERS,
      schemaRegistryUrl: v.SCHEMA_REGISTRY_URL,
      clickHouseUrl: v.CLICKHOUSE_URL,
      prometheusUrl: v.PROMETHEUS_URL,
      grafanaUrl: v.GRAFANA_URL,
      alertWebhookUrl: v.ALERT_WEBHOOK_URL,
    },
    grafana: { home: v.GRAFANA_HOME, pluginsDir: v.GRAFANA_PLUGINS_DIR, searchPath: v.PATH },
    alerting: Object.fromEntries(Object.entries(given).filter(isAlerting)),
    topic: v.KAFKA_TOPIC,
    ingestPath: v.INGEST_PATH,
    fleetRobots: v.FLEET_ROBOTS,
  };
}

/** Variables of contact points, which `ingestor provisioning` validates. */
function isAlerting(entry: [string, string | undefined]): entry is [string, string] {
  return entry[0].startsWith('ALERT_') && entry[1] !== undefined;
}

/** The same settings with ports that are free now. */
export async function onFreePorts(settings: StackSettings): Promise<StackSettings> {
  const names = Object.keys(settings.ports) as PortName[];
  const ports = await Promise.all(names.map(async (name) => [name, await getPort({ host: LOOPBACK })] as const));
  return { ...settings, ports: Object.fromEntries(ports) as Record<PortName, number> };
}
