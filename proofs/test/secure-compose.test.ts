import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { grafanaFindings } from '@floorwatch/ingestor/check/grafana';
import { dataSourcesOf } from '@floorwatch/ingestor/provisioning/variables';
import { stopAllChildren } from '@floorwatch/servers/child';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { startGrafana } from '@floorwatch/servers/grafana';
import { installedGrafana } from '@floorwatch/servers/grafana-home';
import { runIngestorCommand, startIngestor } from '@floorwatch/servers/ingestor';
import { startKafka } from '@floorwatch/servers/kafka';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { claimPort, LOOPBACK } from '@floorwatch/servers/ports';
import { startTlsProxy, type TlsProxy } from '@floorwatch/servers/secured/tls-proxy';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../access/attempt.ts';
import { grafanaToken } from './grafana-token.ts';
import { SecureCompose } from './secure-compose.ts';

const dir = mkdtempSync(join(tmpdir(), 'floorwatch-secure-'));
const installation = installedGrafana();
let compose: SecureCompose;
let clickHouse: ClickHouse;
/** Of the service that creates the users of Kafka. */
let users: { status: number; output: string };
let front: TlsProxy;
let brokers: string;

const freePort = (): Promise<number> => claimPort('Test', undefined, 'PORT');

beforeAll(async () => {
  const [internal, secure, external, controller, https] = await Promise.all(Array.from({ length: 5 }, freePort));
  brokers = `localhost:${String(secure)}`;
  compose = new SecureCompose(dir, {
    'kafka:19092': `localhost:${String(internal)}`,
    'kafka:19094': brokers,
    'localhost:19092': `${LOOPBACK}:${String(internal)}`,
    'localhost:9093': `${LOOPBACK}:${String(controller)}`,
    '127.0.0.1:9092': `${LOOPBACK}:${String(external)}`,
    'SECURE://:19094': `SECURE://:${String(secure)}`,
    'EXTERNAL://:9092': `EXTERNAL://:${String(external)}`,
    'localhost:19094': brokers,
    'https://clickhouse:8443': `https://localhost:${String(https)}`,
  });
  compose.makeSecrets();
  await startKafka({ dataDir: join(dir, 'kafka'), port: Number(internal), properties: compose.kafkaProperties() });
  const creating = compose.run('kafka-users');
  clickHouse = await startClickHouse({
    dataDir: join(dir, 'clickhouse'),
    configDir: compose.clickHouseConfig(),
    env: {
      ...compose.environment('clickhouse'),
      ...{ KAFKA_ENGINE_PASSWORD: compose.secret('kafka-engine/password') },
      ...Object.fromEntries(
        ['owner', 'writer', 'reader'].map((user) => [
          `CLICKHOUSE_${user.toUpperCase()}_PASSWORD`,
          compose.secret(`clickhouse-${user}/password`),
        ])
      ),
    },
  });
  const certificate = (ending: string): string => join(dir, `secrets/tls-clickhouse/server.${ending}`);
  const files = { authority: compose.authority, server: { cert: certificate('crt'), key: certificate('key') } };
  front = await startTlsProxy(clickHouse.httpPort, files, false, Number(https));
  users = await creating;
});
afterAll(async () => {
  front.close();
  await stopAllChildren();
  rmSync(dir, { recursive: true, force: true });
});

/** @returns how many rows a query of the owner finds */
async function count(query: string): Promise<number> {
  const owner = { user: 'floorwatch_owner', password: compose.secret('clickhouse-owner/password') };
  const { text } = await send(clickHouse.url, owner, query);
  return Number(text);
}

/** Connects to the listener that containers use. @returns `connected`, or the error */
async function connecting(config: Partial<KafkaConfig>): Promise<string> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 }, ...config });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.listTopics();
    return 'connected';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await admin.disconnect();
  }
}

