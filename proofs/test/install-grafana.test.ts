import { execFileSync } from 'node:child_process';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, waitUntilReady, type ServerProcess } from '@floorwatch/servers/child';
import { OFFLINE_SETTINGS, PLAIN_CLICKHOUSE } from '@floorwatch/servers/grafana';
import { DATA_SOURCE_ID, findGrafana, installedGrafana } from '@floorwatch/servers/grafana-home';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { claimPort } from '@floorwatch/servers/ports';
import { afterAll, expect, test } from 'vitest';

const dir = mkdtempSync(join(tmpdir(), 'floorwatch-install-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** The commands of a section of the guide, with the folders of this test. Those that need a network or a service are left out. */
function commandsOf(section: string): string {
  const guide = readFileSync(join(REPOSITORY_DIR, 'docs/how-to/install-grafana.md'), 'utf8');
  const [, body = ''] = guide.split(new RegExp(`^## ${section}.*$`, 'm'));
  const [own = ''] = body.split(/^## /m);
  return own
    .split('\n')
    .filter((line) => /^ {4}(?:\(cd |cp |mkdir |rm |sed |unzip |npm run -s ingestor |ALERT_WEBHOOK_URL=)/.test(line))
    .map((line) => line.trim().replaceAll('/var/lib/grafana', dir).replaceAll('/etc/grafana', dir))
    .map((line) => line.replace(/\bdist\b/, join(dir, 'dist')))
    .join('\n');
}

function run(commands: string): void {
  const env = { ...process.env, ALERT_PLANNED_STOPS: 'saturday:sunday 00:00-24:00' };
  execFileSync('sh', ['-ec', commands], { cwd: REPOSITORY_DIR, stdio: 'pipe', env });
}

/** The file that the guide shows, with which Grafana deletes what it names. */
function shownFile(named: string): string {
  const guide = readFileSync(join(REPOSITORY_DIR, 'docs/how-to/install-grafana.md'), 'utf8');
  const shown = guide.match(/^ {4}apiVersion: 1\n(?: {4}.*\n)+/gm) ?? [];
  return (shown.find((file) => file.includes(named)) ?? '').replaceAll(/^ {4}/gm, '');
}

/** A Prometheus that keeps how it was asked. */
function startPrometheus(): Promise<{ url: string; logins: Set<string | undefined>; stop: () => void }> {
  const logins = new Set<string | undefined>();
  const server = createServer((request, response) => {
    logins.add(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } }));
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      resolve({ url, logins, stop: () => server.close() });
    })
  );
}

const ADMIN = `Basic ${Buffer.from('admin:admin-of-the-install-test').toString('base64')}`;

interface Running {
  server: ServerProcess;
  get: (path: string) => Promise<unknown>;
  post: (path: string, body: object, method?: string) => Promise<unknown>;
}

const PROMETHEUS_LOGIN = 'Bearer of-the-install-test';

