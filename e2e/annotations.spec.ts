import type { Page } from '@playwright/test';
import { mapPanel, openDashboard } from './map-dashboard.ts';
import { countsOf, expect, ROBOTS, test } from './test.ts';
import type { World } from './world.ts';

const UID = 'e2e-annotations';
const GRAFANA_ITSELF = { type: 'grafana', uid: '-- Grafana --' };
const BUILT_IN = { builtIn: 1, datasource: GRAFANA_ITSELF, enable: true, name: 'Annotations', type: 'dashboard' };

async function annotate(page: Page, world: World, text: string, minutesAgo: number, tags: string[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`admin:${world.grafanaAdminPassword}`).toString('base64')}`;
  const data = { dashboardUID: UID, time: Date.now() - minutesAgo * 60_000, text, tags };
  const made = await page.request.post('/api/annotations', { headers: { authorization }, data });
  expect(made.ok(), await made.text()).toBe(true);
}

test('annotations with a position in the time range are pins that the keyboard steps through', async ({
  page,
  world,
}) => {
  await openDashboard(page, world, UID, [mapPanel()], { refresh: '', annotations: { list: [BUILT_IN] } });
  await annotate(page, world, 'Oil on the floor', 5, ['x:4', 'y:3', 'map:hall', 'safety']);
  await annotate(page, world, 'Wheel changed', 2, ['robot:e2e-03']);
  await annotate(page, world, 'Of another floor', 2, ['x:4', 'y:3', 'map:mezzanine']);
  await annotate(page, world, 'Before the range', 60, ['x:4', 'y:3']);
  await annotate(page, world, 'Without a place', 1, ['deployed']);
  await page.reload();
  await expect.poll(async () => (await countsOf(page)).robots).toBe(ROBOTS);
  await expect(page.getByRole('button', { name: 'Annotations 2' })).toBeVisible();

  const announcement = page.getByTestId('floormap-announcement');
  await page.getByTestId('floormap-canvas').focus();
  await page.keyboard.press('a');
  await expect(announcement).toContainText('Annotation: Oil on the floor');
  await expect(page.getByTestId('floormap-place')).toContainText('safety');
  await page.keyboard.press('a');
  await expect(announcement).toContainText('Annotation: Wheel changed, e2e-03');
});
