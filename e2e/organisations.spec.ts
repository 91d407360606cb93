import type { Browser, Page } from '@playwright/test';
import { countsOf, expect, FLEET_PAGE, ROBOTS, test } from './test.ts';
import type { World } from './world.ts';

const APP = 'floorwatch-fleet-app';
const INCIDENTS_PAGE = `/a/${APP}/incidents`;

/** A second attempt finds the users and organisations of the first. */
const unique = () => Date.now().toString(36);

/** Grafana's API as admin, in one organisation. */
function adminOf({ grafanaUrl, grafanaAdminPassword }: World, orgId = 1) {
  const headers = {
    authorization: `Basic ${btoa(`admin:${grafanaAdminPassword}`)}`,
    'content-type': 'application/json',
    'x-grafana-org-id': String(orgId),
  };
  return async <T>(method: string, path: string, body: object): Promise<T> => {
    const response = await fetch(grafanaUrl + path, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  };
}

async function signedIn(browser: Browser, world: World, login: string): Promise<Page> {
  const extraHTTPHeaders = { authorization: `Basic ${btoa(`${login}:of-a-test`)}` };
  return browser.newPage({ baseURL: world.grafanaUrl, extraHTTPHeaders });
}

for (const role of ['Viewer', 'Editor']) {
  test(`a signed-in ${role} reads the pages, and asks nothing that the role may not read`, async ({
    browser,
    world,
  }) => {
    const admin = adminOf(world);
    const login = `e2e-${role.toLowerCase()}-${unique()}`;
    const { id } = await admin<{ id: number }>('POST', '/api/admin/users', { login, password: 'of-a-test', OrgId: 1 });
    await admin('PATCH', `/api/orgs/1/users/${id}`, { role });
    const page = await signedIn(browser, world, login);
    const refused: string[] = [];
    page.on('response', (response) => {
      if ([401, 403].includes(response.status())) refused.push(`${response.status()} ${response.url()}`);
    });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${FLEET_PAGE}?refresh=5s`);
    // In the first test of a run, the robots have just begun to report.
    await expect.poll(async () => (await countsOf(page)).robots, { timeout: 60_000 }).toBe(ROBOTS);
    await page.goto(INCIDENTS_PAGE);
    await expect(page.getByTestId('incidents')).toBeVisible();
    expect({ refused, errors }).toEqual({ refused: [], errors: [] });
    await page.close();
  });
}

test('another organisation sees its own data source or a clear text, and nothing of the first one', async ({
  browser,
  world,
}) => {
  const { orgId } = await adminOf(world)<{ orgId: number }>('POST', '/api/orgs', { name: `e2e second ${unique()}` });
  const admin = adminOf(world, orgId);
  const login = `e2e-second-${unique()}`;
  await admin('POST', '/api/admin/users', { login, password: 'of-a-test', OrgId: orgId });
  await admin('POST', `/api/plugins/${APP}/settings`, {
    enabled: true,
    pinned: true,
    jsonData: { clickhouseUid: 'e2e-second' },
  });
  const page = await signedIn(browser, world, login);
  const text = page.locator('body');
  await page.goto(FLEET_PAGE);
  await expect(text).toContainText('Floorwatch cannot find its ClickHouse data source');
  await expect(text).toContainText('choose a data source of this organisation');
  await expect(page.getByText(/e2e-\d\d/)).toHaveCount(0);

  const { hostname, port } = new URL(world.clickHouseUrl);
  const source = (password: string) => ({
    ...{ name: 'Second', uid: 'e2e-second', type: 'grafana-clickhouse-datasource', access: 'proxy' },
    jsonData: { host: hostname, port: Number(port), protocol: 'http', username: 'floorwatch_reader' },
    secureJsonData: { password },
  });
  await admin('POST', '/api/datasources', source('wrong'));
  await page.goto(FLEET_PAGE);
  await expect(page.getByTestId('cannot-read').first()).toContainText('cannot be read from ClickHouse');
  expect((await countsOf(page)).robots).not.toBe(ROBOTS);

  await admin('PUT', '/api/datasources/uid/e2e-second', source(world.clickHouseReaderPassword));
  await page.goto(FLEET_PAGE);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  // Alert rules and annotations are the first organisation's.
  await page.goto(`${INCIDENTS_PAGE}?from=now-6h&to=now`);
  await expect(page.getByTestId('no-incident')).toHaveText('No alert of Floorwatch fired in this time range.');
  await page.close();
});
