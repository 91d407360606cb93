import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { dataSourcesOf } from '../provisioning/variables.ts';
import { contradictionsOf } from './contradictions.ts';
import { kafkaSasl } from './kafka-sasl.ts';
import { pemTexts } from './pem-texts.ts';
import { unknownVariables } from './unknown-variables.ts';
import { allowedValues } from './table.ts';
import { SECRETS, VARIABLES, type Values } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration is wrong. The message names every wrong variable and its allowed values, and contains no secret. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** A login in an address is not shown, even where none is allowed. */
const LOGIN_IN_URL = /\/\/[^/]*@/g;

/** Reads the whole configuration. An empty variable counts as absent. Throws `ConfigError`. */
export function parseConfig(env: Environment = process.env) {
  const problems: string[] = [];
  const given = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, readVariable(name, env, problems)]));
  const parsed = z.object(VARIABLES).safeParse(given);
  for (const name of new Set((parsed.error?.issues ?? []).map((issue) => String(issue.path[0])))) {
    const shown = SECRETS.has(name) ? 'as given' : JSON.stringify(given[name]?.replace(LOGIN_IN_URL, '//…@'));
    problems.push(`${name} must be ${allowedValues(name)}, not ${shown}`);
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  const contradictions = contradictionsOf(parsed.data);
  if (contradictions.length > 0) throw new ConfigError(contradictions.join('\n'));
  return { ...shape(parsed.data), unknownVariables: unknownVariables(env) };
}

export type Config = ReturnType<typeof parseConfig>;

/** The suffix of the group that reads the messages which ClickHouse's Kafka engine skips. */
const EMPTY_MESSAGES_GROUP = '-empty-messages';

/** The consumer group that `ingestor run` joins. */
export function consumerGroup({ ingestPath, kafka }: Pick<Config, 'ingestPath' | 'kafka'>): string {
  return ingestPath === 'engine' ? kafka.groupId + EMPTY_MESSAGES_GROUP : kafka.groupId;
}

function readVariable(name: string, env: Environment, problems: string[]): string | undefined {
  const direct = env[name] === '' ? undefined : env[name];
  const file = SECRETS.has(name) ? env[`${name}_FILE`] : undefined;
  if (!file) return direct;
  if (direct !== undefined) problems.push(`${name} and ${name}_FILE must not both be set`);
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(`${name}_FILE must be a readable file: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`);
    return undefined;
  }
}

function shape(v: Values) {
  return {
    ingestPath: v.INGEST_PATH,
    kafka: {
      brokers: v.KAFKA_BROKERS,
      topics: v.KAFKA_TOPIC,
      deadLetterTopic: v.DEAD_LETTER_TOPIC ?? null,
      groupId: v.KAFKA_GROUP_ID,
      clientId: v.KAFKA_CLIENT_ID,
      sessionTimeoutMs: v.KAFKA_SESSION_TIMEOUT_MS,
      tls:
        v.KAFKA_TLS === 'on'
          ? pemTexts({ ca: v.KAFKA_TLS_CA_FILE, cert: v.KAFKA_TLS_CERT_FILE, key: v.KAFKA_TLS_KEY_FILE })
          : null,
      sasl: kafkaSasl(v),
    },
    formats: {
      byTopic: new Map(v.TOPIC_FORMATS ?? []),
      schemaRegistryUrl: v.SCHEMA_REGISTRY_URL,
      massRoboticsDatums: v.MASSROBOTICS_DATUMS_FILE,
      storedHeaders: v.STORE_HEADERS ?? [],
      masking: v.MASK_FIELDS ? { rules: v.MASK_FIELDS, salt: v.MASK_SALT ?? '' } : null,
    },
    enrichEveryMs: v.ENRICH_EVERY_MS,
    clickhouse: {
      url: v.CLICKHOUSE_URL[0],
      /** Each `{ host, port }` of the addresses, in order. */
      hosts: v.CLICKHOUSE_URL.map(hostOf),
      user: v.CLICKHOUSE_USER,
      password: v.CLICKHOUSE_PASSWORD,
      tls: pemTexts({
        ca: v.CLICKHOUSE_TLS_CA_FILE,
        cert: v.CLICKHOUSE_TLS_CERT_FILE,
        key: v.CLICKHOUSE_TLS_KEY_FILE,
      }),
      database: v.CLICKHOUSE_DATABASE,
      requestTimeoutMs: v.CLICKHOUSE_REQUEST_TIMEOUT_MS,
    },
    batch: {
      maxRows: v.BATCH_MAX_ROWS,
      maxBytes: v.BATCH_MAX_BYTES,
      maxMs: v.BATCH_MAX_MS,
      maxPerSecond: v.BATCH_MAX_PER_SECOND,
      bufferMaxBytes: v.BUFFER_MAX_BYTES,
      duplicateWindowEvents: v.DUPLICATE_WINDOW_EVENTS,
    },
    /** Null when `check` leaves it out. The address ends with a slash. */
    grafana:
      v.GRAFANA_URL === undefined
        ? null
        : { url: v.GRAFANA_URL.replace(/\/*$/, '/'), token: v.GRAFANA_TOKEN ?? '', dataSources: dataSourcesOf(v) },
    http: { host: v.HTTP_HOST, port: v.HTTP_PORT },
    lag: {
      groups: v.LAG_GROUPS ?? [],
      /** Null when the Kafka engine path is off. */
      engineGroup: v.INGEST_PATH === 'ingestor' ? null : v.KAFKA_ENGINE_GROUP_ID,
      intervalMs: v.LAG_INTERVAL_MS,
    },
    isTraced:
      v.OTEL_SDK_DISABLED === 'false' &&
      (v.OTEL_EXPORTER_OTLP_ENDPOINT ?? v.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined,
    logLevel: v.LOG_LEVEL,
  };
}

function hostOf(address: string): { host: string; port: number } {
  const { protocol, hostname, port } = new URL(address);
  // An IPv6 address stands in brackets.
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}
