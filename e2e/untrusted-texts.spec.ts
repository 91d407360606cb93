import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import type { Page } from '@playwright/test';
import { asOwner } from './as-owner.ts';
import { mapPanel, openDashboard } from './map-dashboard.ts';
import { countsOf, expect, FLEET_PAGE, test } from './test.ts';

/** Each robot stands at an x of its own, which tells it from the others. */
const xOf = (k: number) => 200.25 + k;

const ROBOTS_SQL =
  "INSERT INTO warehouse.telemetry_raw SETTINGS date_time_input_format = 'best_effort' FORMAT JSONEachRow";
const ZONES_SQL = 'INSERT INTO warehouse.zones FORMAT JSONEachRow';
const DEAD_LETTERS_SQL = 'INSERT INTO warehouse.dead_letters FORMAT JSONEachRow';

const rows = (one: (text: string, k: number) => object) =>
  HOSTILE.map(({ text }, k) => JSON.stringify(one(text, k))).join('\n');

function hostileRobots(): string {
  const now = Date.now();
  const at = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  return rows((text, k) => ({
    event_id: crypto.randomUUID(),
    robot_id: text,
    ts: at(now - k),
    received_at: at(now),
    event_type: 'ERROR',
    x: xOf(k),
    y: 5,
    map_id: HOSTILE[(k + 1) % HOSTILE.length]?.text,
    battery: 50,
    state: 'error',
    error_code: text,
    task_id: text,
    source: 'ingestor',
    topic: 'hostile',
  }));
}

test.beforeAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  await asOwner(world, `${ROBOTS_SQL}\n${hostileRobots()}`);
  const corner = (x: number, y: number) => ({ x, y });
  const polygon = [corner(0, 0), corner(9, 0), corner(9, 9), corner(0, 9)];
  const zone = (text: string, k: number) => ({
    map_id: 'hall',
    zone_id: `hostile-${k}`,
    name: text,
    kind: text,
    polygon,
  });
  await asOwner(world, `${ZONES_SQL}\n${rows(zone)}`);
  const letter = (text: string, k: number) => ({
    reason: 'not_json',
    detail: text,
    raw: text,
    key: text,
    topic: 'hostile',
    partition: 0,
    offset: k,
    part: 0,
    source: 'ingestor',
  });
  await asOwner(world, `${DEAD_LETTERS_SQL}\n${rows(letter)}`);
});

// Remove them, because other tests count all robots. Their roll-ups stay: this file is the last one.
test.afterAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  for (const name of ['telemetry_raw', 'robot_latest', 'dead_letters']) {
    await asOwner(world, `DELETE FROM warehouse.${name} WHERE topic = 'hostile'`);
  }
  await asOwner(world, "DELETE FROM warehouse.zones WHERE startsWith(zone_id, 'hostile-')");
});

test.afterEach(async ({ page }) => {
  expect(await page.evaluate(() => 'hacked' in globalThis), 'a script of the data ran').toBe(false);
});

/** Goes to an address inside of Grafana, without loading it again. */
async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

test('a link to each hostile id shows this robot and no other', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto(`${FLEET_PAGE}?refresh=1m`);
  await expect(page.getByTestId('floormap-canvas')).toBeVisible();
  for (const [k, { text, why }] of HOSTILE.entries()) {
    // Grafana's own value for all: no variable can hold it for a robot.
    if (text === '$__all') continue;
    await goWithin(page, `${FLEET_PAGE}?refresh=1m&var-robot=${encodeURIComponent(text)}`);
    const places = page.getByRole('gridcell').filter({ hasText: /^x [\d.-]+ m, y/ });
    await expect(places, why).toHaveText(`x ${xOf(k)} m, y 5 m`);
    await expect(page.getByTestId('floormap-announcement'), why).not.toContainText('\u202e');
  }
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
});

test('an id from the address that is SQL finds nothing', async ({ page }) => {
  for (const attack of ["\\') OR 1=1 --", "') OR 1=1 --", "' OR '1'='1", '\\', "$__dateFilter(1)') OR 1=1 --"]) {
    await page.goto(`${FLEET_PAGE}?refresh=1m&var-robot=${encodeURIComponent(attack)}`);
    await expect(page.getByText('No robot with this id is in service'), attack).toBeVisible();
    await expect(page.getByTestId(/Panel status error/), attack).toHaveCount(0);
  }
});

test('the map escapes what is not seen in ids, and refuses links that are scripts', async ({ page, world }) => {
  const links = ['javascript:window.hacked=1', '/d/floor?robot=${__data.fields.robot_id:percentencode}'];
  const fieldConfig = {
    defaults: { links: links.map((url) => ({ title: `to ${url.slice(0, 4)}`, url })) },
    overrides: [],
  };
  const rawSql = 'SELECT robot_id, x, y, state FROM warehouse.v_fleet_now WHERE x > 200';
  await openDashboard(page, world, 'e2e-hostile-map', [mapPanel({ rawSql, fieldConfig })]);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(HOSTILE.length);
  const announcement = page.getByTestId('floormap-announcement');
  const map = page.getByTestId('floormap-canvas');
  await map.focus();
  await page.keyboard.press('/');
  await page.getByTestId('floormap-find').fill('amr-\u202e7-1\u202c');
  await page.keyboard.press('Enter');
  await expect(announcement).toContainText('amr-\\u{202e}7-1\\u{202c}');
  await expect(page.getByTestId('floormap-tooltip')).toContainText('amr-\\u{202e}7-1');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByText('Copy id')).toBeVisible();
  await expect(page.getByRole('link', { name: 'to /d/f' })).toHaveAttribute('href', /robot=amr-%E2%80%AE7-1%E2%80%AC$/);
  await expect(page.getByText('to java')).toHaveCount(0);
});
