import { expect, test } from './test.ts';

const SETUP_PAGE = '/plugins/floorwatch-fleet-app?page=setup';

test('the configuration page checks what the pages need, and has one remedy for what fails', async ({
  browser,
  world,
}) => {
  const context = await browser.newContext({
    baseURL: world.grafanaUrl,
    extraHTTPHeaders: { authorization: `Basic ${btoa(`admin:${world.grafanaAdminPassword}`)}` },
  });
  const page = await context.newPage();
  await page.goto(SETUP_PAGE);
  const checks = page.getByTestId('setup-checks');
  for (const text of [
    'The user of the data source cannot change anything.',
    'views that the pages read are there.',
    'It answers and has the metrics of the ingestor.',
    'rules are loaded.',
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
