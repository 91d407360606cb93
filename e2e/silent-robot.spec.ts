import type { Page } from '@playwright/test';
import { findRobot, mapPanel, openDashboard } from './map-dashboard.ts';
import { countsOf, expect, ROBOTS, test } from './test.ts';

// A robot is silent after 5 s in this panel, so that the test does not wait long. The panel decides it from the age.
const options = { silentAfterSeconds: 5, trailPoints: 0 };

/** The highest opacity in the marker in the middle of the map, 0 to 1, read from its pixels. */
async function opacityInTheMiddle(page: Page): Promise<number> {
  return page.locator('canvas[data-layer="robots"]').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const side = 16;
    const pixels = (canvas as HTMLCanvasElement)
      .getContext('2d')
      ?.getImageData(width / 2 - side / 2, height / 2 - side / 2, side, side).data;
    return Math.max(...(pixels?.filter((_, at) => at % 4 === 3) ?? [])) / 255;
  });
}

test('a silent robot fades, stays at its last position and shows its age', async ({ page, world, robots }) => {
  await openDashboard(page, world, 'e2e-silent', [mapPanel({ options })]);
  await expect.poll(async () => (await countsOf(page)).placed).toBeGreaterThanOrEqual(ROBOTS - 1);
  await findRobot(page, 'e2e-06');
  const tooltip = page.getByTestId('floormap-tooltip');
  await expect(tooltip).toContainText('Working');
  await expect.poll(() => opacityInTheMiddle(page)).toBe(1);
  const { placed } = await countsOf(page);

  robots.silence('e2e-06');
  await expect(tooltip).toContainText('Silent');
  await expect.poll(() => opacityInTheMiddle(page)).toBeLessThan(0.87);
  // It is still visible, and its age increases.
  expect(await opacityInTheMiddle(page)).toBeGreaterThan(0.35);
  expect((await countsOf(page)).placed).toBe(placed);
  const ageSeconds = async () => Number(/Last event\s*(\d+) s ago/.exec(await tooltip.innerText())?.[1]);
  const before = await ageSeconds();
  await expect.poll(ageSeconds).toBeGreaterThan(before + 2);

  robots.wake('e2e-06');
  await expect(tooltip).toContainText('Working');
  await expect.poll(() => opacityInTheMiddle(page)).toBe(1);
});
