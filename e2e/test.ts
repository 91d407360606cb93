import { test as base, type Page } from '@playwright/test';
import { Robots } from './robots.ts';
import { readWorld, skipReason, type World } from './world.ts';

export { expect } from '@playwright/test';

export const ROBOTS = 12;
export const FLEET_PAGE = '/a/floorwatch-fleet-app/fleet';

/** The world of tests that are skipped. */
const NOWHERE: World = {
  grafanaUrl: '',
  clickHouseUrl: '',
  kafkaBrokers: '',
  topic: '',
  grafanaAdminPassword: '',
  clickHouseReaderPassword: '',
  clickHouseOwnerPassword: '',
};

interface Shared {
  world: World;
  robots: Robots;
}

interface Own {
  /** Skips the test where there is no Grafana. */
  grafana: undefined;
  /** Rows of a query that the reader of dashboards may ask. */
  ask: <T>(sql: string) => Promise<T[]>;
  /** A page of Grafana's API as its admin. */
  api: <T>(path: string) => Promise<T>;
}

export const test = base.extend<Own, Shared>({
  // Once a test and before everything that is its own: a worker's fixture would skip the first of its tests alone.
  grafana: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures that are needed from this pattern
    async ({}, use, testInfo) => {
      const reason = skipReason();
      testInfo.skip(reason !== null, reason ?? '');
      await use(undefined);
    },
    { auto: true },
  ],
  world: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      await use(skipReason() === null ? readWorld() : NOWHERE);
    },
    { scope: 'worker' },
  ],
  robots: [
    async ({ world }, use) => {
      const robots = new Robots(world);
      if (world !== NOWHERE) await robots.start(ROBOTS);
      await use(robots);
      await robots.stop();
    },
    { scope: 'worker', auto: true },
  ],
  baseURL: async ({ world }, use) => {
    await use(world.grafanaUrl);
  },
  ask: async ({ world }, use) => {
    const headers = {
      'X-ClickHouse-User': 'floorwatch_reader',
      'X-ClickHouse-Key': world.clickHouseReaderPassword,
      'X-ClickHouse-Format': 'JSONEachRow',
    };
    await use(async <T>(sql: string) => {
      const response = await fetch(world.clickHouseUrl, { method: 'POST', body: sql, headers });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as T);
    });
  },
  api: async ({ world }, use) => {
    const token = Buffer.from(`admin:${world.grafanaAdminPassword}`).toString('base64');
    await use(async <T>(path: string) => {
      const response = await fetch(world.grafanaUrl + path, { headers: { authorization: `Basic ${token}` } });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    });
  },
});

/** What the panel says of itself: placed, not placed, all. */
export async function countsOf(page: Page): Promise<{ placed: number; notPlaced: number; robots: number }> {
  const text = await page.getByTestId('floormap-counts').innerText();
  const [placed = NaN, notPlaced = NaN, robots = NaN] = (text.match(/\d+/g) ?? []).map(Number);
  return { placed, notPlaced, robots };
}
