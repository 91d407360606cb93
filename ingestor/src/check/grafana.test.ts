import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import type { DataSources } from '../provisioning/variables.ts';
import { clickHouseRemedy, grafanaFindings, rulesAnswer } from './grafana.ts';

let server: Server | undefined;
afterEach(() => server?.close());

const RULES = 'api/prometheus/grafana/api/v1/rules';
const rule = (more: object = {}) => ({
  ...{ uid: 'floorwatch-robot-silent', name: 'Robot silent', health: 'ok', lastEvaluation: '2026-11-28T07:00:00Z' },
  ...more,
});
const HEALTHY: Record<string, unknown> = {
  'api/health': { database: 'ok', version: '12.3.0' },
  'api/datasources': [],
  'api/plugins/floorwatch-fleet-app/settings': { enabled: true, type: 'app', info: { version: '0.1.0' } },
  'api/plugins/floorwatch-floormap-panel/settings': { enabled: false, type: 'panel', info: { version: '0.1.0' } },
  'api/datasources/uid/floorwatch-clickhouse/health': { status: 'OK' },
  'api/datasources/uid/floorwatch-prometheus/health': { status: 'OK' },
  [RULES]: {
    data: { groups: [{ rules: [rule(), { name: 'Theirs', uid: 'theirs', health: 'error', lastEvaluation: '' }] }] },
  },
  'api/v1/provisioning/contact-points': [{ uid: 'floorwatch-webhook', name: 'Floorwatch' }],
};
const SOURCES: DataSources = { clickHouse: 'floorwatch-clickhouse', prometheus: 'floorwatch-prometheus' };

/** A server with Grafana's answers under a path, as behind a proxy. A number is a status without a body. */
async function findings(answers: Record<string, unknown>, dataSources = SOURCES): Promise<Finding[]> {
  const all: Record<string, unknown> = { ...HEALTHY, ...answers };
  server = createServer((request, response) => {
    expect(request.headers.authorization).toBe('Bearer token-of-the-test');
    const answer = all[(request.url ?? '').replace('/grafana/', '')] ?? 404;
    if (typeof answer === 'number') response.writeHead(answer).end('no JSON');
    else response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/grafana/`;
  return grafanaFindings({ grafana: { url, token: 'token-of-the-test', dataSources } });
}

const problems = (all: readonly Finding[]) => all.filter(({ status }) => status !== 'ok');

describe('check of Grafana', () => {
  test('is left out without GRAFANA_URL', async () => {
    expect(await grafanaFindings({ grafana: null })).toEqual([]);
  });

  test('finds nothing wrong in a complete installation, under a path too, and ignores rules of others', async () => {
    const all = await findings({});
    expect(problems(all)).toEqual([]);
    expect(all.map(({ check }) => check)).toEqual([
      'grafana',
      'plugin floorwatch-fleet-app',
      'plugin floorwatch-floormap-panel',
      'data source floorwatch-clickhouse',
      'data source floorwatch-prometheus',
      'alert rules',
      'contact points',
    ]);
  });

  test.each<[string, Record<string, unknown>, RegExp, RegExp]>([
    ['a token that is not valid', { 'api/datasources': 401 }, /is not valid/, /service account/],
    ['a token without rights', { 'api/datasources': 403 }, /may not read/, /role Viewer/],
    ['something else at the address', { 'api/health': {} }, /does not respond like Grafana/, /GRAFANA_URL/],
    [
      'a plugin that is not loaded',
      { 'api/plugins/floorwatch-floormap-panel/settings': 404 },
      /is not loaded/,
      /allow_loading_unsigned/,
    ],
    [
      'an app that is not enabled',
      { 'api/plugins/floorwatch-fleet-app/settings': { enabled: false, type: 'app' } },
      /not enabled/,
      /plugins\/floorwatch\.yaml/,
    ],
    [
      'a data source that does not exist',
      { 'api/datasources/uid/floorwatch-clickhouse/health': 404 },
      /does not exist/,
      /step 2/,
    ],
    [
      'a data source that is not healthy',
      { 'api/datasources/uid/floorwatch-prometheus/health': { status: 'ERROR', message: 'connection refused' } },
      /connection refused/,
      /PROMETHEUS_URL/,
    ],
    [
      'a Prometheus that needs a login',
      { 'api/datasources/uid/floorwatch-prometheus/health': { status: 'ERROR', message: '401 Unauthorized' } },
      /401/,
      /PROMETHEUS_AUTHORIZATION/,
    ],
    ['no alert rules', { [RULES]: { data: { groups: [] } } }, /nobody is alerted/, /ingestor provisioning/],
    [
      'no contact point',
      { 'api/v1/provisioning/contact-points': [{ uid: 'theirs', name: 'Theirs' }] },
      /has none/,
      /ALERT_WEBHOOK_URL/,
    ],
  ])('names %s once, with its fix', async (_, answers, detail, remedy) => {
    const found = problems(await findings(answers));
    expect(found).toHaveLength(1);
    expect(found[0]?.detail).toMatch(detail);
    expect(found[0]?.remedy).toMatch(remedy);
  });

  test('asks the data sources that the rules query, and no Prometheus where there is none', async () => {
    const theirs = { clickHouse: 'their-clickhouse', prometheus: 'their-prometheus' };
    const all = await findings({ 'api/datasources/uid/their-clickhouse/health': { status: 'OK' } }, theirs);
    expect(problems(all)).toMatchObject([
      {
        check: 'data source their-prometheus',
        detail: 'does not exist',
        remedy: expect.stringMatching(
          /^Set PROMETHEUS_DATASOURCE_UID to the uid of a data source of Grafana/
        ) as string,
      },
    ]);
    server?.close();
    const without = await findings(
      { 'api/datasources/uid/floorwatch-prometheus/health': 404 },
      { ...SOURCES, prometheus: null }
    );
    expect(problems(without)).toEqual([]);
    expect(without.map(({ check }) => check).filter((check) => check.startsWith('data source'))).toEqual([
      'data source floorwatch-clickhouse',
    ]);
  });

  test('says that Grafana does not run', async () => {
    const [only] = await grafanaFindings({ grafana: { url: 'http://127.0.0.1:1/', token: 'x', dataSources: SOURCES } });
    expect(only).toMatchObject({ check: 'grafana', status: 'failed' });
  });
});

test('alert rules that fail are named before those that were not evaluated yet', () => {
  const failing = Array.from({ length: 5 }, (_, i) =>
    rule({ name: `Rule ${i}`, health: 'error', lastError: 'no table' })
  );
  const never = rule({ lastEvaluation: '0001-01-01T00:00:00Z' });
  expect(rulesAnswer('alert rules', [...failing, never, rule()])).toMatchObject({
    status: 'failed',
    detail: '5 of 7 cannot be evaluated: Rule 0, Rule 1, Rule 2 and 2 more: no table',
  });
  expect(rulesAnswer('alert rules', [never, rule()])).toMatchObject({ status: 'warning' });
});

test.each([
  ['could not parse secure value: strconv.ParseBool: parsing "": invalid syntax', /CLICKHOUSE_SECURE=true or false/],
  ['code: 516, message: floorwatch_reader: Authentication failed', /CLICKHOUSE_READER_PASSWORD/],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', /CLICKHOUSE_CA_CERTIFICATE/],
  ['dial tcp 127.0.0.1:1: connect: connection refused', /CLICKHOUSE_HOST/],
])('the fix of "%s"', (message, remedy) => {
  expect(clickHouseRemedy(message)).toMatch(remedy);
});
