import { countsOf, expect, expectNoSidewaysScroll, FLEET_PAGE, ROBOTS, test } from './test.ts';

test('the fleet page loads without an error', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(FLEET_PAGE);
  await expect(page.getByTestId('floormap-canvas')).toBeVisible();
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('a tile leads to the list of the robots that it counts: selection and filters travel', async ({ page }) => {
  await page.goto(`${FLEET_PAGE}?refresh=5s&map=hall&var-robot=e2e-00&var-robot=e2e-01`);
  const tile = page.getByTestId('kpi-online');
  await expect(tile).toContainText(/Online of 2\s*2/);
  await tile.click();
  await expect(page.getByTestId('robots-shown')).toHaveText('Robots 1 to 2 of 2');
  await expect(page.getByTestId('selection-notice')).toContainText('2 robots are selected. The list shows only these.');
  expect(page.url()).toContain('map=hall');
  await page.getByRole('button', { name: 'Drop the selection' }).click();
  await expect(page.getByTestId('robots-shown')).not.toHaveText(/of 2$/);
  expect(page.url()).toContain('status=online');
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

  // The search moves the robot to the middle of the map.
  const map = page.getByTestId('floormap-canvas');
  await map.focus();
  await page.keyboard.press('/');
  await page.getByTestId('floormap-find').fill('e2e-05');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('floormap-announcement')).toContainText('e2e-05');
  const box = await map.boundingBox();
  if (box === null) throw new Error('the map is not on the page');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const hoverAt = async (x: number, y: number) => {
    await page.mouse.move(x - 2, y - 2);
    await page.mouse.move(x, y);
    const tooltip = page.getByTestId('floormap-tooltip');
    return (await tooltip.count()) > 0 ? tooltip.innerText() : '';
  };
  await expect.poll(() => hoverAt(middle.x, middle.y)).toContain('e2e-05');

  // 8 m are 200 px at this zoom: the robot stays in the view.
  robots.set('e2e-05', { y: 8 });
  await expect
    .poll(async () => {
      // The view does not move, and y up on the floor is up on the screen.
      for (let up = 40; up < box.height / 2; up += 8) {
        if ((await hoverAt(middle.x, middle.y - up)).includes('8.00 m')) return 'moved up';
      }
      return 'not found above';
    })
    .toBe('moved up');
});

test('an annotation with a position and an annotation of a robot are on the map of the fleet page', async ({
  page,
  world,
}) => {
  const authorization = `Basic ${Buffer.from(`admin:${world.grafanaAdminPassword}`).toString('base64')}`;
  const annotate = async (text: string, tags: string[]) => {
    const data = { time: Date.now() - 60_000, text, tags };
    const made = await page.request.post('/api/annotations', { headers: { authorization }, data });
    expect(made.ok(), await made.text()).toBe(true);
  };
  await annotate('Forklift parked here', ['x:6', 'y:6', 'map:hall']);
  await annotate('Battery swapped', ['robot:e2e-02']);
  await page.goto(FLEET_PAGE);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await expect(page.getByRole('button', { name: /^Annotations \d/ })).toBeVisible();
  const heard = new Set<string>();
  const hear = async () => {
    await page.getByTestId('floormap-canvas').focus();
    await page.keyboard.press('a');
    heard.add(await page.getByTestId('floormap-announcement').innerText());
    return [...heard].join('\n');
  };
  await expect.poll(hear).toContain('Annotation: Forklift parked here');
  await expect.poll(hear).toContain('Annotation: Battery swapped, e2e-02');
});

test('the details of a robot show a long task id and a long error code without truncation, with units', async ({
  page,
  robots,
}) => {
  const task = 'task-mwuo4v8x-00152';
  robots.set('e2e-03', { task_id: task, error_code: 'E-LOCALIZATION-LOST', speed: 1.5 });
  await page.goto(`${FLEET_PAGE}?var-robot=e2e-03`);
  for (const text of [task, 'E-LOCALIZATION-LOST', '1.5 m/s', 'x 4.5 m, y 0 m']) {
    const cell = page.getByRole('gridcell').filter({ hasText: text }).first();
    await expect(cell).toBeVisible();
    expect(await cell.evaluate((element) => element.scrollWidth <= element.clientWidth), text).toBe(true);
  }
  robots.set('e2e-03', { task_id: null, error_code: null, speed: 0 });
});

test('a path that is off shows no values, and no lag of 0', async ({ page }) => {
  await page.goto(FLEET_PAGE);
  const engine = page.getByRole('row').filter({ hasText: 'A: Kafka engine' });
  await expect(engine).toContainText('off');
  expect(await engine.innerText()).not.toMatch(/\b0\.0\b/);
  const ingestor = page.getByRole('row').filter({ hasText: 'B: ingestor' });
  await expect(ingestor).toContainText('running');
  await expect(ingestor).toContainText('see Behind Kafka');
  await expect(page.getByTestId(/Panel header Behind Kafka/)).toContainText('floorwatch-ingestor');
});

test('on a narrow screen, panels are below one another and not wider than the page', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 1000 });
  await page.goto(FLEET_PAGE);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  for (const title of ['Floor map', 'Needs attention', 'Pipeline', 'Dead letters']) {
    const box = await page.getByTestId(new RegExp(`Panel header ${title}`)).boundingBox();
    expect(box?.width, title).toBeGreaterThan(400);
    expect((box?.x ?? 0) + (box?.width ?? 0), title).toBeLessThanOrEqual(800);
  }
});

test('on a phone of 390 px, nothing is scrolled sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${FLEET_PAGE}?refresh=30s`);
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  for (const title of ['Floor map', 'Needs attention', 'Battery', 'Pipeline', 'Behind Kafka', 'Dead letters']) {
    const box = await page
      .getByTestId(new RegExp(`Panel header ${title}`))
      .first()
      .boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? Infinity), title).toBeLessThanOrEqual(390);
  }
  await expectNoSidewaysScroll(page, 390);
});

test('selected robots narrow the tiles, and a button shows all robots again, in the picker too', async ({ page }) => {
  await page.goto(`${FLEET_PAGE}?var-robot=e2e-08&var-robot=e2e-09`);
  const notice = page.getByTestId('selection-notice');
  await expect(notice).toContainText('2 robots are selected.');
  const chosen = page.getByText('e2e-08', { exact: true });
  await expect(chosen.first()).toBeVisible();
  await expect(page.getByTestId('kpi-online')).toContainText('of 2');
  await notice.getByRole('button', { name: 'Show all robots' }).click();
  await expect(notice).toHaveCount(0);
  await expect(page.getByTestId('kpi-online')).toContainText(`of ${ROBOTS}`);
  await expect(chosen).toHaveCount(0);
});