describe('docker-compose.secure.yml as processes', () => {
  test('creates the users and topics of Kafka, and its health check verifies the certificate', async () => {
    expect(users.status, users.output).toBe(0);
    const topics = await compose.run('topics');
    expect(topics.status, topics.output).toBe(0);
    expect(compose.healthCheck('kafka')).toBe(0);
    expect(compose.healthCheck('kafka', join(dir, 'secrets/tls-clickhouse/server.crt'))).toBe(1);
  });

  test('the ingestor stores what the fleet sends, each over TLS with a login of its own', async () => {
    const logFile = join(dir, 'ingestor.log');
    await runIngestorCommand('Schema', ['migrate'], { logFile, env: compose.environment('migrate') });
    const ingestor = await startIngestor({ logFile, env: compose.environment('ingestor') });
    const main = join(REPOSITORY_DIR, 'demo/src/main.ts');
    const fleet = ['simulate', '--robots=20', '--duration=20s', '--speed=Infinity'];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...fleet], {
      env: { PATH: process.env['PATH'] ?? '', ...compose.environment('fleet') },
    });
    const { distinctEventIds } = JSON.parse(stdout) as { distinctEventIds: number };
    expect(distinctEventIds).toBeGreaterThan(100);
    await expect
      .poll(() => count('SELECT count() FROM warehouse.telemetry_raw'), { timeout: 60_000, interval: 200 })
      .toBe(distinctEventIds);
    await ingestor.stop();
  });

  // The ClickHouse of these tests contains a librdkafka without OpenSSL ("Current build options: PLAIN"), which the server of the
  // image has. So this shows that the settings reach the library, and not that it logs in.
  test('path A asks the library that reads Kafka for TLS and SCRAM', async () => {
    const env = { ...compose.environment('migrate'), INGEST_PATH: 'engine' };
    await runIngestorCommand('Schema', ['migrate'], { logFile: join(dir, 'engine.log'), env });
    await expect
      .poll(() => readFileSync(clickHouse.logFile, 'utf8'), { timeout: 60_000, interval: 200 })
      .toMatch(/StorageKafka \(warehouse\.telemetry_queue\).* No provider for SASL mechanism SCRAM-SHA-512/);
    await runIngestorCommand('Schema', ['migrate'], {
      ...{ logFile: join(dir, 'engine.log'), env: { ...env, INGEST_PATH: 'ingestor' } },
    });
  });

  test('denies a client of Kafka without TLS, without trust in the certificate, or with the password of another', async () => {
    const ssl = { ca: [compose.secret('tls-authority/ca.crt')] };
    const as = (username: string, password: string) =>
      connecting({ ssl, sasl: { mechanism: 'scram-sha-512', username, password } });
    const fleet = compose.secret('kafka-fleet/password');
    expect(await as('floorwatch-fleet', fleet)).toBe('connected');
    expect(await as('floorwatch-ingestor', fleet)).toMatch(/SASL SCRAM SHA512 authentication failed/);
    expect(await connecting({ ssl })).not.toBe('connected');
    expect(await connecting({ ssl: true })).toMatch(/certificate/);
    expect(await connecting({ connectionTimeout: 2_000, requestTimeout: 2_000 })).not.toBe('connected');
  });

  test('the schema registry gets a login with which the tools of Kafka connect', async () => {
    const environment = compose.environment('schema-registry');
    const printed = await compose.run('schema-registry');
    expect(printed.status, printed.output).toBe(0);
    const login = /^SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG=(.*)$/m.exec(printed.output)?.[1] ?? '';
    const all = { ...environment, SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG: login };
    const prefix = 'SCHEMA_REGISTRY_KAFKASTORE_';
    const properties = Object.entries(all)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, text]) => `${name.slice(prefix.length).toLowerCase().replaceAll('_', '.')}=${text}\n`);
    writeFileSync(join(dir, 'admin.properties'), properties.join(''));
    const listed = await compose.tool('kafka-topics', [
      ...['--bootstrap-server', brokers, '--command-config', join(dir, 'admin.properties'), '--list'],
    ]);
    expect(listed.output).toContain('robot.telemetry');
  });
});

test.skipIf(installation === null)(
  'Grafana reads ClickHouse over HTTPS, requires a login and has a strict policy (skipped if Grafana is not installed)',
  async () => {
    if (installation === null) return;
    const environment = compose.environment('grafana');
    mkdirSync(join(dir, 'alerting'));
    const grafana = await startGrafana({
      ...{ installation, dataDir: join(dir, 'grafana'), alertingDir: join(dir, 'alerting') },
      adminPassword: 'admin',
      env: {
        ...environment,
        ...{ CLICKHOUSE_HOST: 'localhost', CLICKHOUSE_HTTP_PORT: new URL(front.url).port },
        CLICKHOUSE_CA_CERTIFICATE: compose.secret('tls-authority/ca.crt'),
        CLICKHOUSE_READER_PASSWORD: compose.secret('clickhouse-reader/password'),
      },
      settings: Object.fromEntries(Object.entries(environment).filter(([name]) => /^GF_(AUTH|SECURITY)_/.test(name))),
    });
    const health = '/api/datasources/uid/floorwatch-clickhouse/health';
    const authorization = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
    const answer = await fetch(grafana.url + health, { headers: { authorization } });
    expect(await answer.json()).toMatchObject({ status: 'OK' });
    expect((await fetch(grafana.url + health)).status).toBe(401);
    const token = await grafanaToken(grafana.url, 'admin');
    const findings = await grafanaFindings({
      grafana: { url: `${grafana.url}/`, token, dataSources: dataSourcesOf({}) },
    });
    expect(findings).toContainEqual({
      ...{ check: 'data source floorwatch-clickhouse', status: 'ok', detail: 'is healthy' },
    });
    const refused = await grafanaFindings({
      grafana: { url: `${grafana.url}/`, token: 'wrong', dataSources: dataSourcesOf({}) },
    });
    expect(refused.at(-1)).toMatchObject({ check: 'grafana login', status: 'failed' });
    const page = await fetch(`${grafana.url}/login`);
    const policy = page.headers.get('content-security-policy') ?? '';
    const expected = environment['GF_SECURITY_CONTENT_SECURITY_POLICY_TEMPLATE'] ?? '';
    const { host } = new URL(grafana.url);
    const filledIn = expected.replaceAll('$ROOT_PATH', `${host}/`).replace('$NONCE', '$ANY');
    expect(policy.replace(/'nonce-[^']+'/, () => '$ANY')).toBe(filledIn);
    await grafana.stop();
  }
);
