import { countsOf, expect, FLEET_PAGE, ROBOTS, test } from './test.ts';

test('the fleet page loads without an error', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(FLEET_PAGE);
  await expect(page.getByTestId('floormap-canvas')).toBeVisible();
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('the map shows as many robots as ClickHouse counts', async ({ page, ask, robots }) => {
  robots.set('e2e-11', { x: null, y: null });
  await page.goto(FLEET_PAGE);
  await expect
    .poll(async () => {
      const [stored] = await ask<{ robots: string; placed: string; not_placed: string }>(
        'SELECT robots, placed, not_placed FROM warehouse.v_fleet_summary'
      );
      const shown = await countsOf(page);
      return (
        shown.robots === Number(stored?.robots) &&
        shown.placed === Number(stored?.placed) &&
        shown.notPlaced === Number(stored?.not_placed) &&
        shown.placed + shown.notPlaced === shown.robots
      );
    })
    .toBe(true);
  expect((await countsOf(page)).robots).toBe(ROBOTS);
});

test('a robot that moves in Kafka moves on the screen', async ({ page, robots }) => {
  await page.goto(FLEET_PAGE);
  await expect.poll(async () => (await countsOf(page)).placed).toBeGreaterThanOrEqual(ROBOTS - 1);

  // Finding a robot brings it to the middle of the map.
  const map = page.getByTestId('floormap-canvas');
  await map.focus();
  await page.keyboard.press('/');
  await page.getByTestId('floormap-find').fill('e2e-05');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('floormap-announcement')).toContainText('e2e-05');
  const box = await map.boundingBox();
  if (box === null) throw new Error('the map has no place on the page');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const hoverAt = async (x: number, y: number) => {
    await page.mouse.move(x - 2, y - 2);
    await page.mouse.move(x, y);
    const tooltip = page.getByTestId('floormap-tooltip');
    return (await tooltip.count()) > 0 ? tooltip.innerText() : '';
  };
  await expect.poll(() => hoverAt(middle.x, middle.y)).toContain('e2e-05');

  robots.set('e2e-05', { y: 12 });
  await expect
    .poll(async () => {
      // Up on the floor is up on the screen; the view stays where it was.
      for (let up = 40; up < box.height / 2; up += 8) {
        if ((await hoverAt(middle.x, middle.y - up)).includes('12.00 m')) return 'moved up';
      }
      return 'not found above';
    })
    .toBe('moved up');
});
