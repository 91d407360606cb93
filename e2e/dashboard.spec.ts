import { countsOf, expect, ROBOTS, test } from './test.ts';

interface ProvisionedDashboard {
  uid: string;
  url: string;
}

test('every provisioned dashboard loads without a panel error', async ({ page, api }) => {
  const dashboards = await api<ProvisionedDashboard[]>('/api/search?type=dash-db');
  expect(dashboards.map(({ uid }) => uid)).toContain('floorwatch-floor');
  for (const { url } of dashboards) {
    await page.goto(url);
    await expect(page.getByTestId(/Panel header/).first()).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  }
});

test('the view survives refreshes of the data', async ({ page }) => {
  await page.goto('/d/floorwatch-floor');
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  const map = page.getByTestId('floormap-canvas');
  await map.focus();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowRight');
  const viewOf = () => map.getAttribute('data-view');
  const before = await viewOf();
  expect(before).not.toBeNull();
  for (let refresh = 0; refresh < 5; refresh++) {
    await page.getByTestId('data-testid RefreshPicker run button').click();
    await page.waitForTimeout(500);
  }
  expect(await viewOf()).toBe(before);
});
