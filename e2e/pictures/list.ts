import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, Route } from '@playwright/test';

const APP = '/a/floorwatch-fleet-app';

/** What a picture needs: an empty database, or a fleet that drives. */
export type World = 'empty' | 'fleet';

export interface Picture {
  /** Of the file, without theme and ending. */
  name: string;
  world: World;
  /** Of Grafana; `{robot}` is a robot that drives, `{silent}` one that stopped. */
  path: string;
  /** CSS pixels; 1600 × 1000 unless said. */
  viewport?: { width: number; height: number };
  /** Breaks something in this browser before the page is opened. */
  before?: (page: Page) => Promise<void>;
  /** Opens something on the page. */
  after?: (page: Page) => Promise<void>;
  asAdmin?: boolean;
}

/** Answers queries of one kind of data source as Grafana does when the data source refuses. */
function refuse(type: string, error: string) {
  return async (page: Page): Promise<void> => {
    await page.route('**/api/ds/query**', async (route: Route) => {
      const { queries } = route.request().postDataJSON() as {
        queries: { refId: string; datasource: { type: string } }[];
      };
      if (!queries.some(({ datasource }) => datasource.type === type)) return route.fallback();
      const results = Object.fromEntries(queries.map(({ refId }) => [refId, { error, status: 500, frames: [] }]));
      return route.fulfill({ status: 500, json: { results } });
    });
  };
}

const CLICKHOUSE = 'grafana-clickhouse-datasource';
const BAD_STATES: [string, (page: Page) => Promise<void>][] = [
  [
    'clickhouse-down',
    refuse(CLICKHOUSE, 'error querying the database: dial tcp 127.0.0.1:8123: connect: connection refused'),
  ],
  [
    'rights-missing',
    refuse(
      CLICKHOUSE,
      'code: 497, message: floorwatch_reader: Not enough privileges. To execute this query, it is necessary to have the grant SELECT(robot_id) ON warehouse.v_fleet_now'
    ),
  ],
  [
    'old-schema',
    refuse(
      CLICKHOUSE,
      "code: 60, message: Unknown table expression identifier 'warehouse.v_fleet_now' in scope SELECT robot_id FROM warehouse.v_fleet_now"
    ),
  ],
  ['prometheus-down', refuse('prometheus', 'Post "http://127.0.0.1:9090/api/v1/query": connect: connection refused')],
];

interface Include {
  type: string;
  name: string;
  path?: string;
}
const { includes } = JSON.parse(readFileSync(join(import.meta.dirname, '../../plugin/src/plugin.json'), 'utf8')) as {
  includes: Include[];
};
/** Every page of the app that Grafana's menu lists. */
const PAGES = includes.flatMap(({ type, path }) =>
  type === 'page' && path !== undefined ? [path.slice(path.lastIndexOf('/') + 1)] : []
);
const DATA_PAGES = PAGES.filter((page) => page !== 'runbooks');

const ofPages = (world: World, suffix: string, rest: Partial<Picture>): Picture[] =>
  DATA_PAGES.map((page) => ({ name: `${page}-${suffix}`, world, path: `${APP}/${page}`, ...rest }));

export const PICTURES: readonly Picture[] = [
  ...ofPages('empty', 'no-data', {}),
  { name: 'robot-unknown', world: 'empty', path: `${APP}/robot?id=amr-404` },
  ...PAGES.map((page): Picture => ({ name: page, world: 'fleet', path: `${APP}/${page}` })),
  { name: 'fleet-filtered', world: 'fleet', path: `${APP}/fleet?map=hall` },
  { name: 'fleet-unknown-filter', world: 'fleet', path: `${APP}/fleet?zone=closed+zone` },
  ...['now', 'history', 'telemetry', 'tasks', 'events', 'anomaly'].map((tab): Picture => ({
    name: `robot-${tab}`,
    world: 'fleet',
    path: `${APP}/robot?id={robot}&tab=${tab}&from=now-5m&to=now`,
  })),
  { name: 'robot-silent', world: 'fleet', path: `${APP}/robot?id={silent}&tab=history&from=now-5m&to=now` },
  { name: 'runbook', world: 'fleet', path: `${APP}/runbooks/consumer-lag` },
  {
    name: 'incident',
    world: 'fleet',
    path: `${APP}/incidents?from=now-15m&to=now`,
    after: async (page) => {
      await page
        .getByTestId('incidents')
        .getByRole('button', { name: /^Open / })
        .first()
        .click({ timeout: 20_000 });
    },
  },
  ...[1080, 2160].map((height): Picture => ({
    name: `wall-${height}`,
    world: 'fleet',
    path: '/d/floorwatch-wall?kiosk&autofitpanels',
    viewport: { width: (height * 16) / 9, height },
  })),
  { name: 'setup', world: 'fleet', path: '/plugins/floorwatch-fleet-app?page=setup', asAdmin: true },
  ...BAD_STATES.flatMap(([state, before]) => ofPages('fleet', state, { before })),
  ...[...DATA_PAGES.map((page) => `${APP}/${page}`), `${APP}/robot?id={robot}&tab=history&from=now-5m&to=now`].map(
    (path): Picture => ({
      name: `phone-${/(\w+)(?:\?|$)/.exec(path.slice(path.lastIndexOf('/')))?.[1] ?? 'page'}`,
      world: 'fleet',
      path,
      viewport: { width: 390, height: 844 },
    })
  ),
];
