import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '@floorwatch/servers/child';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { claimPort } from '@floorwatch/servers/ports';
import { startSecuredServers, type SecuredServers } from '@floorwatch/servers/secured/servers';
import { clickHouseEnv, SECURITIES } from '@floorwatch/servers/secured/securities';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interopFormats, type InteropFormat } from '../interop/formats.ts';
import { readThrough } from '../interop/read-through.ts';
import { createTopics } from '../interop/traffic.ts';

const WRONG_SECRET = 'wrong-secret-5e884898da28';
const MAIN = join(REPOSITORY_DIR, 'ingestor/src/main.ts');

const dir = mkdtempSync(join(tmpdir(), 'floorwatch-security-'));
/** All HTTP responses of the ingestors. */
let answers = '';
let servers: SecuredServers;
let formats: InteropFormat[];

beforeAll(async () => {
  servers = await startSecuredServers(dir);
  formats = (await interopFormats(servers.registryUrl)).filter(({ name }) => name === 'json' || name === 'avro');
  await createTopics(servers.brokers.open, formats);
});
afterAll(async () => {
  await servers.stop();
  rmSync(dir, { recursive: true, force: true });
});

function securityNamed(name: string) {
  const found = SECURITIES.find((security) => security.name === name);
  if (!found) throw new Error(`no security is named ${name}`);
  return found;
}

// `npm run interop` tests every combination. This test has one security of each kind.
test.each(['mtls', 'scram_sha_512', 'oauthbearer'])('reads through %s', async (name) => {
  const rows = await readThrough(servers, securityNamed(name), formats, ['zstd']);
  expect(rows.map(({ format, ok, problem }) => ({ format, ok, problem }))).toEqual([
    { format: 'json', ok: true, problem: undefined },
    { format: 'avro', ok: true, problem: undefined },
  ]);
});

/** Runs an ingestor with wrong credentials until its log reports the failure. */
async function expectRejected(name: string, env: Record<string, string>, said: RegExp): Promise<void> {
  const port = await claimPort('Ingestor', undefined, 'HTTP_PORT');
  const ingestor = await startChild({
    component: 'Ingestor',
    command: process.execPath,
    args: [MAIN, 'run'],
    env: { ...env, HTTP_PORT: String(port), LOG_LEVEL: 'trace', KAFKA_TOPIC: 'interop.json', KAFKA_GROUP_ID: name },
    logFile: join(dir, `rejected-${name}.log`),
    missingRemedy: '',
  });
  try {
    const log = () => readFileSync(ingestor.logFile, 'utf8');
    await expect.poll(log, { timeout: 30_000, interval: 100 }).toMatch(said);
    for (const path of ['metrics', 'readyz']) {
      const answer = await fetch(`http://127.0.0.1:${port}/${path}`);
      answers += await answer.text();
      if (path === 'readyz') expect(answer.status).toBe(503);
    }
  } finally {
    await ingestor.stop();
  }
}

describe('access is denied', () => {
  const scram = () => securityNamed('scram_sha_256').kafkaEnv(servers);
  const clickHouse = () => clickHouseEnv(servers, 'httpsMutual');

  test('with a wrong password', () =>
    expectRejected(
      'wrong-password',
      { ...scram(), ...clickHouse(), KAFKA_SASL_PASSWORD_FILE: '', KAFKA_SASL_PASSWORD: WRONG_SECRET },
      /SASL SCRAM SHA256 authentication failed/
    ));

  test('with a wrong client secret', () =>
    expectRejected(
      'wrong-client-secret',
      { ...securityNamed('oauthbearer').kafkaEnv(servers), ...clickHouse(), KAFKA_OAUTH_CLIENT_SECRET: WRONG_SECRET },
      /the token endpoint responds with status 401/
    ));

  test('without the client certificate that mutual TLS requires', () =>
    expectRejected(
      'no-certificate',
      { ...securityNamed('mtls').kafkaEnv(servers), ...clickHouse(), KAFKA_TLS_CERT_FILE: '', KAFKA_TLS_KEY_FILE: '' },
      /alert bad certificate/
    ));

  test('to a broker whose certificate is not trusted', () =>
    expectRejected(
      'no-trust',
      { ...securityNamed('tls').kafkaEnv(servers), ...clickHouse(), KAFKA_TLS_CA_FILE: '' },
      /unable to verify the first certificate|self-signed certificate/
    ));

  test('to ClickHouse with a wrong password, or without the client certificate that it requires', async () => {
    const kafka = securityNamed('plaintext').kafkaEnv(servers);
    const noCertificate = { CLICKHOUSE_TLS_CERT_FILE: '', CLICKHOUSE_TLS_KEY_FILE: '' };
    const started = /serving \/metrics/;
    await expectRejected('clickhouse-certificate', { ...kafka, ...clickHouse(), ...noCertificate }, started);
    // Strangers read /readyz, so it has the kind of failure and not its text.
    expect(answers).toMatch(/ClickHouse does not respond \(unreachable[^)]*\)/);
    const log = readFileSync(join(dir, 'rejected-clickhouse-certificate.log'), 'utf8');
    expect(log).toMatch(/(certificate required|ECONNRESET|socket hang up).*ClickHouse does not respond/);
    await expectRejected(
      'clickhouse-password',
      { ...kafka, ...clickHouse(), CLICKHOUSE_PASSWORD: WRONG_SECRET },
      /insert failed.*Authentication failed|Authentication failed.*insert failed/
    );
  });
});

test('logs, metrics and HTTP responses contain no secret', () => {
  const logs = readdirSync(dir).filter((name) => name.endsWith('.log'));
  expect(logs.length).toBeGreaterThan(7);
  const output = logs.map((name) => readFileSync(join(dir, name), 'utf8')).join('\n') + answers;
  const { login, oauth, clickHouse } = servers;
  const passwords = [WRONG_SECRET, login.password, oauth.clientSecret, ...Object.values(clickHouse.passwords)];
  const encoded = passwords.flatMap((secret) => {
    const logins = [secret, `floorwatch:${secret}`, `floorwatch_writer:${secret}`, `\0floorwatch\0${secret}`];
    return logins.map((text) => Buffer.from(text).toString('base64'));
  });
  // Every signed token starts with eyJ; every private key has this header.
  const found = [...passwords, ...encoded, 'eyJ', 'PRIVATE KEY'].filter((secret) => output.includes(secret));
  expect(found).toEqual([]);
});
