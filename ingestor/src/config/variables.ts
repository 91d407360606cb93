import { DEFAULT_TOPIC } from '@floorwatch/contract';
import { z } from 'zod';
import { isTopicPattern } from './topic-entries.ts';
import { parseMaskRules } from '../masking/mask-rules.ts';
import { DATA_SOURCE_VARIABLES } from '../provisioning/variables.ts';
import { certificateFile, privateKeyFile, textFile } from './files.ts';

/**
 * Every environment variable that the ingestor reads, in the order of the documentation.
 * `allowed` completes the sentence "NAME must be ...". A prefault is the default as a user would write it.
 */
const text = (allowed = 'text') => z.string().min(1).meta({ allowed });

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values).meta({ allowed: values.join(', ').replace(/, ([^,]*)$/, ' or $1') });

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
    .meta({ allowed: `a whole number from ${min} to ${max}` });

const list = z
  .string()
  .transform((s) => s.split(',').map((item) => item.trim()))
  .pipe(z.array(z.string().min(1)))
  .meta({ allowed: 'names separated by commas' });

const isRegularExpression = (text: string): boolean => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
};

const topics = z
  .string()
  .transform((s) => s.split(',').map((item) => item.trim()))
  .pipe(
    z.array(
      z
        .string()
        .min(1)
        .refine((item) => (isTopicPattern(item) ? isRegularExpression(item) : /^[\w.-]{1,249}$/.test(item)))
    )
  )
  .meta({ allowed: 'names, or regular expressions that begin with ^, separated by commas' });

const hasPort = (address: string): boolean => Number(address.split(':').at(-1)) <= 65_535;

const brokers = z
  .string()
  .transform((s) => s.split(',').map((item) => item.trim()))
  .pipe(
    z.array(
      z
        .string()
        .regex(/^[^\s:/]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i)
        .refine(hasPort)
    )
  )
  .meta({ allowed: 'host:port pairs separated by commas' });

const httpUrl = z.url({ protocol: /^https?$/ }).meta({ allowed: 'an http:// or https:// address' });

const httpUrls = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(z.tuple([httpUrl], httpUrl))
  .meta({ allowed: 'an http:// or https:// address, or several separated by commas' });

const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'aws-msk-iam'] as const;

export const TOPIC_FORMATS = ['json', 'registry', 'vda5050', 'massrobotics'] as const;

const topicFormats = z
  .string()
  .transform((s) => s.split(',').map((item) => item.trim().split('=')))
  .pipe(z.array(z.tuple([z.string().min(1), z.enum(TOPIC_FORMATS)])))
  .meta({ allowed: `topic=format pairs separated by commas (formats: ${TOPIC_FORMATS.join(', ')})` });

const headerNames = z
  .string()
  .transform((s) => s.split(',').map((item) => item.trim()))
  .pipe(z.array(z.string().regex(/^[\w-]{1,100}$/)))
  .meta({ allowed: 'names of letters, digits, - and _, separated by commas' });
const maskFields = z
  .string()
  .transform((text, context) => {
    const rules = parseMaskRules(text);
    if (rules !== null) return rules;
    context.addIssue('wrong');
    return z.NEVER;
  })
  .meta({
    allowed:
      'field=drop, field=hash or field=truncate:N, separated by commas (ts cannot be masked; robot_id cannot be dropped; numbers, state and meta can only be dropped, x and y only together)',
  });

