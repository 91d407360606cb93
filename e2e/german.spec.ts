import type { Page } from '@playwright/test';
import { expect, FLEET_PAGE, ROBOTS, test } from './test.ts';

/** Grafana as a user sees it who chose German in the preferences; other tests share the user. */
async function speakGerman(page: Page): Promise<void> {
  await page.route('**/a/floorwatch-fleet-app/**', async (route) => {
    if (route.request().resourceType() !== 'document') return route.fallback();
    const response = await route.fetch();
    const html = await response.text();
    return route.fulfill({ response, body: html.replace(/"language":"[^"]*"/, '"language":"de-DE"') });
  });
}

test('a user who reads German finds the page, its tables and the map in German', async ({ page }) => {
  await speakGerman(page);
  await page.goto(FLEET_PAGE);
  await expect(page.getByTestId('kpi-working')).toContainText('Arbeitet');
  await expect(page.getByTestId('floormap-counts')).toContainText(`= ${ROBOTS} Roboter`);
  await expect(page.getByRole('button', { name: 'Alles zeigen' })).toBeVisible();
  await expect(page.getByTestId('floormap-canvas')).toHaveAttribute('aria-label', /^Karte mit/);

  await page.goto('/a/floorwatch-fleet-app/robots?refresh=5m&search=e2e-0');
  await page.getByRole('columnheader', { name: 'Ladung' }).click();
  // Addresses hold the names of columns: a link to the list means the same in every language.
  await expect.poll(() => page.url()).toContain('sort=Battery');
  await expect(page.getByRole('row').nth(1)).toContainText('e2e-09');
});
