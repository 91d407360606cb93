import { countsOf, expect, ROBOTS, test } from './test.ts';

interface ProvisionedDashboard {
  uid: string;
  url: string;
}

/** Answers to wait for: more than two rounds of every panel's queries, so that a panel that fails late fails here. */
const ANSWERS = 30;

test('every provisioned dashboard loads without a panel error', async ({ page, api }) => {
  const dashboards = await api<ProvisionedDashboard[]>('/api/search?type=dash-db');
  expect(dashboards.map(({ uid }) => uid)).toContain('floorwatch-floor');
  let answers = 0;
  const refused: string[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/api/ds/query')) return;
    answers += 1;
    if (!response.ok()) refused.push(`${response.status()} ${response.url()}`);
  });
  for (const { url } of dashboards) {
    answers = 0;
    await page.goto(`${url}?refresh=1s`);
    await expect.poll(() => answers, { timeout: 60_000 }).toBeGreaterThan(ANSWERS);
    expect(refused).toEqual([]);
    await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  }
});

test('the view survives 100 refreshes of the data', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto('/d/floorwatch-floor');
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  const map = page.getByTestId('floormap-canvas');
  await map.focus();
  for (const key of ['+', '+', 'ArrowRight']) await page.keyboard.press(key);
  const viewOf = () => map.getAttribute('data-view');
  await expect.poll(viewOf).not.toBeNull();
  const before = await viewOf();
  for (let refresh = 0; refresh < 100; refresh++) {
    const answered = page.waitForResponse((response) => response.url().includes('/api/ds/query'));
    await page.getByTestId('data-testid RefreshPicker run button').click();
    await answered;
  }
  expect(await viewOf()).toBe(before);
});
