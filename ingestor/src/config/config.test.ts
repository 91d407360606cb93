import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, parseConfig } from './config.ts';
import { contradictionsOf } from './contradictions.ts';
import { VARIABLES } from './variables.ts';
import { configTable } from './table.ts';

describe('parseConfig', () => {
  test('every variable has a default', () => {
    const config = parseConfig({});
    expect(config.kafka).toMatchObject({ brokers: ['localhost:9092'], topics: ['robot.telemetry'] });
    expect(config.batch.maxMs).toBe(1000);
    expect(config.lag.groups).toEqual([]);
  });

  test('an empty variable counts as absent', () => {
    expect(parseConfig({ BATCH_MAX_ROWS: '', LAG_GROUPS: '' }).batch.maxRows).toBe(100_000);
  });

  test('Grafana is checked with the data sources of the alert rules', () => {
    const uids = { CLICKHOUSE_DATASOURCE_UID: 'theirs', PROMETHEUS_DATASOURCE_UID: 'NONE' };
    expect(parseConfig(uids).grafana).toBeNull();
    expect(parseConfig({ GRAFANA_URL: 'http://g', ...uids }).grafana).toEqual({
      ...{ url: 'http://g/', token: '' },
      dataSources: { clickHouse: 'theirs', prometheus: null },
    });
    expect(parseConfig({ GRAFANA_URL: 'http://g' }).grafana?.dataSources).toEqual({
      ...{ clickHouse: 'floorwatch-clickhouse', prometheus: 'floorwatch-prometheus' },
    });
  });

  test('a list is separated by commas', () => {
    const config = parseConfig({ KAFKA_BROKERS: 'a:1, b:2', LAG_GROUPS: 'floorwatch-engine,x' });
    expect(config.kafka.brokers).toEqual(['a:1', 'b:2']);
    expect(config.lag.groups).toEqual(['floorwatch-engine', 'x']);
  });

  test.each([
    ['BATCH_MAX_ROWS', '0', 'BATCH_MAX_ROWS must be a whole number from 1 to 1000000, not "0"'],
    ['BATCH_MAX_ROWS', '1e3', 'BATCH_MAX_ROWS must be a whole number from 1 to 1000000, not "1e3"'],
    [
      'CLICKHOUSE_DATASOURCE_UID',
      'none',
      'CLICKHOUSE_DATASOURCE_UID must be a uid: up to 40 letters, digits, - and _, not "none"',
    ],
    ['INGEST_PATH', 'none', 'INGEST_PATH must be ingestor, engine or both, not "none"'],
    ['KAFKA_BROKERS', 'localhost', 'KAFKA_BROKERS must be host:port pairs separated by commas, not "localhost"'],
    ['KAFKA_BROKERS', 'a:1,b:92092', 'KAFKA_BROKERS must be host:port pairs separated by commas, not "a:1,b:92092"'],
    [
      'TOPIC_FORMATS',
      'robot.telemetry=json,robot.telemetry=vda5050',
      'TOPIC_FORMATS must name each topic once; repeated: robot.telemetry',
    ],
    [
      'KAFKA_TOPIC',
      'robots,^site-(',
      'KAFKA_TOPIC must be names, or regular expressions that begin with ^, separated by commas, not "robots,^site-("',
    ],
    [
      'CLICKHOUSE_URL',
      'http://a:8123,b:8123',
      'CLICKHOUSE_URL must be an http:// or https:// address, or several separated by commas, not "http://a:8123,b:8123"',
    ],
    [
      'CLICKHOUSE_URL',
      'tcp://x',
      'CLICKHOUSE_URL must be an http:// or https:// address, or several separated by commas, not "tcp://x"',
    ],
    // A sample older than a minute is that of an ingestor that stopped, for the views and for the alert Ingestor silent.
    ['LAG_INTERVAL_MS', '60000', 'LAG_INTERVAL_MS must be a whole number from 100 to 30000, not "60000"'],
    ['LAG_GROUPS', 'a,,b', 'LAG_GROUPS must be names separated by commas, not "a,,b"'],
    [
      'TOPIC_FORMATS',
      'robot.telemetry=xml',
      'TOPIC_FORMATS must be topic=format pairs separated by commas (formats: json, registry, vda5050, massrobotics), not "robot.telemetry=xml"',
    ],
    ['MASSROBOTICS_DATUMS_FILE', '/none', 'MASSROBOTICS_DATUMS_FILE must be a readable file, not "/none"'],
  ])('%s=%s is an error that names the variable', (name, value, message) => {
    expect(() => parseConfig({ [name]: value })).toThrow(new ConfigError(message));
  });

  test('one error names every wrong variable', () => {
    expect(() => parseConfig({ HTTP_PORT: 'x', LOG_LEVEL: 'loud' })).toThrow(/HTTP_PORT.*\nLOG_LEVEL/);
  });

  test('a request timeout longer than the session timeout is an error', () => {
    const env = { CLICKHOUSE_REQUEST_TIMEOUT_MS: '30000', KAFKA_SESSION_TIMEOUT_MS: '30000' };
    expect(() => parseConfig(env)).toThrow(/CLICKHOUSE_REQUEST_TIMEOUT_MS must be below/);
  });

  test('headers are stored by this service only, and their names fit into paths of meta', () => {
    expect(parseConfig({ STORE_HEADERS: 'gateway, x-operator' }).formats.storedHeaders).toEqual([
      'gateway',
      'x-operator',
    ]);
    expect(() => parseConfig({ STORE_HEADERS: 'a', INGEST_PATH: 'both' })).toThrow(
      /INGEST_PATH must be ingestor when STORE/
    );
    expect(() => parseConfig({ STORE_HEADERS: 'a.b' })).toThrow(/STORE_HEADERS must be names of letters/);
  });
  test('a format without its settings, or for a topic that is not read, is an error', () => {
    const env = { KAFKA_TOPIC: 'a,b', TOPIC_FORMATS: 'a=registry,b=massrobotics,c=vda5050' };
    expect(() => parseConfig(env)).toThrow(
      /^TOPIC_FORMATS must name topics of KAFKA_TOPIC, not c\nSCHEMA_REGISTRY_URL must be set .*\nMASSROBOTICS_DATUMS_FILE must be set/
    );
  });

  test('an incomplete login or certificate is an error', () => {
    expect(() => parseConfig({ KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'me' })).toThrow(
      new ConfigError('KAFKA_SASL_PASSWORD must be set for KAFKA_SASL_MECHANISM=PLAIN')
    );
    expect(() => parseConfig({ KAFKA_SASL_MECHANISM: 'OAUTHBEARER' })).toThrow(
      /^KAFKA_OAUTH_TOKEN_URL .*\nKAFKA_OAUTH_CLIENT_ID .*\nKAFKA_OAUTH_CLIENT_SECRET must be set/
    );
    expect(() => parseConfig({ KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: import.meta.filename })).toThrow(
      /^KAFKA_TLS_CA_FILE must be a readable PEM file of certificates, not/
    );
  });

  test('the IAM login of Amazon MSK needs a region, TLS and the package that signs', () => {
    const env = { KAFKA_SASL_MECHANISM: 'aws-msk-iam' };
    expect(() => parseConfig(env)).toThrow(/^KAFKA_AWS_REGION must be set .*\nKAFKA_TLS must be on .* port 9098$/);
    const whole = { ...env, KAFKA_AWS_REGION: 'eu-central-1', KAFKA_TLS: 'on' };
    expect(parseConfig(whole).kafka.sasl).toEqual({ mechanism: 'aws-msk-iam', region: 'eu-central-1' });
    expect(() => parseConfig({ ...whole, KAFKA_AWS_REGION: 'Frankfurt' })).toThrow(/must be an AWS region, such as/);
    const values = z.object(VARIABLES).parse(whole);
    expect(contradictionsOf(values, () => true)).toEqual([]);
    expect(contradictionsOf(values, () => false)).toEqual([
      expect.stringMatching(/ is not installed: run `npm install --no-save aws-msk-iam-sasl-signer-js`/),
    ]);
  });

  test('masking that has no effect, or makes every event invalid, is an error', () => {
    expect(() => parseConfig({ MASK_FIELDS: 'robot_id=hash', INGEST_PATH: 'both' })).toThrow(
      /^MASK_SALT must be set for the hashes of MASK_FIELDS\nINGEST_PATH must be ingestor when MASK_FIELDS is set/
    );
    expect(() => parseConfig({ MASK_FIELDS: 'ts=drop' })).toThrow(
      /^MASK_FIELDS must be field=drop, .*, not "ts=drop"$/
    );
  });

  test('the error does not show a password in an address', () => {
    const parse = (url: string) => () => parseConfig({ CLICKHOUSE_URL: url });
    expect(parse('https://me:hunter2@host')).toThrow(
      new ConfigError('CLICKHOUSE_URL must not contain a user: set CLICKHOUSE_USER')
    );
    expect(parse('ftp://me:hunter2@host')).toThrow(/not "ftp:\/\/…@host"$/);
  });

  test('the error does not show a registry address, which may contain a password', () => {
    expect(() => parseConfig({ SCHEMA_REGISTRY_URL: 'ftp://me:hunter2@registry' })).toThrow(
      new ConfigError('SCHEMA_REGISTRY_URL must be an http:// or https:// address, not as given')
    );
  });

  test('a secret is read from a file, with its inner newlines', () => {
    const folder = mkdtempSync(join(tmpdir(), 'floorwatch-config-'));
    const file = join(folder, 'password');
    writeFileSync(file, 'a\nb\n');
    expect(parseConfig({ CLICKHOUSE_PASSWORD_FILE: file }).clickhouse.password).toBe('a\nb');
    const both = { CLICKHOUSE_PASSWORD_FILE: file, CLICKHOUSE_PASSWORD: 'hunter2' };
    expect(() => parseConfig(both)).toThrow('CLICKHOUSE_PASSWORD and CLICKHOUSE_PASSWORD_FILE must not both be set');
    rmSync(folder, { recursive: true });
  });

  test('the error names the secret file that cannot be read', () => {
    expect(() => parseConfig({ CLICKHOUSE_PASSWORD_FILE: '/nonexistent' })).toThrow(
      'CLICKHOUSE_PASSWORD_FILE must be a readable file: ENOENT'
    );
  });
});

test('the table lists every variable with its meaning and allowed values', () => {
  const rows = configTable().trim().split('\n').slice(2);
  expect(rows).toHaveLength(Object.keys(VARIABLES).length);
  for (const row of rows) expect(row).toMatch(/^\| `[A-Z_]+`.* \|.*\| \S.* \| \S.* \|$/);
});