async function startGrafana(prometheusUrl: string): Promise<Running> {
  const { homeDir, binary } = findGrafana();
  const port = await claimPort('Grafana', undefined, 'GRAFANA_PORT');
  const server = await startChild({
    component: 'Grafana',
    command: binary,
    // As the service of the Linux packages, which sets no GF_PATHS_ variables.
    args: [
      ...['server', '--homepath', homeDir, `cfg:default.paths.data=${join(dir, 'data')}`],
      ...[`cfg:default.paths.plugins=${join(dir, 'plugins')}`],
      `cfg:default.paths.provisioning=${join(dir, 'provisioning')}`,
    ],
    env: {
      ...OFFLINE_SETTINGS,
      GF_LOG_MODE: 'console',
      ...{ GF_SERVER_HTTP_ADDR: '127.0.0.1', GF_SERVER_HTTP_PORT: String(port) },
      GF_SECURITY_ADMIN_PASSWORD: 'admin-of-the-install-test',
      GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: `floorwatch-fleet-app,floorwatch-floormap-panel,${DATA_SOURCE_ID}`,
      ...PLAIN_CLICKHOUSE,
      ...{ CLICKHOUSE_HOST: '127.0.0.1', CLICKHOUSE_HTTP_PORT: '1', CLICKHOUSE_READER_PASSWORD: 'none' },
      ...{ PROMETHEUS_URL: prometheusUrl, PROMETHEUS_AUTHORIZATION: PROMETHEUS_LOGIN },
      ALERT_WEBHOOK_URL: 'http://127.0.0.1:1/',
    },
    logFile: join(dir, 'grafana.log'),
    missingRemedy: '',
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady('Grafana', server, async () => (await fetch(`${url}/api/health`)).ok, 300_000);
  const ask = async (path: string, init: RequestInit): Promise<unknown> => {
    const headers = { authorization: ADMIN, 'content-type': 'application/json' };
    const response = await fetch(url + path, { ...init, headers });
    if (!response.ok && response.status !== 404)
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    server,
    get: (path) => ask(path, {}),
    post: (path, body, method = 'POST') => ask(path, { method, body: JSON.stringify(body) }),
  };
}

/** What this Grafana had before Floorwatch: a user, a folder, dashboards, a data source, a rule, a contact point and routes. */
async function fillWithTheirs({ post }: Running): Promise<void> {
  await post('/api/admin/users', { name: 'Ada', login: 'ada', password: 'ada-of-the-test', OrgId: 1 });
  await post('/api/folders', { uid: 'theirs', title: 'Theirs' });
  await post('/api/dashboards/db', { dashboard: { uid: 'their-board', title: 'Their board' }, folderUid: 'theirs' });
  await post('/api/datasources', {
    name: 'Theirs',
    uid: 'their-source',
    type: 'prometheus',
    access: 'proxy',
    url: 'http://127.0.0.1:1',
    isDefault: true,
  });
  const receiver = {
    uid: 'their-pager',
    name: 'Their pager',
    type: 'webhook',
    settings: { url: 'http://127.0.0.1:1/' },
  };
  await post('/api/v1/provisioning/contact-points', receiver);
  const route = {
    receiver: 'Their pager',
    group_by: ['alertname'],
    group_wait: '7s',
    object_matchers: [['team', '=', 'theirs']],
  };
  await post('/api/v1/provisioning/policies', { receiver: 'Their pager', routes: [route] }, 'PUT');
  const model = { refId: 'A', type: 'math', expression: '1 > 2', datasource: { uid: '__expr__', type: '__expr__' } };
  await post('/api/v1/provisioning/alert-rules', {
    ...{
      uid: 'their-rule',
      title: 'Their rule',
      ruleGroup: 'theirs',
      folderUID: 'theirs',
      orgID: 1,
      condition: 'A',
      for: '1m',
    },
    ...{ noDataState: 'OK', execErrState: 'OK', data: [{ refId: 'A', datasourceUid: '__expr__', model }] },
  });
}

const THEIRS = [
  '/api/users?perpage=100',
  '/api/folders/theirs',
  '/api/dashboards/uid/their-board',
  '/api/datasources/uid/their-source',
  '/api/v1/provisioning/contact-points',
  '/api/v1/provisioning/policies',
  '/api/v1/provisioning/alert-rules',
];

async function theirs({ get }: Running): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const path of THEIRS) {
    const answer = without(await get(path), ['lastSeenAt', 'lastSeenAtAge']);
    found[path] = Array.isArray(answer) ? answer.filter((item) => !isOurs(item)) : answer;
  }
  return found;
}

function isOurs(item: unknown): boolean {
  return String((item as { uid?: string }).uid).startsWith('floorwatch-');
}

/** Of alert rules, contact points, mute timings, folders and dashboards. */
async function ours({ get }: Running): Promise<string[]> {
  const paths = ['/api/v1/provisioning/alert-rules', '/api/v1/provisioning/contact-points'];
  const lists = (await Promise.all(paths.map(get))) as { uid: string }[][];
  const timings = (await get('/api/v1/provisioning/mute-timings')) as { name: string }[];
  const found = (await get('/api/search?limit=5000')) as { title: string; uid: string }[];
  return [
    ...lists.flatMap((list) => list.filter(isOurs).map(({ uid }) => uid)),
    ...timings.map(({ name }) => name).filter((name) => name.startsWith('Floorwatch')),
    ...found.filter((item) => isOurs(item) || item.title === 'Floorwatch').map(({ title }) => title),
  ];
}

function without(value: unknown, keys: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (keys.includes(key) ? undefined : inner)));
}

/** Before the first restart of the guide's last section. */
const BEFORE_RESTART = /^(?:npm run |sed |rm .*\.json$).*$/gm;

const BOARD = { dashboard: { uid: 'floorwatch-floor' } };

