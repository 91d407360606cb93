import type { Page } from '@playwright/test';
import { expect, expectNoSidewaysScroll, FLEET_PAGE, test } from './test.ts';

const ROBOTS_PAGE = '/a/floorwatch-fleet-app/robots';
/** Ten robots: e2e-00 to e2e-09, whatever robots other tests have left. */
const TEN = `${ROBOTS_PAGE}?refresh=5m&search=e2e-0`;

const shown = (page: Page) => page.getByTestId('robots-shown');
const firstRow = (page: Page) => page.getByRole('row').nth(1);

test('the robots page finds, sorts and filters in ClickHouse, and Back takes each step back', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${ROBOTS_PAGE}?refresh=5m`);
  const search = page.getByRole('searchbox', { name: 'Search robots' });
  await search.fill('E2E-0');
  await expect(shown(page)).toHaveText('Robots 1 to 10 of 10');
  expect(page.url()).toContain('search=E2E-0');

  await page.getByRole('columnheader', { name: 'Battery' }).click();
  await expect(firstRow(page)).toContainText('e2e-09');
  expect(page.url()).toContain('sort=Battery');
  await page.getByRole('columnheader', { name: 'Battery' }).click();
  await expect.poll(() => page.url()).toContain('order=desc');
  await expect(firstRow(page)).toContainText('e2e-00');

  await page.goBack();
  await expect(firstRow(page)).toContainText('e2e-09');
  await expect(page.getByRole('columnheader', { name: 'Battery' })).toHaveAttribute('aria-sort', 'ascending');
  await page.goBack();
  await expect(firstRow(page)).toContainText('e2e-00');
  await page.goBack();
  await expect(search).toHaveValue('');
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('a link shows the same list', async ({ page, robots, ask }) => {
  robots.set('e2e-04', { state: 'blocked' });
  const isBlocked = () => ask("SELECT robot_id FROM warehouse.v_fleet_now WHERE status = 'blocked'");
  await expect.poll(isBlocked).toContainEqual({ robot_id: 'e2e-04' });
  await page.goto(`${TEN}&status=blocked&sort=Robot&order=desc`);
  await expect(shown(page)).toHaveText('Robots 1 to 1 of 1');
  await expect(firstRow(page)).toContainText('blocked');
  await expect(page.getByRole('combobox', { name: 'Status' })).toHaveValue('blocked');
  robots.set('e2e-04', { state: 'working' });
});

test('pages: a page that is not there says so and leads to the first', async ({ page }) => {
  await page.goto(`${TEN}&page=7`);
  await expect(page.getByText('There is no page 7')).toBeVisible();
  await page.getByRole('button', { name: 'Go to the first page' }).click();
  await expect(shown(page)).toHaveText('Robots 1 to 10 of 10');
});

test('no robot matches: the page says what was sought and leads back, hostile texts included', async ({ page }) => {
  for (const attack of ["\\') OR 1=1 --", "$__dateFilter(1)') OR 1=1 --", '<img src=x onerror=alert(1)>']) {
    await page.goto(`${ROBOTS_PAGE}?${new URLSearchParams({ search: attack, status: 'working' }).toString()}`);
    await expect(page.getByText(`No robot matches “${attack}” and the status working`), attack).toBeVisible();
    await expect(page.getByTestId(/Panel status error/), attack).toHaveCount(0);
  }
  await page.getByRole('button', { name: 'Show all robots' }).click();
  await expect(shown(page)).toContainText('Robots 1 to');
  expect(page.url()).not.toContain('status=');
});

test('"map" shows the robot on the floor map, and Back comes back to the list', async ({ page }) => {
  await page.goto(`${TEN}&sort=Battery`);
  await expect(firstRow(page)).toContainText('e2e-09');
  await firstRow(page).getByRole('link', { name: 'map' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(FLEET_PAGE);
  expect(page.url()).toContain('var-robot=e2e-09');
  await page.goBack();
  await expect(firstRow(page)).toContainText('e2e-09');
  await expect(shown(page)).toHaveText('Robots 1 to 10 of 10');
});

test('on a phone of 390 px, the page is not scrolled sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(TEN);
  await expect(shown(page)).toHaveText('Robots 1 to 10 of 10');
  await expectNoSidewaysScroll(page, 390);
});

test('when the database refuses, the page says what to do', async ({ page }) => {
  await page.route('**/api/ds/query**', (route) =>
    route.fulfill({ status: 500, json: { results: { A: { error: 'Code: 241. Memory limit exceeded', status: 500 } } } })
  );
  await page.goto(ROBOTS_PAGE);
  await expect(page.getByText('The robots cannot be read from ClickHouse')).toBeVisible();
  await expect(page.getByText('Memory limit exceeded').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'What to check' })).toHaveAttribute('href', /runbooks\/clickhouse-down$/);
});
