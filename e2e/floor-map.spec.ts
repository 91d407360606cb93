import { boxOf } from './map-dashboard.ts';
import { countsOf, expect, FLEET_PAGE, ROBOTS, test } from './test.ts';

test('a lasso sets the robot variable, and the variable filters the other panels', async ({ page }) => {
  await page.goto(FLEET_PAGE);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await page.getByRole('button', { name: 'Select by lasso' }).click();
  const map = await boxOf(page.getByTestId('floormap-canvas'));
  const [left, top, right, bottom] = [map.x + 5, map.y + 60, map.x + map.width - 5, map.y + map.height - 60];
  await page.mouse.move(left, top);
  await page.mouse.down();
  for (const [x, y] of [
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const) {
    await page.mouse.move(x, y, { steps: 4 });
  }
  await page.mouse.up();

  const announcement = page.getByTestId('floormap-announcement');
  await expect(announcement).toContainText(/^\d+ robots selected/);
  const selected = Number.parseInt(await announcement.innerText(), 10);
  expect(selected).toBeGreaterThan(1);
  const inAddress = () => new URL(page.url()).searchParams.getAll('var-robot');
  await expect.poll(() => inAddress().length).toBe(selected);
  expect(inAddress().every((id) => id.startsWith('e2e-'))).toBe(true);

  // One of these robots: the panels beside the map show it.
  const robotId = inAddress()[0] ?? '';
  await page.getByTestId('floormap-canvas').focus();
  await page.keyboard.press('/');
  await page.getByTestId('floormap-find').fill(robotId);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: robotId })).toBeVisible();
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
});

// alerting.spec.ts silences e2e-07 permanently, so no other test can use it. e2e-04 starts at 6 m, 0 m.
test('playback loads, and seeking moves the robots', async ({ page, robots }) => {
  const placeOf = async () => /x, y\s+(.+ m)/.exec(await page.getByTestId('floormap-tooltip').innerText())?.[1] ?? '';
  await page.goto(FLEET_PAGE);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await page.getByTestId('floormap-canvas').focus();
  await page.keyboard.press('/');
  await page.getByTestId('floormap-find').fill('e2e-04');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('floormap-tooltip')).toBeVisible();
  const before = await placeOf();
  robots.set('e2e-04', { y: 9 });
  await expect.poll(placeOf).toContain(', 9.00 m');

  await page.getByRole('button', { name: 'Playback', exact: true }).click();
  const slider = page.getByTestId('floormap-replay-slider');
  await expect(slider).toBeVisible();
  await expect.poll(async () => (await countsOf(page)).placed).toBeGreaterThan(0);
  await slider.press('Home');
  await expect.poll(async () => (await countsOf(page)).placed).toBe(0);
  await slider.press('End');
  await expect.poll(placeOf).toContain(', 9.00 m');
  expect(before).not.toContain(', 9.00 m');

  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(slider).toHaveCount(0);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
});