test.skipIf(installedGrafana() === null)(
  'a Grafana that has things of its own keeps them, gets ours, and loses exactly ours (skipped if Grafana is not installed)',
  { timeout: 600_000 },
  async () => {
    mkdirSync(join(dir, 'plugins'));
    for (const folder of ['datasources', 'plugins', 'dashboards', 'alerting']) {
      mkdirSync(join(dir, 'provisioning', folder), { recursive: true });
    }
    // Installed beforehand, because `grafana cli` would fetch it.
    symlinkSync(findGrafana().dataSourceDir, join(dir, 'plugins', DATA_SOURCE_ID));
    const prometheus = await startPrometheus();
    const start = (): Promise<Running> => startGrafana(prometheus.url);
    let grafana = await start();
    await fillWithTheirs(grafana);
    const before = await theirs(grafana);
    await grafana.server.stop();

    execFileSync(process.execPath, [join(REPOSITORY_DIR, '.ci/package.ts'), '--as-built', '--out', join(dir, 'dist')]);
    for (const section of ['1', '2', '3', '4']) run(commandsOf(section));
    grafana = await start();
    expect(await theirs(grafana)).toEqual(before);
    expect(await ours(grafana)).toEqual(
      expect.arrayContaining([
        ...['floorwatch-clickhouse-down', 'floorwatch-webhook', 'Floorwatch planned stops', 'Floorwatch'],
        'Floorwatch floor',
      ])
    );
    await grafana.get('/api/datasources/uid/floorwatch-prometheus/health');
    expect([...prometheus.logins]).toEqual([PROMETHEUS_LOGIN]);
    expect(await grafana.get('/api/plugins/floorwatch-fleet-app/settings')).toMatchObject({ enabled: true });
    const sources = (await grafana.get('/api/datasources')) as { uid: string; isDefault: boolean }[];
    expect(sources.map(({ uid }) => uid).sort()).toEqual([
      'floorwatch-clickhouse',
      'floorwatch-prometheus',
      'their-source',
    ]);
    expect(sources.filter(({ isDefault }) => isDefault).map(({ uid }) => uid)).toEqual(['their-source']);
    expect(await grafana.get('/api/dashboards/uid/floorwatch-floor')).toMatchObject({
      ...BOARD,
      meta: { provisioned: true },
    });
    await grafana.server.stop();

    const uninstall = commandsOf('Uninstall');
    expect(uninstall.match(BEFORE_RESTART)).toHaveLength(3);
    run(uninstall.match(BEFORE_RESTART)?.join('\n') ?? 'false');
    writeFileSync(join(dir, 'provisioning/datasources/floorwatch.yaml'), shownFile('deleteDatasources'));
    grafana = await start();
    await grafana.server.stop();
    writeFileSync(join(dir, 'provisioning/alerting/mute-timings.yaml'), shownFile('deleteMuteTimes'));
    run(uninstall.replaceAll(BEFORE_RESTART, ''));
    grafana = await start();
    rmSync(join(dir, 'provisioning/alerting/mute-timings.yaml'));
    expect(await ours(grafana)).toEqual(['Floorwatch']);
    await deleteEmptyFolder(grafana);
    expect(await theirs(grafana)).toEqual(before);
    expect(await ours(grafana)).toEqual([]);
    expect((await grafana.get('/api/v1/provisioning/templates')) ?? []).toEqual([]);
    expect(((await grafana.get('/api/datasources')) as { uid: string }[]).map(({ uid }) => uid)).toEqual([
      'their-source',
    ]);
    expect(((await grafana.get('/api/plugins')) as { id: string }[]).map(({ id }) => id)).not.toContain(
      'floorwatch-fleet-app'
    );
    await importByHand(grafana);
    await grafana.server.stop();
    prometheus.stop();
    const files = readdirSync(join(dir, 'provisioning'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.includes('.'))).toEqual([]);
  }
);

/** As the guide says for a Grafana whose files nobody can write. */
async function importByHand({ get, post }: Running): Promise<void> {
  const folderUid = 'by-hand';
  await post('/api/folders', { uid: folderUid, title: 'By hand' });
  for (const file of globSync(join(REPOSITORY_DIR, 'provisioning/dashboards/floorwatch-*.json'))) {
    const dashboard = JSON.parse(readFileSync(file, 'utf8')) as { uid: string };
    await post('/api/dashboards/db', { dashboard, folderUid });
    expect(await get(`/api/dashboards/uid/${dashboard.uid}`)).toMatchObject({
      meta: { folderUid, provisioned: false },
    });
  }
  const out = join(dir, 'by-hand');
  run(`npm run -s ingestor -- provisioning --api ${folderUid} --out ${out}`);
  const groups = readdirSync(out);
  expect(groups.length).toBeGreaterThan(3);
  const uids: string[] = [];
  for (const file of groups) {
    const group = JSON.parse(readFileSync(join(out, file), 'utf8')) as { rules: { uid: string }[] };
    uids.push(...group.rules.map(({ uid }) => uid));
    await post(`/api/v1/provisioning/folder/${folderUid}/rule-groups/${file.replace('.json', '')}`, group, 'PUT');
  }
  const rules = (await get('/api/v1/provisioning/alert-rules')) as { uid: string; folderUID: string }[];
  const imported = rules.filter((rule) => rule.folderUID === folderUid).map(({ uid }) => uid);
  expect(imported.sort()).toEqual(uids.sort());
}

/** As the guide says: only if it contains nothing. */
async function deleteEmptyFolder({ get, post }: Running): Promise<void> {
  const [folder] = (await get('/api/search?type=dash-folder&query=Floorwatch')) as { uid: string }[];
  const path = `/api/folders/${folder?.uid ?? ''}`;
  const counts = (await get(`${path}/counts`)) as Record<string, number>;
  expect(
    Object.values(counts).filter((count) => count > 0),
    JSON.stringify(counts)
  ).toEqual([]);
  await post(path, {}, 'DELETE');
}
