import type { Config } from './config.ts';

interface ClearTextLogin {
  /** Contains no secret. */
  problem: string;
  remedy: string;
}

/** The logins of the configuration that anyone on the network can read. */
export function clearTextLogins({ kafka, formats }: Pick<Config, 'kafka' | 'formats'>): ClearTextLogin[] {
  const { sasl, tls } = kafka;
  const registry = formats.schemaRegistryUrl;
  const found: [isSo: boolean, problem: string, remedy: string][] = [
    [
      tls === null && sasl?.mechanism === 'PLAIN',
      'KAFKA_SASL_MECHANISM=PLAIN without KAFKA_TLS=on sends the password of Kafka unencrypted',
      'Set KAFKA_TLS=on, or use SCRAM-SHA-512.',
    ],
    [
      tls === null && sasl?.mechanism === 'OAUTHBEARER',
      'KAFKA_SASL_MECHANISM=OAUTHBEARER without KAFKA_TLS=on sends the token unencrypted, and anyone who reads it can log in',
      'Set KAFKA_TLS=on.',
    ],
    [
      sasl?.mechanism === 'OAUTHBEARER' && isHttp(sasl.client.tokenUrl),
      'KAFKA_OAUTH_TOKEN_URL is an http:// address, so the client secret is sent unencrypted',
      'Use an https:// address.',
    ],
    [
      registry !== undefined && isHttp(registry) && new URL(registry).password !== '',
      'SCHEMA_REGISTRY_URL has a password and is an http:// address, so the password is sent unencrypted',
      'Use an https:// address.',
    ],
  ];
  return found.flatMap(([isSo, problem, remedy]) => (isSo ? [{ problem, remedy }] : []));
}

function isHttp(url: string): boolean {
  return new URL(url).protocol === 'http:';
}
