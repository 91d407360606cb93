import type { Browser, BrowserContext, Page } from '@playwright/test';
import { boxOf, findRobot, openDashboard, panelBeside, table } from './map-dashboard.ts';
import { expect, FLEET_PAGE, test } from './test.ts';
import type { World } from './world.ts';

const APP = 'floorwatch-fleet-app';
const SETUP_PAGE = `/plugins/${APP}?page=setup`;
const SETTINGS = `/api/plugins/${APP}/settings`;

/** A browser of the administrator, in an organisation. */
function asAdmin(browser: Browser, world: World, orgId = 1): Promise<BrowserContext> {
  return browser.newContext({
    baseURL: world.grafanaUrl,
    extraHTTPHeaders: {
      authorization: `Basic ${btoa(`admin:${world.grafanaAdminPassword}`)}`,
      'X-Grafana-Org-Id': String(orgId),
    },
  });
}

/** Grafana with these settings of the app, for this page only: other tests share the organisation. */
async function useSettings(page: Page, jsonData: object): Promise<void> {
  await page.route(`**${SETTINGS}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as object), jsonData } });
  });
}

test('the configuration page checks what the pages need, and has one remedy for what fails', async ({
  browser,
  world,
}) => {
  const context = await asAdmin(browser, world);
  const page = await context.newPage();
  await page.goto(SETUP_PAGE);
  const checks = page.getByTestId('setup-checks');
  for (const text of [
    'The user of the data source cannot change anything.',
    'views that the pages read are there.',
    'It answers and has the metrics of the ingestor.',
    'rules are loaded.',
    'Each migration and each view was applied completely.',
  ]) {
    await expect(checks).toContainText(text);
  }
  await page.route('**/api/ds/query**', (route) =>
    route.fulfill({
      status: 500,
      json: { results: { A: { error: 'code: 516, message: Authentication failed', status: 500, frames: [] } } },
    })
  );
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(checks).toContainText('Compare user and password of the data source with those of floorwatch_reader.');
  await expect(checks).not.toContainText('views that the pages read are there.');
  await context.close();
});

test('settings are validated at their field and saved for one organisation; nobody but its administrator changes them', async ({
  browser,
  world,
  page: viewer,
  api,
}) => {
  const admin = await asAdmin(browser, world);
  const created = await admin.request.post('/api/orgs', { data: { name: `setup ${Date.now()}` } });
  const { orgId } = (await created.json()) as { orgId: number };
  const context = await asAdmin(browser, world, orgId);
  const page = await context.newPage();
  await page.goto(SETUP_PAGE);
  await page.getByRole('button', { name: 'Add a shift' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Tag');
  await page.getByLabel('Starts at').fill('07:00');
  await page.getByRole('button', { name: 'Add a link' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('FMS');
  const template = page.getByRole('textbox', { name: 'Template' });
  await template.fill('javascript:alert("{robot_id}")');
  const save = page.getByRole('button', { name: 'Save' });
  await expect(page.getByRole('alert').filter({ hasText: 'Start with http:// or https://.' })).toBeVisible();
  await expect(save).toBeDisabled();
  await template.fill('https://fms.example/robots/{robot_id}');
  await save.click();
  // The page loads again with what is saved.
  await expect(save).toBeEnabled();
  await expect(page.getByRole('textbox', { name: 'Template' })).toHaveValue('https://fms.example/robots/{robot_id}');
  const settingsOf = async (from: BrowserContext) =>
    ((await (await from.request.get(SETTINGS)).json()) as { jsonData: Record<string, unknown> | null }).jsonData ?? {};
  expect(await settingsOf(context)).toMatchObject({ shifts: [{ name: 'Tag', start: '07:00' }] });
  expect((await settingsOf(admin))['links'] ?? []).toEqual([]);

  await viewer.goto(FLEET_PAGE);
  const refused = await viewer.request.post(SETTINGS, {
    data: { enabled: true, pinned: true, jsonData: { links: [] } },
  });
  expect(refused.status()).toBe(403);
  expect(await api(SETTINGS)).toMatchObject({ enabled: true });
  await context.close();
  await admin.request.delete(`/api/orgs/${orgId}`);
  await admin.close();
});

test('pages follow the settings: links, shifts, names of sites', async ({ page }) => {
  await useSettings(page, {
    timeZone: 'Europe/Berlin',
    shifts: [
      { name: 'Tag', start: '07:00' },
      { name: 'Nacht', start: '19:00' },
    ],
    links: [
      { title: 'FMS', template: 'https://fms.example/robots/{robot_id}?map={map_id}' },
      { title: 'Script', template: 'javascript:alert(1)' },
    ],
  });
  await page.goto(`/a/${APP}/robot?id=e2e-03`);
  const onPage = page.getByTestId('robot-sheet').getByRole('link', { name: 'FMS' });
  await expect(onPage).toHaveAttribute('href', /^https:\/\/fms\.example\/robots\/e2e-03\?map=.+/);
  await expect(page.getByRole('link', { name: 'Script' })).toHaveCount(0);

  await page.goto(`/a/${APP}/robots?refresh=5m&search=e2e-03`);
  await expect(page.getByRole('gridcell').getByRole('link', { name: 'open' })).toHaveAttribute(
    'href',
    /^https:\/\/fms\.example\/robots\/e2e-03\?map=.+/
  );

  await page.goto(`${FLEET_PAGE}?refresh=5m`);
  await expect(page.getByTestId('floormap-counts')).toBeVisible();
  await findRobot(page, 'e2e-03');
  const box = await boxOf(page.getByTestId('floormap-canvas'));
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: 'right' });
  await expect(page.getByRole('link', { name: 'FMS' })).toHaveAttribute('href', /robots\/e2e-03\?map=/);
  await expect(page.getByText('Script', { exact: true })).toHaveCount(0);

  await page.goto(`/a/${APP}/shift-report?day=2026-03-28&shift=19%3A00`);
  const report = page.getByTestId('shift-report');
  await expect(report.getByRole('heading', { name: 'Nacht, 2026-03-28' })).toBeVisible();
  // In this night, summer time begins.
  await expect(report).toContainText('2026-03-28 19:00:00 – 2026-03-29 07:00:00 (Europe/Berlin)');
});

test("Grafana's own menus lead to the floor map: a panel, Explore, the command palette", async ({ browser, world }) => {
  test.setTimeout(150_000);
  const context = await asAdmin(browser, world);
  const page = await context.newPage();
  const query = table(
    "SELECT robot_id, battery FROM warehouse.v_fleet_now WHERE robot_id IN ('e2e-03', 'e2e-04') ORDER BY robot_id"
  );
  await openDashboard(page, world, 'e2e-panel-menu', [panelBeside('table', 'Two robots', query, 0)], { refresh: '' });
  await expect(page.getByText('e2e-04')).toBeVisible();
  // Grafana loads plugins beside the page, and a menu has the links of those that are there when it opens.
  const extensions = page.getByRole('menuitem', { name: 'Extensions' });
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.getByTestId(/Panel header Two robots/).hover();
    await page.getByRole('button', { name: 'Menu for panel Two robots' }).click();
    await expect(extensions).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 45_000 });
  await extensions.hover();
  await page.getByRole('menuitem', { name: 'Show on floor map' }).click();
  await expect.poll(() => page.url()).toContain(`${FLEET_PAGE}?var-robot=e2e-03&var-robot=e2e-04`);
  expect(page.url()).toContain('from=now-15m');
  await expect(page.getByTestId('floormap-canvas')).toBeVisible();

  const panes = { a: { datasource: query.datasource.uid, queries: [query], range: { from: 'now-1h', to: 'now' } } };
  await page.goto(`/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
  await expect(page.getByText('e2e-04').first()).toBeVisible();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Show on floor map' }).click();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect.poll(() => page.url()).toContain(`${FLEET_PAGE}?var-robot=e2e-03&var-robot=e2e-04`);

  await page.goto('/alerting/list');
  await expect(page.getByRole('heading', { name: 'Alert rules' })).toBeVisible();
  // While the palette loads, a result can move away under the pointer.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page
      .getByPlaceholder(/search or jump to/i)
      .last()
      .fill('Floorwatch: Shift');
    await page.getByText('Floorwatch: Shift report').click({ timeout: 5_000 });
    await expect(page).toHaveURL(/shift-report/, { timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByTestId('shift-report')).toBeVisible();
  await context.close();
});

test('another plugin shows the status of a robot', async ({ browser, world }) => {
  const context = await asAdmin(browser, world);
  const page = await context.newPage();
  // A plugin that only this browser has: Grafana loads its module and gives it what we expose.
  const other = 'floorwatch-other-app';
  const folder = `public/plugins/${other}`;
  await page.route(`**/api/plugins/${other}/settings`, (route) =>
    route.fulfill({
      json: {
        ...{ id: other, type: 'app', name: 'Other', enabled: true, pinned: false, includes: [], jsonData: {} },
        ...{ module: `${folder}/module.js`, baseUrl: folder, loadingStrategy: 'fetch', info: { version: '1.0.0' } },
      },
    })
  );
  await page.route(`**/${folder}/module.js*`, (route) =>
    route.fulfill({
      contentType: 'application/javascript',
      body: `define(['@grafana/data', '@grafana/runtime', 'react'], (data, runtime, react) => {
        const Root = () => {
          const { component } = runtime.usePluginComponent('${APP}/robot-status/v1');
          return component ? react.createElement(component, { robotId: 'e2e-03' }) : 'not there';
        };
        return { plugin: new data.AppPlugin().setRootPage(Root) };
      });`,
    })
  );
  await page.goto(`/a/${other}`);
  const status = page.getByTestId('robot-status');
  await expect(status).toContainText('e2e-03');
  await expect(status).toContainText('working');
  await expect(status.getByRole('link', { name: 'Show on the map' })).toHaveAttribute('href', /var-robot=e2e-03$/);
  await context.close();
});
