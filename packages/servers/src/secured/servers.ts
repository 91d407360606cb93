import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { startClickHouse, type ClickHouse } from '../clickhouse.ts';
import { runIngestorCommand } from '../ingestor.ts';
import { startKafka, type Kafka } from '../kafka.ts';
import { LOOPBACK } from '../ports.ts';
import { startSchemaRegistry } from '../schema-registry.ts';
import { makeCertificates, type CertificateFiles } from './certificates.ts';
import { startTlsProxy } from './tls-proxy.ts';
import { startTokenServer } from './token-server.ts';

/** Real servers that require every supported kind of security, with the credentials to access them. */
export interface SecuredServers {
  dir: string;
  kafka: Kafka;
  /** host:port of each listener of the broker. */
  brokers: Readonly<Record<'open' | 'tls' | 'mtls' | 'sasl', string>>;
  clickHouse: ClickHouse;
  /** Addresses of ClickHouse: without TLS, with TLS, with mutual TLS. */
  clickHouseUrls: Readonly<Record<'http' | 'https' | 'httpsMutual', string>>;
  registryUrl: string;
  certificates: CertificateFiles;
  login: { username: string; password: string; passwordFile: string };
  oauth: { tokenUrl: string; clientId: string; clientSecret: string };
  stop(): Promise<void>;
}

const CLIENT_NAME = 'floorwatch';

/**
 * Starts the servers with their data in a folder, and applies all migrations.
 * @throws ComponentUnavailableError
 */
export async function startSecuredServers(dir: string): Promise<SecuredServers> {
  const certificates = await makeCertificates(dir);
  const login = { username: CLIENT_NAME, password: randomSecret(), passwordFile: join(dir, 'kafka-password') };
  writeFileSync(login.passwordFile, `${login.password}\n`, { mode: 0o600 });
  const client = { id: CLIENT_NAME, secret: randomSecret() };
  const tokens = await startTokenServer(client);
  const ports = { tls: await freePort(), mtls: await freePort(), sasl: await freePort() };
  const [kafka, registry, clickHouse] = await Promise.all([
    startKafka({
      dataDir: join(dir, 'kafka'),
      secure: {
        ...{ ports, jwksUrl: tokens.jwksUrl, issuer: tokens.issuer, audience: tokens.audience },
        ...{ username: login.username, password: login.password },
        keyStoreFile: certificates.server.keyAndCert,
        trustStoreFile: certificates.authority,
      },
    }),
    startSchemaRegistry({ dataDir: join(dir, 'schema-registry') }),
    startClickHouse({ dataDir: join(dir, 'clickhouse') }),
  ]);
  await migrate(clickHouse, dir);
  const https = await startTlsProxy(clickHouse.httpPort, certificates, false);
  const httpsMutual = await startTlsProxy(clickHouse.httpPort, certificates, true);
  return {
    ...{ dir, kafka, clickHouse, registryUrl: registry.url, certificates, login },
    brokers: {
      open: kafka.brokers,
      tls: `${LOOPBACK}:${ports.tls}`,
      mtls: `${LOOPBACK}:${ports.mtls}`,
      sasl: `${LOOPBACK}:${ports.sasl}`,
    },
    clickHouseUrls: { http: clickHouse.url, https: https.url, httpsMutual: httpsMutual.url },
    oauth: { tokenUrl: tokens.tokenUrl, clientId: client.id, clientSecret: client.secret },
    stop: async () => {
      for (const server of [https, httpsMutual, tokens]) server.close();
      await Promise.all([kafka.stop(), registry.stop(), clickHouse.stop()]);
    },
  };
}

function migrate(clickHouse: ClickHouse, dir: string): Promise<string> {
  const env = {
    CLICKHOUSE_URL: clickHouse.url,
    CLICKHOUSE_USER: 'floorwatch_owner',
    CLICKHOUSE_PASSWORD: clickHouse.passwords.owner,
  };
  return runIngestorCommand('Schema', ['migrate'], { env, logFile: join(dir, 'migrate.log') });
}

function randomSecret(): string {
  return randomBytes(16).toString('hex');
}

function freePort(): Promise<number> {
  return getPort({ host: LOOPBACK });
}
