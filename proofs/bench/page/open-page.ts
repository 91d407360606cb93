import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';

const VIEWPORT = { width: 1_920, height: 1_080 };
/** A page is complete when no query has been running for this long, which is less than its refresh interval. */
const QUIET_MS = 1_500;
const TIMEOUT_MS = 120_000;
const POLL_MS = 50;

/** What opening a page took, in a browser that never opened it before. Times are milliseconds from the request for the page. */
export interface Opened {
  /** Until a panel shows a figure; null: never, or the page has no panel. */
  firstKpiMs: number | null;
  /** Until the last of the queries that the page asks when it opens was answered. */
  allPanelsMs: number;
  queries: number;
  failedQueries: number;
  /** Over the network, compressed, Grafana's own scripts included. */
  bytes: number;
  /** Scripts of the plugin that the page loaded. */
  scripts: string[];
}

/** Opens a page in a new browser, without cache. */
export async function openPage(url: string): Promise<Opened> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--lang=en-US'],
  });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    let bytes = 0;
    network.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    const running = new Set<unknown>();
    const scripts: string[] = [];
    let [queries, failedQueries, lastAnswerMs] = [0, 0, 0];
    const startMs = performance.now();
    page.on('request', (request) => {
      if (/\/plugins\/floorwatch-[^?]*\.js/.test(request.url())) scripts.push(request.url());
      if (!isQuery(request.url())) return;
      running.add(request);
      queries += (request.postDataJSON() as { queries?: unknown[] } | null)?.queries?.length ?? 1;
    });
    page.on('requestfinished', (request) => {
      if (!running.delete(request)) return;
      lastAnswerMs = performance.now() - startMs;
      void request.response().then((response) => {
        if (response && !response.ok()) failedQueries++;
      });
    });
    page.on('requestfailed', (request) => {
      if (running.delete(request)) failedQueries++;
    });
    await page.addInitScript(watchForFigure);
    await page.goto(url, { waitUntil: 'commit' });
    let quietSinceMs = Infinity;
    while (performance.now() - startMs < TIMEOUT_MS) {
      await sleep(POLL_MS);
      const isRunning = running.size > 0 || queries === 0;
      quietSinceMs = isRunning ? Infinity : Math.min(quietSinceMs, performance.now());
      if (performance.now() - quietSinceMs > QUIET_MS) break;
      // A page without queries, such as the list of runbooks.
      if (queries === 0 && (await isComplete(page)) && performance.now() - startMs > 10 * QUIET_MS) break;
    }
    const firstKpiMs = await page.evaluate(() => (globalThis as { firstFigureMs?: number }).firstFigureMs ?? null);
    return { firstKpiMs, allPanelsMs: lastAnswerMs, queries, failedQueries, bytes, scripts: [...new Set(scripts)] };
  } finally {
    await browser.close();
  }
}

function isQuery(url: string): boolean {
  return url.includes('/api/ds/query');
}

function isComplete(page: { evaluate: (fn: () => boolean) => Promise<boolean> }): Promise<boolean> {
  return page.evaluate(() => document.readyState === 'complete');
}

/** Runs in the page: notes when a panel or a tile first shows a digit. */
function watchForFigure(): void {
  const shows = (): boolean =>
    [
      ...document.querySelectorAll(
        '[data-testid="data-testid panel content"], [data-testid^="kpi-"], [data-testid="floormap-counts"]'
      ),
    ].some((element) => /\d/.test(element.textContent));
  const timer = setInterval(() => {
    if (!shows()) return;
    (globalThis as { firstFigureMs?: number }).firstFigureMs = performance.now();
    clearInterval(timer);
  }, 20);
}
