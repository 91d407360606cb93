import type { Attempt } from '../access/attempt.ts';

/** A real Grafana with the shipped provisioning, and who asks it. */
export interface GrafanaUnderAttack {
  url: string;
  adminPassword: string;
  /** Must be in no answer. */
  secrets: readonly string[];
}

const SCRIPT = '<script>alert(1)</script>';

type Who = 'visitor' | 'viewer' | 'viewer of another organisation';

const VIEWER_PASSWORD = 'a-viewer-of-the-security-proof';
const DENIED = 'denied';
/** The data source has no address that Grafana's proxy could use: its plugin connects by itself. */
const NO_TARGET = 'status 502';
const CLICKHOUSE = 'floorwatch-clickhouse';
/** SECURITY.md, 'Known limits'. */
const WEBHOOK_LIMIT = 'known limit of Grafana: viewers see the address of a webhook';
const APP = '/api/plugins/floorwatch-fleet-app';

/** Creates the users, then returns what they try. `visitor` is somebody without a login. */
export async function grafanaAttempts(grafana: GrafanaUnderAttack): Promise<Attempt[]> {
  const admin = basic('admin', grafana.adminPassword);
  const asAdmin = (path: string, body: object): Promise<Response> => send(grafana.url, 'POST', path, admin, body);
  const orgId = ((await (await asAdmin('/api/orgs', { name: 'Another organisation' })).json()) as { orgId: number })
    .orgId;
  for (const [login, org] of [
    ['viewer', 1],
    ['other', orgId],
  ] as const) {
    await asAdmin('/api/admin/users', { name: login, login, password: VIEWER_PASSWORD, OrgId: org });
  }
  const headers: Record<Who, string | undefined> = {
    visitor: undefined,
    viewer: basic('viewer', VIEWER_PASSWORD),
    'viewer of another organisation': basic('other', VIEWER_PASSWORD),
  };
  const status = (who: Who, method: string, path: string, expected: string, body?: object, note?: string): Attempt => ({
    attempt: `Grafana, ${who}: ${method} ${path}${note === undefined ? '' : ` (${note})`}`,
    expected,
    run: async () => statusText((await send(grafana.url, method, path, headers[who], body)).status),
  });
  const query = (who: Who, name: string, rawSql: string, expected: string): Attempt => ({
    attempt: `Grafana, ${who}: a panel query that ${name}`,
    expected,
    run: async () => {
      const queries = [
        { refId: 'A', datasource: { uid: CLICKHOUSE }, editorType: 'sql', format: 1, queryType: 'table', rawSql },
      ];
      const response = await send(grafana.url, 'POST', '/api/ds/query', headers[who], {
        from: 'now-1h',
        to: 'now',
        queries,
      });
      const text = await response.text();
      return /ClickHouse|code: \d+|Code: \d+/.test(text) || !response.ok ? databaseError(text) : 'allowed';
    },
  });
  const both = (run: (who: Who) => Attempt): Attempt[] => (['visitor', 'viewer'] as const).map(run);
  return [
    ...both((who) => query(who, 'reads the fleet', 'SELECT count() FROM warehouse.v_fleet_now', 'allowed')),
    ...both((who) => query(who, 'inserts', "INSERT INTO warehouse.robots (robot_id) VALUES ('x')", DENIED)),
    ...both((who) => query(who, 'drops a table', 'DROP TABLE warehouse.telemetry_raw', DENIED)),
    query('visitor', 'reads raw dead letters', 'SELECT raw FROM warehouse.dead_letters', DENIED),
    query('visitor', 'reads the query log', 'SELECT query FROM system.query_log', DENIED),
    query('visitor', 'reads users', 'SELECT name FROM system.users', DENIED),
    query('visitor', 'reads an address by url()', "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)", DENIED),
    query('visitor', 'reads a file by file()', "SELECT * FROM file('/etc/passwd', LineAsString)", DENIED),
    query('visitor', 'reads a server by remote()', "SELECT * FROM remote('127.0.0.1', system.one)", DENIED),
    query('visitor', 'switches its limits off', 'SELECT 1 SETTINGS readonly = 0', DENIED),
    {
      ...query('visitor', 'takes all memory', 'SELECT length(groupArray(number)) FROM numbers(1000000000)', DENIED),
      isSlow: true,
    },
    ...both((who) => status(who, 'GET', `${APP}/settings`, 'allowed')),
    ...both((who) => status(who, 'POST', `${APP}/settings`, DENIED, { enabled: false, pinned: false })),
    ...both((who) => status(who, 'POST', '/api/plugins/floorwatch-fleet-app/uninstall', DENIED)),
    ...both((who) => status(who, 'GET', '/api/datasources', 'allowed', undefined, 'names and addresses, no passwords')),
    ...both((who) =>
      status(who, 'POST', '/api/datasources', DENIED, {
        name: 'x',
        type: 'prometheus',
        url: 'http://127.0.0.1:1',
        access: 'proxy',
      })
    ),
    ...both((who) => status(who, 'PUT', `/api/datasources/uid/${CLICKHOUSE}`, DENIED, { name: 'x' })),
    ...both((who) => status(who, 'DELETE', `/api/datasources/uid/${CLICKHOUSE}`, DENIED)),
    ...both((who) => status(who, 'GET', '/api/v1/provisioning/contact-points', 'allowed', undefined, WEBHOOK_LIMIT)),
    ...both((who) =>
      status(who, 'GET', '/api/alertmanager/grafana/config/api/v1/alerts', 'allowed', undefined, WEBHOOK_LIMIT)
    ),
    ...both((who) => status(who, 'POST', '/api/alertmanager/grafana/api/v2/silences', DENIED, silence())),
    ...both((who) => status(who, 'DELETE', '/api/dashboards/uid/floorwatch-floor', DENIED)),
    ...both((who) => status(who, 'POST', '/api/dashboards/db', DENIED, { dashboard: { title: 'x' }, overwrite: true })),
    ...both((who) => status(who, 'POST', '/api/annotations', DENIED, { text: '<script>', time: Date.now() })),
    ...both((who) => status(who, 'GET', '/api/org/users', DENIED)),
    ...both((who) => status(who, 'GET', '/api/admin/settings', DENIED)),
    ...both((who) => status(who, 'POST', '/api/admin/users', DENIED, { login: 'x', password: 'yyyyyyyy' })),
    ...both((who) => status(who, 'POST', '/api/serviceaccounts', DENIED, { name: 'x', role: 'Admin' })),
    ...both((who) => status(who, 'POST', '/api/user/using/2', DENIED)),
    ...both((who) => status(who, 'GET', '/api/datasources/proxy/uid/floorwatch-prometheus/-/quit', DENIED)),
    ...both((who) => status(who, 'POST', '/api/datasources/proxy/uid/floorwatch-prometheus/-/quit', DENIED)),
    ...both((who) =>
      status(who, 'POST', '/api/datasources/proxy/uid/floorwatch-prometheus/api/v1/admin/tsdb/snapshot', DENIED)
    ),
    ...both((who) => status(who, 'GET', `/api/datasources/proxy/uid/${CLICKHOUSE}/?query=SELECT+1`, NO_TARGET)),
    ...both((who) => status(who, 'POST', '/api/snapshots', DENIED, { dashboard: { title: 'x' } })),
    status('viewer', 'GET', '/api/dashboards/uid/floorwatch-floor', 'allowed'),
    status('viewer of another organisation', 'GET', '/api/dashboards/uid/floorwatch-floor', DENIED),
    status('viewer of another organisation', 'GET', `/api/datasources/uid/${CLICKHOUSE}`, DENIED),
    status('viewer of another organisation', 'POST', '/api/user/using/1', DENIED),
    query('viewer of another organisation', 'reads the fleet', 'SELECT count() FROM warehouse.v_fleet_now', DENIED),
    ...[
      '..%2f..%2f..%2f..%2fetc%2fpasswd',
      '../../../../etc/passwd',
      '%2e%2e/%2e%2e/%2e%2e/plugin.json',
      '..%5c..%5cplugin.json',
    ].map((path) => status('visitor', 'GET', `/public/plugins/floorwatch-fleet-app/${path}`, DENIED)),
    ...['', 'guess', 'admin'].map((password): Attempt => ({
      attempt: `Grafana: admin with ${password === '' ? 'no password' : `the password "${password}"`}`,
      expected: DENIED,
      run: async () => statusText((await send(grafana.url, 'GET', '/api/user', basic('admin', password))).status),
    })),
    ...(
      ['/api/frontend/settings', `${APP}/settings`, '/api/health', '/metrics', '/api/plugins', '/login'] as const
    ).map((path): Attempt => ({
      attempt: `Grafana, visitor: a password in the response of ${path}`,
      expected: 'none',
      run: async () => leaked(await (await send(grafana.url, 'GET', path, undefined)).text(), grafana.secrets),
    })),
    {
      attempt: 'Grafana, visitor: an annotation whose text is a script, as the response of /api/annotations',
      expected: 'JSON with the text',
      run: async () => {
        await asAdmin('/api/annotations', { text: SCRIPT, tags: ['security-proof'], time: Date.now() });
        const response = await send(grafana.url, 'GET', '/api/annotations?tags=security-proof', undefined);
        const isData = (response.headers.get('content-type') ?? '').startsWith('application/json');
        const [annotation] = (await response.json()) as { text: string }[];
        return isData && annotation?.text === SCRIPT
          ? 'JSON with the text'
          : `not JSON, or ${annotation?.text ?? 'none'}`;
      },
    },
    {
      attempt: 'Grafana, visitor: a script in a page that Grafana did not write',
      expected: 'not run: the policy names the scripts by a number that changes',
      run: async () => {
        const nonces = await Promise.all(
          [1, 2].map(async () => {
            const { headers } = await send(grafana.url, 'GET', '/a/floorwatch-fleet-app/fleet', undefined);
            return /script-src [^;]*'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1];
          })
        );
        const isStrict = nonces[0] !== undefined && nonces[0] !== nonces[1];
        return isStrict
          ? 'not run: the policy names the scripts by a number that changes'
          : `nonces ${nonces.join(', ')}`;
      },
    },
    {
      attempt: 'Grafana, admin: a password in the response of /api/datasources',
      expected: 'none',
      run: async () =>
        leaked(
          await (await send(grafana.url, 'GET', `/api/datasources/uid/${CLICKHOUSE}`, admin)).text(),
          grafana.secrets
        ),
    },
  ];
}

