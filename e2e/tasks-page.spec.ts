import type { Page } from '@playwright/test';
import { asOwner } from './as-owner.ts';
import { expect, expectNoSidewaysScroll, FLEET_PAGE, test } from './test.ts';

const TASKS_PAGE = '/a/floorwatch-fleet-app/tasks';
/** Its tasks are stored by the test alone. */
const ROBOT = 'hall/tasks 1';
const panel = (page: Page, title: string) => page.getByTestId(new RegExp(`Panel header ${title}$`));
/** An hour ago: tasks of 10, 20, … 90 s; the one of 90 s fails. */
const minuteMs = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const range = `from=${minuteMs - 600_000}&to=${minuteMs + 60_000}`;

test.beforeAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  await asOwner(
    world,
    `INSERT INTO warehouse.telemetry_raw (event_id, robot_id, ts, event_type, task_id, map_id, x, y, error_code, source, topic)
    SELECT generateUUIDv4(), '${ROBOT}', toDateTime64(${minuteMs / 1_000} - if(is_start, 10 * k, 0), 3, 'UTC'),
      multiIf(is_start, 'TASK_STARTED', k = 9, 'TASK_FAILED', 'TASK_COMPLETED'), concat('e2e-task-', toString(k)), 'hall', 1, 1,
      if(k = 9 AND NOT is_start, 'E-GRIP', NULL), 'backfill', 'seed'
    FROM (SELECT number + 1 AS k FROM numbers(9)) ARRAY JOIN [1, 0] AS is_start`
  );
});

// Remove the robot, because other tests count all robots.
test.afterAll(async ({ world }) => {
  if (world.clickHouseUrl === '') return;
  for (const name of ['telemetry_raw', 'robot_latest', 'task_runs']) {
    await asOwner(world, `DELETE FROM warehouse.${name} WHERE robot_id = '${ROBOT}'`);
  }
});

test('the tasks page shows times, failures and the slowest task, whose link plays that moment on the map', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${TASKS_PAGE}?${range}`);
  const totals = panel(page, 'Tasks that ended in this time range');
  for (const text of ['9', '8', '1', '50.0 s', '1.4 mins', '1.5 mins']) await expect(totals).toContainText(text);
  await expect(panel(page, 'Failures by code')).toContainText('E-GRIP');
  await expect(panel(page, 'By robot')).toContainText(ROBOT);
  const slowest = panel(page, 'Slowest tasks');
  await expect(slowest.getByRole('row').nth(1)).toContainText('e2e-task-9');
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  await slowest.getByRole('row').nth(1).getByRole('link', { name: 'play' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(FLEET_PAGE);
  const search = new URL(page.url()).searchParams;
  expect(search.get('var-robot')).toBe(ROBOT);
  expect(search.get('playback')).toBe(String(minuteMs - 90_000));
  await expect(page.getByTestId('moment-notice')).toContainText('Playback');
  expect(errors).toEqual([]);
});

test('a filter without tasks says so and can be removed, on a phone too', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${TASKS_PAGE}?${range}&map=${encodeURIComponent("no'where\\")}`);
  await expect(page.getByText('No task ended in this time range').first()).toBeVisible();
  await expectNoSidewaysScroll(page, 390);
  await page.getByRole('button', { name: 'Remove the filters' }).click();
  await expect(panel(page, 'Tasks that ended in this time range')).toContainText('50.0 s');
});
