import type { Page } from '@playwright/test';
import { FLEET_SQL, mapPanel, openDashboard } from './map-dashboard.ts';
import { countsOf, expect, ROBOTS, test } from './test.ts';

/** What a visitor who is not signed in may not ask, and what Grafana's own pages do not ask in a shared view. */
const CLOSED = /\/api\/(ds\/query|alertmanager|annotations|datasources)/;
const SHARED = 'Shared view: robots only.';

/** Notes what the page asks and what it complains about. */
function watch(page: Page): { asked: string[]; errors: string[] } {
  const seen = { asked: [] as string[], errors: [] as string[] };
  page.on('request', (request) => {
    if (CLOSED.test(request.url())) seen.asked.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  return seen;
}

async function expectRobotsOnly(page: Page): Promise<void> {
  await expect(page.getByTestId('floormap-messages')).toContainText(SHARED);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await expect(page.getByRole('button', { name: 'Playback', exact: true })).toHaveCount(0);
  // Longer than the map waits with its first questions, and than it takes to poll once.
  await page.waitForTimeout(2_000);
}

test('an externally shared dashboard shows the robots, says what is left out, and asks nothing else', async ({
  page,
  browser,
  world,
}) => {
  await openDashboard(page, world, 'e2e-shared', [mapPanel({ rawSql: FLEET_SQL })], { refresh: '5s' });
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await expect(page.getByTestId('floormap-messages')).not.toContainText(SHARED);
  const authorization = `Basic ${btoa(`admin:${world.grafanaAdminPassword}`)}`;
  const made = await page.request.post('/api/dashboards/uid/e2e-shared/public-dashboards', {
    headers: { authorization },
    data: { isEnabled: true, timeSelectionEnabled: true, annotationsEnabled: true, share: 'public' },
  });
  expect(made.ok(), await made.text()).toBe(true);
  const { accessToken } = (await made.json()) as { accessToken: string };

  const visitor = await browser.newPage({ baseURL: world.grafanaUrl });
  const seen = watch(visitor);
  await visitor.goto(`/public-dashboards/${accessToken}`);
  await expectRobotsOnly(visitor);
  expect(seen).toEqual({ asked: [], errors: [] });
  await visitor.close();
});

test('a snapshot shows the robots of its moment, says what is left out, and asks nothing', async ({
  browser,
  world,
}) => {
  const authorization = `Basic ${btoa(`admin:${world.grafanaAdminPassword}`)}`;
  const owner = await browser.newPage({ baseURL: world.grafanaUrl, extraHTTPHeaders: { authorization } });
  await openDashboard(owner, world, 'e2e-snapshot', [mapPanel({ rawSql: FLEET_SQL })], { refresh: '' });
  await expect.poll(async () => (await countsOf(owner)).robots).toBe(ROBOTS);
  await owner.goto('/d/e2e-snapshot?shareView=snapshot');
  await expect.poll(async () => (await countsOf(owner)).robots).toBe(ROBOTS);
  const published = owner.waitForResponse((response) => /\/(snapshots|dashboardsnapshots)/.test(response.url()));
  await owner.getByRole('button', { name: 'Publish snapshot' }).click();
  const { key } = (await (await published).json()) as { key: string };
  await owner.close();

  const visitor = await browser.newPage({ baseURL: world.grafanaUrl });
  const seen = watch(visitor);
  await visitor.goto(`/dashboard/snapshot/${key}`);
  await expectRobotsOnly(visitor);
  expect(seen).toEqual({ asked: [], errors: [] });
  await visitor.close();
});
