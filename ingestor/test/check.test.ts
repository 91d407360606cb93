import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startSecuredServers, type SecuredServers } from '@floorwatch/servers/secured/servers';
import { clickHouseEnv, SECURITIES } from '@floorwatch/servers/secured/securities';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../src/check/finding.ts';
import { runCommand } from './command.ts';

const NOWHERE = '127.0.0.1:9';
const WRONG_SECRET = 'wrong-secret-77aa';
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-check-'));
let lab: SecuredServers;
let owner: ClickHouseClient;

beforeAll(async () => {
  lab = await startSecuredServers(dir);
  owner = createClient({
    ...{ url: lab.clickHouse.url, username: 'floorwatch_owner', password: lab.clickHouse.passwords.owner },
    log: { level: 127 },
  });
  await createTopic({
    brokers: lab.brokers.open,
    topic: 'good',
    partitions: 2,
    config: { 'max.message.bytes': '10485760', 'retention.ms': '86400000' },
  });
  await createTopic({ brokers: lab.brokers.open, topic: 'hasty', partitions: 1, config: { 'retention.ms': '60000' } });
});
afterAll(async () => {
  await owner.close();
  await lab.stop();
  rmSync(dir, { recursive: true, force: true });
});

interface Report {
  ok: boolean;
  checks: Finding[];
}

async function check(env: Record<string, string> = {}): Promise<Report & { code: number | null }> {
  const plain = { KAFKA_BROKERS: lab.brokers.open, KAFKA_TOPIC: 'good', ...clickHouseEnv(lab, 'http') };
  const { code, stdout, stderr } = await runCommand(['check', '--json'], { ...plain, ...env });
  expect(stderr).toBe('');
  expect(stdout).not.toContain(WRONG_SECRET);
  return { code, ...(JSON.parse(stdout) as Report) };
}
const problems = ({ checks }: Report) =>
  checks.filter(({ status }) => status !== 'ok').map(({ check: of, status, detail }) => `${status} ${of}: ${detail}`);
const sql = (query: string) => owner.command({ query, clickhouse_settings: { mutations_sync: '2' } });

describe('a working configuration is ok', () => {
  test.each(['plaintext', 'mtls', 'scram_sha_512', 'oauthbearer'])('through %s', async (name) => {
    const security = SECURITIES.find((one) => one.name === name);
    if (!security) throw new Error(`no security ${name}`);
    const report = await check({
      ...{ ...security.kafkaEnv(lab), ...clickHouseEnv(lab, security.clickHouse) },
      ...{ TOPIC_FORMATS: 'good=registry', SCHEMA_REGISTRY_URL: lab.registryUrl },
    });
    // The test certificates are valid for a few days.
    const found = problems(report).filter((problem) => !problem.includes('expires in'));
    // The token server of the test has no certificate.
    const unencrypted = 'KAFKA_OAUTH_TOKEN_URL is an http:// address, so the client secret is sent unencrypted';
    expect(found).toEqual(name === 'oauthbearer' ? [`warning encryption: ${unencrypted}`] : []);
    expect(report).toMatchObject({ ok: true, code: 0 });
    expect(report.checks.map(({ check: of }) => of)).toEqual(
      expect.arrayContaining([
        'kafka',
        'topic good',
        'group floorwatch-ingestor',
        'clickhouse',
        'clock of clickhouse',
        'rights',
        'schema',
        'deduplication',
        'retention',
        'engine path',
        'insert into telemetry_raw',
        'insert into dead_letters',
        'events',
        'schema registry',
      ]) as string[]
    );
    const certificates = report.checks.filter(({ check: of }) => of.startsWith('certificate'));
    expect(certificates.length > 0).toBe(name !== 'plaintext');
  });

  test('without --json it prints one line per check', async () => {
    const { stdout } = await runCommand(['check'], {
      KAFKA_BROKERS: lab.brokers.open,
      KAFKA_TOPIC: 'good',
      ...clickHouseEnv(lab, 'http'),
    });
    expect(stdout).toMatch(/^ok {7}kafka +1 brokers at /);
    expect(stdout).toMatch(/^ok {7}events +none is stored yet: publish to good and run `ingestor run`/m);
    expect(stdout).toMatch(/0 warning, 0 failed\n$/);
  });
});

