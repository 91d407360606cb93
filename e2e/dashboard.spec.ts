import type { Page } from '@playwright/test';
import { countsOf, expect, ROBOTS, test } from './test.ts';

interface ProvisionedDashboard {
  uid: string;
  url: string;
}

const DASHBOARDS = ['anomaly', 'battery', 'floor', 'pipeline', 'tasks', 'throughput', 'wall'].map(
  (name) => `floorwatch-${name}`
);

test('every provisioned dashboard loads without a panel error', async ({ page, api }) => {
  test.setTimeout(300_000);
  // Other tests save their own dashboards, some of them with errors on purpose.
  const found = await api<ProvisionedDashboard[]>('/api/search?type=dash-db');
  const dashboards = found.filter(({ uid }) => uid.startsWith('floorwatch-'));
  expect(dashboards.map(({ uid }) => uid).sort()).toEqual(DASHBOARDS);
  const failed: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/ds/query') && !response.ok()) failed.push(response.url());
  });
  for (const { uid, url } of dashboards) {
    const answered = page.waitForResponse((response) => response.url().includes('/api/ds/query'));
    await page.goto(url);
    await answered;
    await expect(page.getByTestId(/Panel header/).first()).toBeVisible();
    // Several rounds, because a panel can fail late.
    if (uid === 'floorwatch-floor') for (let round = 0; round < 10; round++) await refresh(page);
    await page.waitForLoadState('networkidle');
    expect(failed, uid).toEqual([]);
    await expect(page.getByTestId(/Panel status error/), uid).toHaveCount(0);
  }
});

test('dashboards and alert rules share one folder', async ({ api }) => {
  const folders = await api<{ title: string }[]>('/api/search?type=dash-folder');
  expect(folders.filter(({ title }) => title === 'Floorwatch')).toHaveLength(1);
});

test('pan and zoom stay the same during 100 refreshes', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto('/d/floorwatch-floor');
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  const map = page.getByTestId('floormap-canvas');
  await map.focus();
  const viewOf = () => map.getAttribute('data-view');
  await expect.poll(viewOf).not.toBeNull();
  for (const key of ['+', '+', 'ArrowRight']) {
    const seen = await viewOf();
    await page.keyboard.press(key);
    await expect.poll(viewOf).not.toBe(seen);
  }
  const before = await viewOf();
  for (let round = 0; round < 100; round++) await refresh(page);
  expect(await viewOf()).toBe(before);
});

/** Refreshes the dashboard and waits for the first response. */
async function refresh(page: Page): Promise<void> {
  // While a query runs, the same button cancels it, and there is no response to wait for.
  await expect(async () => {
    await Promise.all([
      page.waitForResponse((response) => response.url().includes('/api/ds/query'), { timeout: 10_000 }),
      page.getByTestId('data-testid RefreshPicker run button').click(),
    ]);
  }).toPass();
}
