import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import type { World } from '../world.ts';
import type { Picture } from './list.ts';

export const THEMES = ['dark', 'light'] as const;

const VIEWPORT = { width: 1600, height: 1000 };
/** Panels that still load after this stay as they are: the picture then shows that. */
const LOADING_MS = 20_000;
/** CSS pixels; a higher page is cut. */
const HIGHEST = 6_000;
/** Charts and maps are painted by then. */
const PAINTED_MS = 2_000;

/** Takes one picture. @returns what is wrong with the page in words: an exception, or content wider than the screen */
export async function takePicture(
  browser: Browser,
  world: World,
  picture: Picture,
  theme: (typeof THEMES)[number],
  file: string
): Promise<string[]> {
  const problems: string[] = [];
  const context = await browser.newContext({
    baseURL: world.grafanaUrl,
    viewport: picture.viewport ?? VIEWPORT,
    colorScheme: theme,
    ...(picture.asAdmin
      ? { extraHTTPHeaders: { authorization: `Basic ${btoa(`admin:${world.grafanaAdminPassword}`)}` } }
      : {}),
  });
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => problems.push(`exception: ${message}`));
  try {
    await picture.before?.(page);
    const path = await withRobots(page, picture.path);
    await page.goto(`${path}${path.includes('?') ? '&' : '?'}theme=${theme}`);
    await page.locator('main, h1').first().waitFor({ timeout: LOADING_MS });
    await settle(page);
    await picture.after?.(page);
    await showWholePage(page);
    await settle(page);
    const excess = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    );
    if (excess > 0) problems.push(`the page is ${excess} px wider than the screen`);
    await page.screenshot({ path: file, fullPage: true });
  } catch (error) {
    problems.push((error as Error).message.split('\n')[0] ?? 'no picture');
    await page.screenshot({ path: file }).catch(() => undefined);
  } finally {
    await context.close();
  }
  return problems;
}

/** Panels below the screen are not loaded: the screen becomes as high as the page. */
async function showWholePage(page: Page): Promise<void> {
  const viewport = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (viewport) await page.setViewportSize({ width: viewport.width, height: Math.min(height, HIGHEST) });
}

async function settle(page: Page): Promise<void> {
  const loading = page.locator('[aria-label="Panel loading bar"], [data-testid="panel-loading-bar"]');
  const until = Date.now() + LOADING_MS;
  await sleep(PAINTED_MS);
  while (Date.now() < until && (await loading.count()) > 0) await sleep(200);
  await sleep(PAINTED_MS / 2);
}

/** Puts the ids of a robot that drives and of one that stopped into a path. */
async function withRobots(page: Page, path: string): Promise<string> {
  if (!/\{(?:robot|silent)\}/.test(path)) return path;
  const idOf = async (condition: string): Promise<string> => {
    const query = {
      refId: 'A',
      datasource: { uid: 'floorwatch-clickhouse', type: 'grafana-clickhouse-datasource' },
      rawSql: `SELECT robot_id FROM warehouse.v_fleet_now WHERE ${condition} ORDER BY robot_id LIMIT 1`,
      format: 1,
      editorType: 'sql',
      queryType: 'table',
    };
    const response = await page.request.post('/api/ds/query', {
      data: { queries: [query], from: 'now-1h', to: 'now' },
    });
    const { results } = (await response.json()) as {
      results: Record<string, { frames?: { data: { values: string[][] } }[] }>;
    };
    return results['A']?.frames?.[0]?.data.values[0]?.[0] ?? 'none';
  };
  const [robot, silent] = [await idOf("status = 'working'"), await idOf("status = 'silent'")];
  return path.replace('{robot}', encodeURIComponent(robot)).replace('{silent}', encodeURIComponent(silent));
}
