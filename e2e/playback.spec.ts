import type { Page } from '@playwright/test';
import { asOwner } from './as-owner.ts';
import { mapPanel, openDashboard, panelBeside, table } from './map-dashboard.ts';
import { countsOf, expect, test } from './test.ts';

const SEEDED = 1_000;
const EVENTS_SQL = `SELECT toStartOfInterval(ts, INTERVAL 10 second) AS time, count() AS events
  FROM warehouse.v_events WHERE $__timeFilter(ts) GROUP BY time ORDER BY time`;

/** One hour of a thousand robots on ellipses, with an event every 5 s, which the robots of the tests cannot send. */
const SEED = `INSERT INTO warehouse.telemetry_raw
  (event_id, robot_id, ts, event_type, x, y, theta, map_id, speed, battery, state, source, topic)
  SELECT generateUUIDv4(), concat('seed-', leftPad(toString(robot), 4, '0')), now64(3) - INTERVAL 3600 - 5 * step SECOND,
    'POSITION_UPDATE', 20 + 15 * cos(robot + step / 50), 15 + 10 * sin(robot + step / 50), 0, 'hall', 1, 50, 'working',
    'backfill', 'seed'
  FROM (SELECT number AS robot FROM numbers(${SEEDED})) AS robots
  CROSS JOIN (SELECT number AS step FROM numbers(720)) AS steps`;

test.beforeAll(async ({ world }) => {
  if (world.clickHouseUrl !== '') await asOwner(world, SEED);
});

// Remove these robots, because other tests count all robots.
test.afterAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  for (const name of ['telemetry_raw', 'robot_latest']) {
    await asOwner(world, `DELETE FROM warehouse.${name} WHERE startsWith(robot_id, 'seed-')`);
  }
});

/** Moves the slider as a user does. @returns the milliseconds until the frame that shows it is painted */
function seek(page: Page, share: number): Promise<number> {
  return page.getByTestId('floormap-replay-slider').evaluate(async (element, to) => {
    const slider = element as HTMLInputElement;
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const [min, max] = [Number(slider.min), Number(slider.max)];
    performance.mark('seek');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(
      slider,
      String(min + (max - min) * to)
    );
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await nextFrame();
    await nextFrame();
    return performance.measure('seek to painted', 'seek').duration;
  }, share);
}

test('playback of an hour of a thousand robots shares its crosshair with another panel in both directions', async ({
  page,
  world,
}) => {
  const rows = { ...table(EVENTS_SQL), queryType: 'timeseries', format: 0 };
  const panels = [mapPanel({ options: { trailPoints: 0 } }), panelBeside('timeseries', 'Events', rows, 0)];
  const rest = { graphTooltip: 1, time: { from: 'now-1h', to: 'now' }, refresh: '' };
  await openDashboard(page, world, 'e2e-replay', panels, rest);
  await expect.poll(async () => (await countsOf(page)).robots).toBeGreaterThan(SEEDED);

  await page.getByRole('button', { name: 'Playback', exact: true }).click();
  const slider = page.getByTestId('floormap-replay-slider');
  await expect(slider).toBeVisible();
  const sharedAt = () =>
    page
      .locator('.u-cursor-x')
      .evaluate((hair) =>
        Number.parseFloat(/translate\((-?[\d.]+)px/.exec(hair.getAttribute('style') ?? '')?.[1] ?? 'NaN')
      );
  const picture = () =>
    page.locator('canvas[data-layer="robots"]').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  const seen: { crosshairPx: number; picture: string }[] = [];
  const tookMs: number[] = [];
  for (const share of [0.25, 0.5, 0.75]) {
    tookMs.push(await seek(page, share));
    const last = seen.at(-1)?.crosshairPx ?? 0;
    await expect.poll(sharedAt).toBeGreaterThan(last + 20);
    seen.push({ crosshairPx: await sharedAt(), picture: await picture() });
  }
  expect(new Set(seen.map((one) => one.picture)).size).toBe(3);
  expect((await countsOf(page)).placed).toBeGreaterThanOrEqual(SEEDED);
  console.log(`seek to painted, ${SEEDED} robots over 1 h: ${tookMs.map((ms) => ms.toFixed(0)).join(', ')} ms`);

  // The other direction: the map shows the time under the pointer in the chart.
  const before = await slider.inputValue();
  const chart = page.locator('.u-over');
  await chart.hover({ position: { x: 40, y: 20 } });
  await chart.hover({ position: { x: 44, y: 20 } });
  await expect.poll(() => slider.inputValue()).not.toBe(before);
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(slider).toHaveCount(0);
});

test('a playback begins with what the robots reported before its range', async ({ page, world }) => {
  // Between two events of each robot, which are 5 s apart.
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const time = { from: minutesAgo(40), to: minutesAgo(38) };
  await openDashboard(page, world, 'e2e-replay-before', [mapPanel({ options: { trailPoints: 0 } })], {
    time,
    refresh: '',
  });
  await page.getByRole('button', { name: 'Playback', exact: true }).click();
  await expect(page.getByTestId('floormap-replay-slider')).toBeVisible();
  await seek(page, 0);
  await expect.poll(async () => (await countsOf(page)).placed).toBeGreaterThanOrEqual(SEEDED);
});
