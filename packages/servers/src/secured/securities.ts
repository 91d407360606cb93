import type { Lab } from './lab.ts';

/** A way to be let in by Kafka and ClickHouse, as the ingestor's configuration. */
export interface Security {
  name: string;
  /** How ClickHouse is reached meanwhile. */
  clickHouse: keyof Lab['clickHouseUrls'];
  kafkaEnv(lab: Lab): Record<string, string>;
}

/** Every kind of security that the ingestor promises. */
export const SECURITIES: readonly Security[] = [
  { name: 'plaintext', clickHouse: 'http', kafkaEnv: ({ brokers }) => ({ KAFKA_BROKERS: brokers.open }) },
  {
    name: 'tls',
    clickHouse: 'https',
    kafkaEnv: (lab) => ({ KAFKA_BROKERS: lab.brokers.tls, ...trust(lab) }),
  },
  {
    name: 'mtls',
    clickHouse: 'httpsMutual',
    kafkaEnv: (lab) => ({
      KAFKA_BROKERS: lab.brokers.mtls,
      ...trust(lab),
      KAFKA_TLS_CERT_FILE: lab.certificates.client.cert,
      KAFKA_TLS_KEY_FILE: lab.certificates.client.key,
    }),
  },
  { name: 'sasl_plain', clickHouse: 'https', kafkaEnv: (lab) => byPassword(lab, 'PLAIN') },
  { name: 'scram_sha_256', clickHouse: 'https', kafkaEnv: (lab) => byPassword(lab, 'SCRAM-SHA-256') },
  { name: 'scram_sha_512', clickHouse: 'httpsMutual', kafkaEnv: (lab) => byPassword(lab, 'SCRAM-SHA-512') },
  {
    name: 'oauthbearer',
    clickHouse: 'httpsMutual',
    kafkaEnv: (lab) => ({
      KAFKA_BROKERS: lab.brokers.sasl,
      ...trust(lab),
      KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
      KAFKA_OAUTH_TOKEN_URL: lab.oauth.tokenUrl,
      KAFKA_OAUTH_CLIENT_ID: lab.oauth.clientId,
      KAFKA_OAUTH_CLIENT_SECRET: lab.oauth.clientSecret,
    }),
  },
];

export function clickHouseEnv(lab: Lab, how: Security['clickHouse']): Record<string, string> {
  const { authority, client } = lab.certificates;
  return {
    CLICKHOUSE_URL: lab.clickHouseUrls[how],
    CLICKHOUSE_USER: 'floorwatch_writer',
    CLICKHOUSE_PASSWORD: lab.clickHouse.passwords.writer,
    ...(how !== 'http' && { CLICKHOUSE_TLS_CA_FILE: authority }),
    ...(how === 'httpsMutual' && { CLICKHOUSE_TLS_CERT_FILE: client.cert, CLICKHOUSE_TLS_KEY_FILE: client.key }),
  };
}

function trust({ certificates }: Lab): Record<string, string> {
  return { KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: certificates.authority };
}

function byPassword(lab: Lab, mechanism: string): Record<string, string> {
  return {
    KAFKA_BROKERS: lab.brokers.sasl,
    ...trust(lab),
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: lab.login.username,
    KAFKA_SASL_PASSWORD_FILE: lab.login.passwordFile,
  };
}
