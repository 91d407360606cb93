import type { Locator, Page } from '@playwright/test';
import { expect } from './test.ts';
import type { World } from './world.ts';

const clickHouse = { type: 'grafana-clickhouse-datasource', uid: 'floorwatch-clickhouse' };

/** A query as the ClickHouse data source stores it. */
export const table = (rawSql: string, refId = 'A') => ({
  refId,
  datasource: clickHouse,
  editorType: 'sql',
  queryType: 'table',
  format: 1,
  rawSql,
});

export const FLEET_SQL =
  'SELECT robot_id, x, y, theta, map_id, state, age_seconds, battery FROM warehouse.v_fleet_now ORDER BY robot_id';

interface MapPanel {
  title?: string;
  rawSql?: string;
  options?: object;
  fieldConfig?: object;
  gridPos?: { x: number; y: number; w: number; h: number };
}

let nextId = 1;

/** A floor map of the fleet. Default: 12 × 16 grid units at the upper left. */
export function mapPanel({ title = 'Floor', rawSql = FLEET_SQL, options = {}, fieldConfig, gridPos }: MapPanel = {}) {
  return {
    id: nextId++,
    type: 'floorwatch-floormap-panel',
    title,
    gridPos: gridPos ?? { x: 0, y: 0, w: 12, h: 16 },
    datasource: clickHouse,
    targets: [table(rawSql)],
    options,
    fieldConfig: fieldConfig ?? { defaults: {}, overrides: [] },
  };
}

/** Another panel beside the map. */
export function panelBeside(type: string, title: string, target: object, y: number) {
  const gridPos = { x: 12, y, w: 12, h: 8 };
  return { id: nextId++, type, title, gridPos, datasource: clickHouse, targets: [target] };
}

/** A variable `robot` with one, several or all robots. */
export const ROBOT_VARIABLE = {
  name: 'robot',
  type: 'query',
  datasource: clickHouse,
  query: 'SELECT robot_id FROM warehouse.v_fleet_now ORDER BY robot_id',
  multi: true,
  includeAll: true,
  allValue: 'all',
  current: { text: 'All', value: '$__all' },
};

/** Saves a dashboard and opens it. Without schemaVersion, Grafana would migrate it like a very old dashboard. */
export async function openDashboard(page: Page, world: World, uid: string, panels: object[], rest: object = {}) {
  const authorization = `Basic ${Buffer.from(`admin:${world.grafanaAdminPassword}`).toString('base64')}`;
  const time = { from: 'now-15m', to: 'now' };
  const dashboard = { uid, title: uid, schemaVersion: 41, time, refresh: '1s', panels, ...rest };
  const saved = await page.request.post('/api/dashboards/db', {
    headers: { authorization },
    data: { dashboard, overwrite: true },
  });
  expect(saved.ok(), await saved.text()).toBe(true);
  await page.goto(`/d/${uid}`);
}

/** Centre and scale of the view, from an attribute of the map. */
export async function viewOf(map: Locator): Promise<{ x: number; y: number; pxPerMetre: number }> {
  const [x = NaN, y = NaN, pxPerMetre = NaN] = ((await map.getAttribute('data-view')) ?? '').split(',').map(Number);
  return { x, y, pxPerMetre };
}

export async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('the element is not on the page');
  return box;
}

/** Enters a robot id in the search of the map and waits for the announcement. */
export async function findRobot(page: Page, robotId: string): Promise<void> {
  await page.getByTestId('floormap-canvas').focus();
  await page.keyboard.press('/');
  await page.getByTestId('floormap-find').fill(robotId);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('floormap-announcement')).toContainText(robotId);
}