describe('Kafka', () => {
  test.each([
    ['is down', { KAFKA_BROKERS: NOWHERE }, /^failed kafka: 127\.0\.0\.1:9: .*ECONNREFUSED/],
    [
      'has no such topic',
      { KAFKA_TOPIC: 'bad' },
      /^failed topic bad: the topic does not exist; existing topics: .*good/,
    ],
    ['keeps too little', { KAFKA_TOPIC: 'hasty' }, /^warning topic hasty: keeps messages for 0\.0 h/],
  ])('%s', async (_, env, said) => {
    const report = await check(env);
    expect(problems(report)[0]).toMatch(said);
    expect(report.code).toBe(problems(report)[0]?.startsWith('failed') ? 1 : 0);
  });

  test('a wrong password and an untrusted certificate fail', async () => {
    const scram = SECURITIES.find(({ name }) => name === 'scram_sha_256')?.kafkaEnv(lab) ?? {};
    const wrong = await check({ ...scram, KAFKA_SASL_PASSWORD_FILE: '', KAFKA_SASL_PASSWORD: WRONG_SECRET });
    expect(problems(wrong)[0]).toMatch(/^failed kafka: .*authentication failed/i);
    const untrusted = await check({ KAFKA_BROKERS: lab.brokers.tls, KAFKA_TLS: 'on' });
    expect(problems(untrusted)[0]).toMatch(/^failed kafka: .*certificate/);
    for (const { checks, code } of [wrong, untrusted]) {
      expect(checks[0]?.remedy).toMatch(/KAFKA_(SASL|TLS)/);
      expect(code).toBe(1);
    }
  });

  test('a foreign member of the group is a warning', async () => {
    const kafka = new Kafka({ brokers: [lab.brokers.open], clientId: 'stranger', logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: 'shared' });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.connect();
    await consumer.subscribe({ topic: 'good' });
    await consumer.run({ eachMessage: () => Promise.resolve() });
    await joined;
    const report = await check({ KAFKA_GROUP_ID: 'shared' });
    await consumer.disconnect();
    expect(problems(report)).toEqual([
      expect.stringMatching(/^warning group shared: stranger \(127\.0\.0\.1\) is a member/),
    ]);
  });
});

describe('ClickHouse', () => {
  test.each([
    ['is down', { CLICKHOUSE_URL: `http://${NOWHERE}` }, /^failed clickhouse: .*ECONNREFUSED/],
    ['rejects the password', { CLICKHOUSE_PASSWORD: WRONG_SECRET }, /^failed clickhouse: .*Authentication failed/],
    ['has no engine path', { INGEST_PATH: 'both' }, /^failed engine path: off, although INGEST_PATH=both/],
    ['has no robots', { ENRICH_EVERY_MS: '60000' }, /^warning enrichment: the robots table is empty/],
  ])('%s', async (_, env, said) => {
    const report = await check(env);
    expect(problems(report)).toEqual([expect.stringMatching(said)]);
    expect(report.ok).toBe(!problems(report)[0]?.startsWith('failed'));
  });

  test('a user that can only read fails', async () => {
    const reader = { CLICKHOUSE_USER: 'floorwatch_reader', CLICKHOUSE_PASSWORD: lab.clickHouse.passwords.reader };
    const found = problems(await check(reader)).join('\n');
    expect(found).toContain(
      'failed rights: floorwatch_reader lacks INSERT ON warehouse.telemetry_raw: no event can be stored'
    );
    expect(found).toMatch(/failed insert into dead_letters: .*(Not enough privileges|readonly)/);
    expect(found).toMatch(/warning schema: .*Not enough privileges/);
  });

  test('no deduplication window, an older schema and no schema fail', async () => {
    await sql('ALTER TABLE warehouse.robot_latest MODIFY SETTING non_replicated_deduplication_window = 0');
    expect(problems(await check())).toEqual([
      expect.stringContaining('failed deduplication: robot_latest has no deduplication window'),
    ]);
    await sql('ALTER TABLE warehouse.robot_latest MODIFY SETTING non_replicated_deduplication_window = 10000');

    await sql(`ALTER TABLE warehouse.schema_migrations DELETE WHERE name = 'warehouse.v_zones'`);
    expect(problems(await check())).toEqual([
      expect.stringContaining('failed schema: views differ from this version: v_zones'),
    ]);
    await sql('ALTER TABLE warehouse.schema_migrations DELETE WHERE version > 7');
    expect(problems(await check())).toEqual([
      expect.stringMatching(/^failed schema: \d+ of \d+ migrations are missing: 0008_floor_cells/),
    ]);

    await sql('ALTER TABLE warehouse.dead_letters DROP COLUMN detail');
    expect(problems(await check()).join('\n')).toMatch(/failed insert into dead_letters: .*detail/);

    await sql('DROP DATABASE warehouse SYNC');
    const none = problems(await check()).join('\n');
    expect(none).toContain('failed schema: the database has no Floorwatch schema');
    expect(none).toContain('failed insert into telemetry_raw: ');
  });
});

test('a schema registry that does not respond, or is not one, fails', async () => {
  const formats = { TOPIC_FORMATS: 'good=registry' };
  const away = await check({ ...formats, SCHEMA_REGISTRY_URL: `http://${NOWHERE}` });
  expect(problems(away).join('\n')).toMatch(/failed schema registry: the schema registry cannot be reached/);
  const none = await check({ ...formats, SCHEMA_REGISTRY_URL: lab.clickHouse.url });
  expect(problems(none).join('\n')).toMatch(/failed schema registry: /);
});

test('a wrong configuration is a failed check that names the variable', async () => {
  const { checks, code } = await check({ HTTP_PORT: 'many' });
  expect(checks).toMatchObject([{ check: 'configuration', status: 'failed' }]);
  expect(checks[0]?.detail).toContain('HTTP_PORT must be a whole number');
  expect(code).toBe(1);
});
