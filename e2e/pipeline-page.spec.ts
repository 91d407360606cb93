import type { Page, Route } from '@playwright/test';
import { asOwner } from './as-owner.ts';
import { expect, expectNoSidewaysScroll, test } from './test.ts';

const PIPELINE_PAGE = '/a/floorwatch-fleet-app/pipeline';
/** Dead letters of this topic are stored by the test alone. */
const TOPIC = 'e2e.letters';
const card = (page: Page, path: 'engine' | 'ingestor') => page.getByTestId(`path-${path}`);

test.beforeAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  const letter = (offset: number, reason: string, raw: string) =>
    JSON.stringify({
      topic: TOPIC,
      partition: 3,
      offset,
      part: 0,
      reason,
      detail: '',
      raw,
      key: 'k',
      source: 'ingestor',
    });
  const letters = [
    letter(1, 'battery_out_of_range', '{"robot_id":"amr-1","battery":140}'),
    letter(2, 'ts_invalid', '{"robot_id":"amr-\u202e7","ts":"<img src=x onerror=hacked=1>"}'),
  ];
  await asOwner(world, `INSERT INTO warehouse.dead_letters FORMAT JSONEachRow\n${letters.join('\n')}`);
});

test.afterAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  await asOwner(world, `DELETE FROM warehouse.dead_letters WHERE topic = '${TOPIC}'`);
});

test('both paths: one stores events, the other is off and has no figures', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${PIPELINE_PAGE}?refresh=5s`);
  await expect(page.getByRole('heading', { level: 1, name: 'Pipeline' })).toBeVisible();
  await expect(card(page, 'ingestor')).toContainText('running');
  await expect(card(page, 'ingestor')).toContainText('Failed inserts, last 5 minutes');
  await expect(card(page, 'engine')).toContainText('This path is off (INGEST_PATH), so it has no figures.');
  await expect(card(page, 'engine').locator('dl')).toHaveCount(0);
  for (const title of ['Lag per partition', 'Duration of inserts', 'Checks of ClickHouse', 'Roll-ups']) {
    const panel = page.getByTestId(new RegExp(`Panel header ${title}`)).first();
    await panel.scrollIntoViewIfNeeded();
    await expect(panel).toBeVisible();
  }
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('a dead letter shows its bytes and the command that requeues it; a reason is in the address', async ({ page }) => {
  await page.goto(`${PIPELINE_PAGE}?refresh=5m&reason=ts_invalid`);
  const letters = page.getByTestId('dead-letters');
  await expect(letters).toContainText('"robot_id":"amr-\\u{202e}7"');
  await expect(letters).not.toContainText('"battery":140');
  await expect(letters).toContainText(`ingestor dead-letters requeue ${TOPIC}/3/2/0`);
  await expect(letters).toContainText('ingestor dead-letters requeue --reason ts_invalid --since ');
  await letters.getByRole('button', { name: 'All reasons' }).click();
  await expect(letters).toContainText('"battery":140');
  await page.goBack();
  await expect(letters).not.toContainText('"battery":140');
  await page.goto(`${PIPELINE_PAGE}?reason=${encodeURIComponent("x') OR 1=1 --")}`);
  await expect(page.getByTestId('no-dead-letter')).toBeVisible();
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
});

test('without Prometheus or without ClickHouse, the page says what is missing and what to check', async ({ page }) => {
  const failing = (type: string) => async (route: Route) => {
    const { queries } = route.request().postDataJSON() as {
      queries: { refId: string; datasource: { type: string } }[];
    };
    if (!queries.some(({ datasource }) => datasource.type === type)) return route.fallback();
    const results = queries.map(
      ({ refId }) => [refId, { error: 'connection refused', status: 500, frames: [] }] as const
    );
    return route.fulfill({ status: 500, json: { results: Object.fromEntries(results) } });
  };
  await page.route('**/api/ds/query**', failing('prometheus'));
  await page.goto(PIPELINE_PAGE);
  await expect(card(page, 'ingestor')).toContainText('Prometheus does not answer');
  await expect(card(page, 'ingestor')).toContainText('running');
  await page.route('**/api/ds/query**', failing('grafana-clickhouse-datasource'));
  await page.goto(PIPELINE_PAGE);
  await expect(page.getByText('The pipeline cannot be read from ClickHouse')).toBeVisible();
  await expect(page.getByRole('link', { name: 'What to check' }).first()).toHaveAttribute(
    'href',
    /runbooks\/clickhouse-down$/
  );
});

test('on a phone of 390 px, the page is not scrolled sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(PIPELINE_PAGE);
  await expect(card(page, 'ingestor')).toContainText('running');
  await expectNoSidewaysScroll(page, 390);
});