/** `none`, or how many of the secrets the text contains. Never the secrets themselves, because the rows are printed. */
export function leaked(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
  ]);
  const found = forms.filter((form) => form !== '' && text.includes(form)).length;
  return found === 0 ? 'none' : `${found} secrets`;
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function send(url: string, method: string, path: string, authorization?: string, body?: object): Promise<Response> {
  return fetch(url + path, {
    method,
    redirect: 'manual',
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

function statusText(status: number): string {
  if (status >= 200 && status < 300) return 'allowed';
  return status >= 400 && status < 500 ? DENIED : `status ${status}`;
}

/** Every error of ClickHouse that says no, and every one of Grafana. */
function databaseError(text: string): string {
  const isDenied =
    /ACCESS_DENIED|Not enough privileges|READONLY|readonly|SETTING_CONSTRAINT|LIMIT_EXCEEDED|limit exceeded|Code: 241|TOO_MANY|not found|denied|forbidden|permission|timeout/i;
  return isDenied.test(text) ? DENIED : text.slice(0, 200);
}

function silence(): object {
  const now = Date.now();
  const matchers = [{ name: 'alertname', value: '.*', isRegex: true, isEqual: true }];
  return { matchers, startsAt: new Date(now), endsAt: new Date(now + 3_600_000), comment: 'x', createdBy: 'x' };
}
