import type { Page, Route } from '@playwright/test';
import { mapPanel, openDashboard } from './map-dashboard.ts';
import { countsOf, expect, ROBOTS, test } from './test.ts';

const QUERIES = '**/api/ds/query**';
// A short limit, so that the test does not wait long.
const options = { silentAfterSeconds: 3, trailPoints: 0, showZones: false };

/** The response of Grafana while ClickHouse is down. */
async function failQueries(route: Route): Promise<void> {
  const { queries } = route.request().postDataJSON() as { queries: { refId: string }[] };
  const error = 'error querying the database: dial tcp 127.0.0.1:8123: connect: connection refused';
  const results = Object.fromEntries(queries.map(({ refId }) => [refId, { error, status: 500, frames: [] }]));
  await route.fulfill({ status: 500, json: { results } });
}

/** Number of painted pixels on a canvas of the map. */
function paintedOn(page: Page, layer: string): Promise<number> {
  return page.locator(`[data-testid="floormap-canvas"] canvas[data-layer="${layer}"]`).evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
    return pixels?.filter((channel, k) => k % 4 === 3 && channel > 0).length ?? 0;
  });
}

for (const [outage, fail, said] of [
  ['ClickHouse is down', failQueries, /Query A failed, the map shows its last answer/],
  ['Grafana is down', (route: Route) => route.abort(), /map shows its last (one|answer)/],
] as const) {
  test(`while ${outage}, the map keeps plan and robots, shows the age of the data, and recovers by itself`, async ({
    page,
    world,
  }) => {
    await openDashboard(page, world, 'e2e-outage', [mapPanel({ options })]);
    const counts = page.getByTestId('floormap-counts');
    const messages = page.getByTestId('floormap-messages');
    await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
    await expect.poll(() => paintedOn(page, 'plan')).toBeGreaterThan(1_000);
    await expect(messages).toBeEmpty();
    const [before, plan] = [await countsOf(page), await paintedOn(page, 'plan')];

    await page.route(QUERIES, fail);
    await expect(messages).toContainText(said);
    await expect(counts).toContainText(/as of \d+ s ago/);
    const ageSeconds = async () => Number(/as of (\d+) s ago/.exec(await counts.innerText())?.[1]);
    const first = await ageSeconds();
    await expect.poll(ageSeconds).toBeGreaterThan(first + 2);
    expect(await countsOf(page)).toEqual(before);
    expect(await paintedOn(page, 'plan')).toBe(plan);
    expect(await paintedOn(page, 'robots')).toBeGreaterThan(100);

    await page.unroute(QUERIES);
    await expect(messages).toBeEmpty();
    await expect(counts).not.toContainText('as of');
    expect((await countsOf(page)).robots).toBe(ROBOTS);
  });
}

const refusal =
  'error querying the database: sendQuery: Post "http://127.0.0.1:8123?database=warehouse&max_execution_time=20": dial tcp 127.0.0.1:8123: connect: connection refused';

for (const [path, what, content] of [
  ['robots', 'The robots', (page: Page) => page.getByTestId('robots-shown')],
  ['pipeline', 'The pipeline', (page: Page) => page.getByTestId('path-engine')],
  ['incidents', 'What the fleet and the pipeline did', (page: Page) => page.getByTestId('incidents')],
] as const) {
  test(`the page ${path} says that ClickHouse hangs or refuses, keeps what it had, and recovers by itself`, async ({
    page,
  }) => {
    const asked: Route[] = [];
    // A ClickHouse that hangs: each refresh begins the queries again, and none of them ever fails.
    await page.route(QUERIES, (route) => void asked.push(route));
    await page.goto(`/a/floorwatch-fleet-app/${path}?refresh=5s`);
    const notice = page.getByTestId('cannot-read').filter({ hasText: what });
    await expect(notice).toContainText('ClickHouse has not answered yet');
    await page.unroute(QUERIES);
    await expect(content(page)).toBeVisible();
    await expect(notice).toHaveCount(0);

    await page.route(QUERIES, (route) => {
      const { queries } = route.request().postDataJSON() as { queries: { refId: string }[] };
      const results = queries.map(({ refId }) => [refId, { error: refusal, status: 500, frames: [] }] as const);
      return route.fulfill({ status: 500, json: { results: Object.fromEntries(results) } });
    });
    await expect(notice).toContainText('Grafana cannot connect to ClickHouse. Check that ClickHouse is running.');
    await expect(notice).toContainText('The page shows what was read at');
    await expect(notice).toContainText('dial tcp 127.0.0.1:8123: connect: connection refused');
    await expect(page.getByText('max_execution_time')).toHaveCount(0);
    await expect(content(page)).toBeVisible();
    if (path === 'robots') {
      await expect(page.getByRole('row').nth(1)).toContainText('e2e-');
      const [readAt = 'no time'] = /read at [\d: -]+\d/.exec(await notice.innerText()) ?? [];
      // Somebody looks up what to do, and comes back.
      await notice.getByRole('link', { name: 'What to check' }).click();
      await expect(notice).toHaveCount(0);
      await page.goBack();
      await expect(notice).toContainText(readAt);
      await expect(page.getByRole('row').nth(1)).toContainText('e2e-');
    }
    await page.unroute(QUERIES);
    await expect(notice).toHaveCount(0);
    expect(asked.length).toBeGreaterThan(0);
  });
}