export const VARIABLES = {
  INGEST_PATH: oneOf(['ingestor', 'engine', 'both'])
    .prefault('ingestor')
    .describe("The path that writes: this service, ClickHouse's Kafka engine, or both"),

  KAFKA_BROKERS: brokers.prefault('localhost:9092').describe('Bootstrap brokers'),
  KAFKA_TOPIC: topics
    .prefault(DEFAULT_TOPIC)
    .describe(
      'Topics to read; `^site-.+[.]telemetry$`, for example, reads all topics with such a name, those that are created later too'
    ),
  DEAD_LETTER_TOPIC: text('a name')
    .optional()
    .describe(
      'Topic to which rejected messages are copied, with the reason in headers, beside their dead letters in ClickHouse; if absent, none'
    ),
  KAFKA_GROUP_ID: text().prefault('floorwatch-ingestor').describe('Consumer group; its offsets store the progress'),
  KAFKA_CLIENT_ID: text().prefault('floorwatch-ingestor').describe('Name of this client in the broker’s logs'),
  KAFKA_SESSION_TIMEOUT_MS: integer(1_000, 300_000)
    .prefault('30000')
    .describe('A member loses its partitions after this time without a heartbeat'),

  KAFKA_TLS: oneOf(['off', 'on']).prefault('off').describe('Encrypts the connection to Kafka'),
  KAFKA_TLS_CA_FILE: certificateFile
    .optional()
    .describe('Trusted CA certificates of the brokers; default: those of Node.js'),
  KAFKA_TLS_CERT_FILE: certificateFile
    .optional()
    .describe('Client certificate, for brokers that require one (mutual TLS)'),
  KAFKA_TLS_KEY_FILE: privateKeyFile.optional().describe('Private key of the client certificate'),
  KAFKA_SASL_MECHANISM: oneOf(SASL_MECHANISMS).optional().describe('Login mechanism of Kafka; if absent, no login'),
  KAFKA_SASL_USERNAME: text().optional().describe('User for PLAIN and SCRAM'),
  KAFKA_SASL_PASSWORD: text().optional().describe('Password for PLAIN and SCRAM'),
  KAFKA_OAUTH_TOKEN_URL: httpUrl.optional().describe('Token endpoint for OAUTHBEARER (client credentials grant)'),
  KAFKA_OAUTH_CLIENT_ID: text().optional().describe('Client id for OAUTHBEARER'),
  KAFKA_OAUTH_CLIENT_SECRET: text().optional().describe('Client secret for OAUTHBEARER'),
  KAFKA_OAUTH_SCOPE: text().optional().describe('Scope to request for OAUTHBEARER'),

  KAFKA_AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .meta({ allowed: 'an AWS region, such as eu-central-1' })
    .optional()
    .describe('Region of Amazon MSK, for aws-msk-iam. The credentials are those that the AWS SDK finds'),
  TOPIC_FORMATS: topicFormats
    .optional()
    .describe(
      'Formats of topics that do not contain JSON events of the contract: `registry` (Avro, Protobuf or JSON with a schema id), `vda5050` or `massrobotics`'
    ),
  SCHEMA_REGISTRY_URL: httpUrl
    .optional()
    .describe('Confluent-compatible schema registry of the `registry` topics; may contain user:password@'),
  MASSROBOTICS_DATUMS_FILE: textFile
    .optional()
    .describe('JSON or YAML; per planar datum UUID: `map_id`, `x`, `y`, `yaw` (metres, radians), `metres_per_unit`'),

  ENRICH_EVERY_MS: integer(1_000, 86_400_000)
    .optional()
    .describe(
      'How often to read `warehouse.robots`, which adds `site_id`, `meta.model` and `meta.fleet` to events without them; if absent, events are not enriched'
    ),
  STORE_HEADERS: headerNames
    .optional()
    .describe(
      'Names of Kafka headers that are stored in `meta.kafka_headers` of the events; if absent, none is stored'
    ),
  MASK_FIELDS: maskFields
    .optional()
    .describe(
      'Fields to mask before anything is stored, dead letters included, such as `robot_id=hash,meta.operator=drop`'
    ),
  MASK_SALT: z
    .string()
    .min(16)
    .meta({ allowed: 'text of at least 16 characters' })
    .optional()
    .describe(
      'Salt of the hashes. Keep it secret: anyone who knows it can find the names behind the hashes by trying names'
    ),

  CLICKHOUSE_URL: httpUrls
    .prefault('http://localhost:8123')
    .describe(
      'ClickHouse HTTP interface; several addresses, separated by commas, are replicas of one cluster: if one fails, the next is used'
    ),
  CLICKHOUSE_USER: text().prefault('floorwatch_writer').describe('User that inserts'),
  CLICKHOUSE_PASSWORD: z.string().meta({ allowed: 'text' }).prefault('').describe('Password of CLICKHOUSE_USER'),
  CLICKHOUSE_TLS_CA_FILE: certificateFile
    .optional()
    .describe('Trusted CA certificates of ClickHouse; default: those of Node.js'),
  CLICKHOUSE_TLS_CERT_FILE: certificateFile
    .optional()
    .describe('Client certificate (mutual TLS); without a password it identifies the user'),
  CLICKHOUSE_TLS_KEY_FILE: privateKeyFile.optional().describe('Private key of the client certificate'),
  CLICKHOUSE_DATABASE: text().prefault('warehouse').describe('Database of the tables'),
  CLICKHOUSE_REQUEST_TIMEOUT_MS: integer(1_000, 120_000)
    .prefault('20000')
    .describe('An insert that takes longer is cancelled and retried; must be below KAFKA_SESSION_TIMEOUT_MS'),

  BATCH_MAX_ROWS: integer(1, 1_000_000).prefault('100000').describe('Maximum rows of a batch'),
  BATCH_MAX_BYTES: integer(1_024, 268_435_456)
    .prefault('33554432')
    .describe('Maximum bytes of Kafka messages of a batch'),
  BATCH_MAX_MS: integer(10, 600_000)
    .prefault('1000')
    .describe('A batch is flushed when its first event is this old, or ten times as old while a backlog is read'),
  BATCH_MAX_PER_SECOND: integer(1, 1_000)
    .prefault('16')
    .describe(
      'Maximum batches per second, of all partitions together, that are flushed for their age. With more busy partitions (or fewer and a BATCH_MAX_MS below a second), each batch waits longer (30 s at most, if BATCH_MAX_MS is less). Full batches are flushed at once'
    ),
  BUFFER_MAX_BYTES: integer(1_048_576, 4_294_967_296)
    .prefault('33554432')
    .describe('Maximum bytes of rows in memory; above it, partitions are paused until ClickHouse has stored them'),
  DUPLICATE_WINDOW_EVENTS: integer(0, 10_000_000)
    .prefault('20000')
    .describe("Event ids remembered per partition, to drop a producer's duplicates; read from Kafka again at start"),

  GRAFANA_URL: httpUrl
    .optional()
    .describe('Grafana that `ingestor check` covers too: plugins, data sources, alert rules, contact points'),
  GRAFANA_TOKEN: text().optional().describe('Token of a service account of this Grafana with the role Viewer'),
  ...DATA_SOURCE_VARIABLES,

  HTTP_HOST: text('an address of this machine')
    .prefault('127.0.0.1')
    .describe('Address on which /metrics, /healthz and /readyz listen'),
  HTTP_PORT: integer(0, 65_535).prefault('9464').describe('Port of these endpoints; 0 selects a free one'),
  KAFKA_ENGINE_GROUP_ID: text('a name')
    .prefault('floorwatch-engine')
    .describe(
      "Consumer group of ClickHouse's Kafka engine; if INGEST_PATH includes it, its lag is exported and written to path_offsets"
    ),
  LAG_GROUPS: list.optional().describe('Additional consumer groups whose lag is exported'),
  // At most half of a minute: views and alerts take a sample that is older than a minute for that of an ingestor that stopped.
  LAG_INTERVAL_MS: integer(100, 30_000).prefault('5000').describe('How often lag is measured'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl
    .optional()
    .describe(
      "Collector for traces (OTLP over HTTP); if absent, tracing is off. The OpenTelemetry SDK's other `OTEL_*` variables apply too"
    ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl.optional().describe('The same, for traces only, with the path'),
  OTEL_SDK_DISABLED: oneOf(['false', 'true']).prefault('false').describe('Disables tracing even if a collector is set'),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .prefault('info')
    .describe('Minimum severity of log lines'),
} as const;

/** Variables that can be given as `NAME_FILE`, the path of a file with the value. Their values are never printed. */
export const SECRETS: ReadonlySet<string> = new Set([
  'KAFKA_SASL_PASSWORD',
  'KAFKA_OAUTH_CLIENT_SECRET',
  'SCHEMA_REGISTRY_URL',
  'MASK_SALT',
  'CLICKHOUSE_PASSWORD',
  'GRAFANA_TOKEN',
]);

/** All variables, each valid by itself. */
export type Values = z.output<z.ZodObject<typeof VARIABLES>>;
