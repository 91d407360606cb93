import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { startGrafana } from '@floorwatch/servers/grafana';
import { findGrafana, installedGrafana } from '@floorwatch/servers/grafana-home';
import { startKafka } from '@floorwatch/servers/kafka';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { send } from '../access/attempt.ts';
import { readCompose } from '../configuration/compose-file.ts';

const { services } = readCompose();
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-compose-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Runs the health check of a service against another port. @returns its exit code */
function healthCheck(service: string, port: number): number | null {
  const [, command = '', ...args] = services[service]?.healthcheck?.test ?? [];
  const own = args.map((word) => word.replaceAll('$$', '$').replace(/localhost\/\d+/, `127.0.0.1/${port}`));
  return spawnSync(command, own, { timeout: 20_000 }).status;
}

describe('health checks without a JVM and without curl', () => {
  test('Kafka is healthy when the broker responds to a request', async () => {
    const kafka = await startKafka({ dataDir: join(dir, 'kafka') });
    expect(healthCheck('kafka', kafka.port)).toBe(0);
    await kafka.stop();
    expect(healthCheck('kafka', kafka.port)).not.toBe(0);
  });

  test('Kafka is not healthy when its port is open but nothing responds', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    expect(healthCheck('kafka', (silent.address() as AddressInfo).port)).not.toBe(0);
    silent.close();
  });

  test.each([
    [200, 0],
    [500, 1],
  ])('the check of a schema registry that responds with %i exits with %i', async (status, exitCode) => {
    // A process of its own, because the health check blocks this one.
    const script = `require('node:http').createServer((request, response) => {
      response.writeHead(request.url === '/subjects' ? ${status} : 404).end('[]');
    }).listen(0, '127.0.0.1', function () { console.log(this.address().port); })`;
    const registry = spawn(process.execPath, ['-e', script]);
    const port = await new Promise<number>((resolve) => {
      registry.stdout.once('data', (text: Buffer) => {
        resolve(Number(text.toString()));
      });
    });
    expect(healthCheck('schema-registry', port)).toBe(exitCode);
    registry.kill();
  });
});

const installation = installedGrafana();

test.skipIf(installation === null)(
  "a changed password of Grafana's admin takes effect, although Grafana keeps its own database (skipped if Grafana is not installed)",
  async () => {
    const grafanaHome = installation ?? findGrafana();
    const secret = join(dir, 'grafana-admin/password');
    mkdirSync(join(dir, 'grafana-admin'));
    /** Starts Grafana as the container does, and tries to log in. `npm start` applies a password without the script. */
    async function tryLogin(given: string, passwords: readonly string[], byScript = true): Promise<number[]> {
      writeFileSync(secret, given);
      mkdirSync(join(dir, 'grafana/data'), { recursive: true });
      mkdirSync(join(dir, 'alerting'), { recursive: true });
      const env = {
        PATH: `${join(grafanaHome.homeDir, 'bin')}:${process.env['PATH'] ?? ''}`,
        SECRETS_DIR: dir,
        GF_PATHS_DATA: join(dir, 'grafana/data'),
        GF_PATHS_HOME: grafanaHome.homeDir,
        GF_LOG_LEVEL: 'error',
      };
      const script = join(REPOSITORY_DIR, 'deploy/compose/grafana.sh');
      if (byScript) execFileSync('sh', [script, 'true'], { stdio: 'pipe', env });
      const grafana = await startGrafana({
        installation: grafanaHome,
        dataDir: join(dir, 'grafana'),
        alertingDir: join(dir, 'alerting'),
        adminPassword: given,
        env: {
          ...{ CLICKHOUSE_HOST: '127.0.0.1', CLICKHOUSE_HTTP_PORT: '1', CLICKHOUSE_READER_PASSWORD: 'none' },
          PROMETHEUS_URL: 'http://127.0.0.1:1',
        },
      });
      const statuses: number[] = [];
      for (const password of passwords) {
        const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
        statuses.push((await fetch(`${grafana.url}/api/user`, { headers: { authorization } })).status);
      }
      await grafana.stop();
      return statuses;
    }
    expect(await tryLogin('first-password', ['first-password'])).toEqual([200]);
    expect(await tryLogin('second-password', ['second-password', 'first-password'])).toEqual([200, 401]);
    expect(await tryLogin('third-password', ['third-password', 'second-password'], false)).toEqual([200, 401]);
  }
);

describe("ClickHouse with the container's configuration", () => {
  /** Every log that the image's configuration switches on, and one whose engine it sets. */
  const IMAGE_LOGS = [
    ...['query_log', 'trace_log', 'query_thread_log', 'query_views_log', 'part_log', 'text_log', 'metric_log'],
    ...[
      'latency_log',
      'error_log',
      'query_metric_log',
      'asynchronous_metric_log',
      'opentelemetry_span_log',
      'crash_log',
    ],
    ...['processors_profile_log', 'asynchronous_insert_log', 'backup_log', 's3queue_log', 'blob_storage_log'],
    'background_schedule_pool_log',
  ];
  const KEPT = [
    'query_log',
    'part_log',
    'query_views_log',
    'error_log',
    'crash_log',
    'asynchronous_insert_log',
    'backup_log',
  ];

  /** The configuration of the image, as far as it matters here, with the files of config.d that deploy/compose/Dockerfile copies. */
  async function startLikeContainer() {
    const configDir = join(dir, 'config');
    mkdirSync(join(configDir, 'config.d'), { recursive: true });
    const logs = IMAGE_LOGS.map((name) => {
      const engine =
        name === 'opentelemetry_span_log' ? '<engine>engine MergeTree order by finish_time_us</engine>' : '';
      return `<${name}><database>system</database><table>${name}</table>${engine}</${name}>`;
    });
    const base = '<logger><level>trace</level><log>server.log</log><errorlog>error.log</errorlog></logger>';
    writeFileSync(join(configDir, 'config.xml'), `<clickhouse>${base}${logs.join('')}</clickhouse>`);
    for (const [from, to] of [
      ['sql/server/config.xml', 'config.d/floorwatch.xml'],
      ['deploy/compose/clickhouse.xml', 'config.d/floorwatch-container.xml'],
      ['sql/server/users.xml', 'users.xml'],
      ['sql/server/users.d', 'users.d'],
    ] as const) {
      cpSync(join(REPOSITORY_DIR, from), join(configDir, to), { recursive: true });
    }
    return startClickHouse({ dataDir: join(dir, 'clickhouse'), configDir });
  }

  test('keeps only system tables with a time to live, and bounds its memory', async () => {
    const server = await startLikeContainer();
    const owner = { user: 'floorwatch_owner', password: server.passwords.owner };
    const ask = async (query: string): Promise<string> => (await send(server.url, owner, query)).text.trim();
    await ask('SELECT 1');
    await ask('SYSTEM FLUSH LOGS');
    const tables = await ask(
      "SELECT name, engine_full LIKE '% TTL event_date + %' FROM system.tables WHERE database = 'system' AND engine LIKE '%MergeTree' ORDER BY name"
    );
    const found = new Map(tables.split('\n').map((line) => line.split('\t') as [string, string]));
    expect([...found].filter(([, hasTtl]) => hasTtl !== '1')).toEqual([]);
    expect([...found.keys()]).toEqual(expect.arrayContaining(['query_log']));
    expect(
      [...found.keys()].filter((name) => !KEPT.includes(name) && name !== 'blob_storage_log' && name !== 's3queue_log')
    ).toEqual([]);
    const limit = await ask("SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'");
    expect(Number(limit)).toBe(1024 ** 3);
    await server.stop();
  });
});
