import { isMskIamSignerInstalled, MSK_IAM_SIGNER } from './kafka-sasl.ts';
import { isTopicPattern, namesTopic } from './topic-entries.ts';
import { isKeyOf } from './files.ts';
import type { Values } from './variables.ts';

type Rule = readonly [broken: boolean, sentence: string];

/** Settings that are valid alone but not together. One sentence each, without values, which may be secret. */
export function contradictionsOf(v: Values, isSignerInstalled = isMskIamSignerInstalled): string[] {
  const rules = [
    ...timeoutRules(v),
    ...formatRules(v),
    ...headerRules(v),
    ...maskingRules(v),
    ...kafkaSecurityRules(v, isSignerInstalled),
    [
      v.INGEST_PATH !== 'ingestor' && v.KAFKA_TOPIC.some(isTopicPattern),
      "KAFKA_TOPIC must have names only when INGEST_PATH is engine or both: ClickHouse's Kafka engine knows no patterns",
    ] satisfies Rule,
    ...clickHouseSecurityRules(v),
  ];
  return rules.filter(([broken]) => broken).map(([, sentence]) => sentence);
}

function timeoutRules(v: Values): Rule[] {
  return [
    [
      v.CLICKHOUSE_REQUEST_TIMEOUT_MS >= v.KAFKA_SESSION_TIMEOUT_MS,
      'CLICKHOUSE_REQUEST_TIMEOUT_MS must be below KAFKA_SESSION_TIMEOUT_MS, so that a slow insert ends before its partition has another owner',
    ],
  ];
}

function formatRules(v: Values): Rule[] {
  const formats = v.TOPIC_FORMATS ?? [];
  const uses = (format: string): boolean => formats.some(([, name]) => name === format);
  const repeated = formats.map(([topic]) => topic).filter((topic, i, all) => all.indexOf(topic) < i);
  const unread = formats.map(([topic]) => topic).filter((topic) => !namesTopic(v.KAFKA_TOPIC, topic));
  return [
    [
      v.DEAD_LETTER_TOPIC !== undefined && v.KAFKA_TOPIC.includes(v.DEAD_LETTER_TOPIC),
      'DEAD_LETTER_TOPIC must not be a topic of KAFKA_TOPIC: each copy would be read and copied again',
    ],
    [repeated.length > 0, `TOPIC_FORMATS must name each topic once; repeated: ${repeated.join(', ')}`],
    [unread.length > 0, `TOPIC_FORMATS must name topics of KAFKA_TOPIC, not ${unread.join(', ')}`],
    [
      uses('registry') && v.SCHEMA_REGISTRY_URL === undefined,
      'SCHEMA_REGISTRY_URL must be set for the registry topics of TOPIC_FORMATS',
    ],
    [
      uses('massrobotics') && v.MASSROBOTICS_DATUMS_FILE === undefined,
      'MASSROBOTICS_DATUMS_FILE must be set for the massrobotics topics of TOPIC_FORMATS: metres are never assumed',
    ],
  ];
}

function headerRules(v: Values): Rule[] {
  return [
    [
      v.STORE_HEADERS !== undefined && v.INGEST_PATH !== 'ingestor',
      'INGEST_PATH must be ingestor when STORE_HEADERS is set: the Kafka engine stores events without headers, and the newest copy of an event remains',
    ],
  ];
}

function maskingRules(v: Values): Rule[] {
  const hashes = v.MASK_FIELDS?.some(({ action }) => action.kind === 'hash') ?? false;
  return [
    [hashes && v.MASK_SALT === undefined, 'MASK_SALT must be set for the hashes of MASK_FIELDS'],
    [
      v.MASK_FIELDS !== undefined && v.INGEST_PATH !== 'ingestor',
      'INGEST_PATH must be ingestor when MASK_FIELDS is set: the Kafka engine stores events unmasked',
    ],
  ];
}

const OAUTH = ['KAFKA_OAUTH_TOKEN_URL', 'KAFKA_OAUTH_CLIENT_ID', 'KAFKA_OAUTH_CLIENT_SECRET'] as const;
const LOGIN = ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;
const NEEDED = {
  ...{ PLAIN: LOGIN, 'SCRAM-SHA-256': LOGIN, 'SCRAM-SHA-512': LOGIN, OAUTHBEARER: OAUTH },
  'aws-msk-iam': ['KAFKA_AWS_REGION'],
} as const;

function kafkaSecurityRules(v: Values, isSignerInstalled: () => boolean): Rule[] {
  const mechanism = v.KAFKA_SASL_MECHANISM;
  const needed = mechanism === undefined ? [] : NEEDED[mechanism];
  const files = [v.KAFKA_TLS_CA_FILE, v.KAFKA_TLS_CERT_FILE, v.KAFKA_TLS_KEY_FILE];
  return [
    ...needed.map((name): Rule => [v[name] === undefined, `${name} must be set for KAFKA_SASL_MECHANISM=${mechanism}`]),
    [
      v.KAFKA_TLS === 'off' && mechanism === 'aws-msk-iam',
      'KAFKA_TLS must be on for KAFKA_SASL_MECHANISM=aws-msk-iam: Amazon MSK accepts it with TLS only, on port 9098',
    ],
    [
      mechanism === 'aws-msk-iam' && !isSignerInstalled(),
      `KAFKA_SASL_MECHANISM=aws-msk-iam needs the package ${MSK_IAM_SIGNER}, which is not installed: run \`npm install --no-save ${MSK_IAM_SIGNER}\`, or see 'Amazon MSK' in ingestor/README.md for the image`,
    ],
    [v.KAFKA_TLS === 'off' && files.some(Boolean), 'KAFKA_TLS must be on when KAFKA_TLS_*_FILE are set'],
    ...pairRules('KAFKA', v.KAFKA_TLS_CERT_FILE, v.KAFKA_TLS_KEY_FILE),
  ];
}

function clickHouseSecurityRules(v: Values): Rule[] {
  const files = [v.CLICKHOUSE_TLS_CA_FILE, v.CLICKHOUSE_TLS_CERT_FILE, v.CLICKHOUSE_TLS_KEY_FILE];
  const urls = v.CLICKHOUSE_URL.map((address) => new URL(address));
  const [first] = urls;
  return [
    [
      urls.some(({ username, password }) => username !== '' || password !== ''),
      'CLICKHOUSE_URL must not contain a user: set CLICKHOUSE_USER',
    ],
    [
      urls.some(({ protocol }) => protocol === 'http:') && files.some(Boolean),
      'CLICKHOUSE_URL must be an https:// address when CLICKHOUSE_TLS_*_FILE are set',
    ],
    [
      urls.some(
        (url) => url.protocol !== first?.protocol || url.pathname !== first.pathname || url.search !== first.search
      ),
      'CLICKHOUSE_URL must have addresses that differ only in host and port',
    ],
    ...pairRules('CLICKHOUSE', v.CLICKHOUSE_TLS_CERT_FILE, v.CLICKHOUSE_TLS_KEY_FILE),
  ];
}

type TextFile = { text: string } | undefined;

function pairRules(of: 'KAFKA' | 'CLICKHOUSE', cert: TextFile, key: TextFile): Rule[] {
  const belong = !cert || !key || isKeyOf(key.text, cert.text);
  return [
    [!cert !== !key, `${of}_TLS_CERT_FILE and ${of}_TLS_KEY_FILE must be set together`],
    [!belong, `${of}_TLS_KEY_FILE must be the key of ${of}_TLS_CERT_FILE`],
  ];
}
