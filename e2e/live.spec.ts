import type { Page } from '@playwright/test';
import { countsOf, expect, FLEET_PAGE, ROBOTS, test } from './test.ts';

/** The poll takes about two seconds, and many times as long on a busy machine. */
const SHOWN = { timeout: 60_000 };

/** From now on the query of the map gets the answer again that it had: what changes on the map, the poll has brought. */
async function freezeMapQuery(page: Page): Promise<() => number> {
  let frozen: { status: number; headers: Record<string, string>; body: Buffer } | null = null;
  let polls = 0;
  await page.route(/\/api\/ds\/query/, async (route) => {
    const asked = route.request().postData() ?? '';
    if (asked.includes('v_fleet_changes')) polls++;
    if (!asked.includes('FROM warehouse.v_fleet_reports\\nORDER BY robot_id')) return route.continue();
    if (frozen) return route.fulfill(frozen);
    const response = await route.fetch();
    const body = await response.body();
    if (response.ok()) frozen = { status: response.status(), headers: response.headers(), body };
    return route.fulfill({ response, body });
  });
  return () => polls;
}

const robotsIn = async (page: Page, status: string) => {
  const entry = page.getByTestId('floormap-legend').getByRole('button', { name: new RegExp(`^${status}`) });
  return (await entry.count()) === 0 ? '' : entry.innerText();
};

test('between two answers of its query the map shows what arrived, but not in a playback', async ({ page, robots }) => {
  robots.set('e2e-01', { state: 'working' });
  const pollsOf = await freezeMapQuery(page);
  await page.goto(FLEET_PAGE);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  const before = await robotsIn(page, 'Blocked');
  robots.set('e2e-01', { state: 'blocked' });
  await expect.poll(() => robotsIn(page, 'Blocked'), SHOWN).not.toBe(before);
  robots.set('e2e-01', { state: 'working' });
  await expect.poll(() => robotsIn(page, 'Blocked'), SHOWN).toBe(before);

  await page.getByRole('button', { name: 'Playback', exact: true }).click();
  await expect(page).toHaveURL(/playback=/);
  // A poll that was under way has ended with the playback.
  const polls = pollsOf();
  await page.waitForTimeout(5_000);
  expect(pollsOf() - polls).toBeLessThanOrEqual(1);
});
