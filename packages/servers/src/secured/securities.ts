import type { SecuredServers } from './servers.ts';

/** One way to authenticate with Kafka and ClickHouse, as configuration of the ingestor. */
export interface Security {
  name: string;
  /** Address of ClickHouse to use with it. */
  clickHouse: keyof SecuredServers['clickHouseUrls'];
  kafkaEnv(servers: SecuredServers): Record<string, string>;
}

/** Every kind of security that the ingestor supports. */
export const SECURITIES: readonly Security[] = [
  { name: 'plaintext', clickHouse: 'http', kafkaEnv: ({ brokers }) => ({ KAFKA_BROKERS: brokers.open }) },
  {
    name: 'tls',
    clickHouse: 'https',
    kafkaEnv: (servers) => ({ KAFKA_BROKERS: servers.brokers.tls, ...trust(servers) }),
  },
  {
    name: 'mtls',
    clickHouse: 'httpsMutual',
    kafkaEnv: (servers) => ({
      KAFKA_BROKERS: servers.brokers.mtls,
      ...trust(servers),
      KAFKA_TLS_CERT_FILE: servers.certificates.client.cert,
      KAFKA_TLS_KEY_FILE: servers.certificates.client.key,
    }),
  },
  { name: 'sasl_plain', clickHouse: 'https', kafkaEnv: (servers) => byPassword(servers, 'PLAIN') },
  { name: 'scram_sha_256', clickHouse: 'https', kafkaEnv: (servers) => byPassword(servers, 'SCRAM-SHA-256') },
  { name: 'scram_sha_512', clickHouse: 'httpsMutual', kafkaEnv: (servers) => byPassword(servers, 'SCRAM-SHA-512') },
  {
    name: 'oauthbearer',
    clickHouse: 'httpsMutual',
    kafkaEnv: (servers) => ({
      KAFKA_BROKERS: servers.brokers.sasl,
      ...trust(servers),
      KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
      KAFKA_OAUTH_TOKEN_URL: servers.oauth.tokenUrl,
      KAFKA_OAUTH_CLIENT_ID: servers.oauth.clientId,
      KAFKA_OAUTH_CLIENT_SECRET: servers.oauth.clientSecret,
    }),
  },
];

export function clickHouseEnv(servers: SecuredServers, how: Security['clickHouse']): Record<string, string> {
  const { authority, client } = servers.certificates;
  return {
    CLICKHOUSE_URL: servers.clickHouseUrls[how],
    CLICKHOUSE_USER: 'floorwatch_writer',
    CLICKHOUSE_PASSWORD: servers.clickHouse.passwords.writer,
    ...(how !== 'http' && { CLICKHOUSE_TLS_CA_FILE: authority }),
    ...(how === 'httpsMutual' && { CLICKHOUSE_TLS_CERT_FILE: client.cert, CLICKHOUSE_TLS_KEY_FILE: client.key }),
  };
}

function trust({ certificates }: SecuredServers): Record<string, string> {
  return { KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: certificates.authority };
}

function byPassword(servers: SecuredServers, mechanism: string): Record<string, string> {
  return {
    KAFKA_BROKERS: servers.brokers.sasl,
    ...trust(servers),
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: servers.login.username,
    KAFKA_SASL_PASSWORD_FILE: servers.login.passwordFile,
  };
}
