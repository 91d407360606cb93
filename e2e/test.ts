import { expect, test as base, type Page } from '@playwright/test';
import { Robots } from './robots.ts';
import { readWorld, skipReason, type World } from './world.ts';

export { expect };

export const ROBOTS = 12;
export const FLEET_PAGE = '/a/floorwatch-fleet-app/fleet';

/** Used by tests that are skipped. */
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
  /** Skips the test if Grafana is not installed. */
  grafana: undefined;
  /** Returns the rows of a query as floorwatch_reader. */
  ask: <T>(sql: string) => Promise<T[]>;
  /** Fails the test if the page did something that Grafana's strict Content Security Policy forbids. */
  strictPolicy: undefined;
  /** Gets a path of the Grafana API as admin. */
  api: <T>(path: string) => Promise<T>;
}

export const test = base.extend<Own, Shared>({
  // Once per test, before its other fixtures. A fixture of the worker would skip only the first test.
  grafana: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the required fixtures from this pattern
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
  strictPolicy: [
    async ({ context }, use) => {
      const violations: string[] = [];
      await context.exposeFunction('noteViolation', (violation: string) => violations.push(violation));
      await context.addInitScript(() => {
        // A library of Grafana's (FingerprintJS) reports one page in a thousand to its makers, unless this is set.
        (globalThis as unknown as { __fpjs_d_m: boolean }).__fpjs_d_m = true;
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) => {
          const { noteViolation } = globalThis as unknown as { noteViolation: (violation: string) => void };
          noteViolation(`${effectiveDirective}: ${blockedURI} in ${sourceFile}`);
        });
      });
      await use(undefined);
      expect(violations, 'violations of the Content Security Policy').toEqual([]);
    },
    { auto: true },
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

/** The counts that the panel shows: placed here, placed on other floors, not placed, all. */
export async function countsOf(
  page: Page
): Promise<{ placed: number; elsewhere: number; notPlaced: number; robots: number }> {
  const text = await page.getByTestId('floormap-counts').innerText();
  const count = (words: RegExp): number => Number(words.exec(text)?.[1] ?? NaN);
  return {
    placed: count(/^(\d+) (?:placed|here)/),
    elsewhere: count(/(\d+) on (?:other floors|another floor)/) || 0,
    notPlaced: count(/(\d+) not placed/),
    robots: count(/= (\d+) robots?/),
  };
}

/** Waits, because panels follow the width of the window a moment later. */
export async function expectNoSidewaysScroll(page: Page, width: number): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
}
