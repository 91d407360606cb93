import { isOneOf } from '@floorwatch/contract/sql-text';
import { CLICKHOUSE, PROMETHEUS, type Panel } from './panels.ts';

/** The filters. A dashboard hides those that its panels do not use, so that links between dashboards keep them. */
const VARIABLES = {
  site: {
    label: 'Site',
    query: 'SELECT DISTINCT site_id FROM warehouse.v_robot_roster WHERE site_id IS NOT NULL ORDER BY site_id',
  },
  map: {
    label: 'Map',
    query: `SELECT DISTINCT map_id FROM warehouse.v_robot_roster WHERE map_id IS NOT NULL AND ${isOneOf('site_id', 'site')} ORDER BY map_id`,
  },
  model: {
    label: 'Model',
    query: `SELECT DISTINCT model FROM warehouse.v_robot_roster WHERE model IS NOT NULL AND ${isOneOf('site_id', 'site')} ORDER BY model`,
  },
  zone: {
    label: 'Zone',
    query: `SELECT DISTINCT zone_id FROM warehouse.v_zones WHERE ${isOneOf('map_id', 'map')} ORDER BY zone_id`,
  },
};

export type Variable = keyof typeof VARIABLES;

/** Condition: the view has the columns site_id and map_id, and the robot has the chosen model. */
export const OF_CHOSEN_PLACE = `${isOneOf('site_id', 'site')} AND ${isOneOf('map_id', 'map')}
  AND robot_id IN (SELECT robot_id FROM warehouse.v_robot_roster WHERE ${isOneOf('model', 'model')})`;

/** Condition: the robot, as it was last seen, is of the chosen site, map and model. */
export const OF_CHOSEN_ROBOTS = `robot_id IN (SELECT robot_id FROM warehouse.v_robot_roster
  WHERE ${isOneOf('site_id', 'site')} AND ${isOneOf('map_id', 'map')} AND ${isOneOf('model', 'model')})`;

/** Condition: the minute was over when it was computed. The current one is computed too, with the events so far. */
export const IS_WHOLE_MINUTE = 'computed_at >= minute + INTERVAL 1 MINUTE';

/** Opens the page of a robot at the time of the dashboard. The column is `Robot`. */
export const ROBOT_LINK = {
  title: 'Show this robot on its floor',
  url: '/a/floorwatch-fleet-app/fleet?var-robot=${__data.fields.Robot:percentencode}&${__url_time_range}',
};

interface Dashboard {
  /** Without `floorwatch-`. */
  name: string;
  title: string;
  description: string;
  /** Start of the time range at first, such as `now-6h`. */
  from: string;
  refresh: string;
  variables: readonly Variable[];
  /** From top to bottom; each row is at most 24 wide, and as high as its highest panel. */
  rows: readonly (readonly Panel[])[];
}

/** A dashboard as Grafana reads it. */
export function dashboard({ name, title, description, from, refresh, variables, rows }: Dashboard): object {
  return {
    uid: `floorwatch-${name}`,
    title: `Floorwatch ${title}`,
    description,
    tags: ['floorwatch'],
    schemaVersion: 42,
    version: 1,
    editable: false,
    graphTooltip: 1,
    timezone: 'browser',
    time: { from, to: 'now' },
    refresh,
    timepicker: { refresh_intervals: ['5s', '30s', '1m', '5m'] },
    links: [DASHBOARDS_LINK, appLink('Fleet', 'fleet', 'apps'), appLink('Runbooks', 'runbooks', 'doc')],
    templating: { list: Object.entries(VARIABLES).map((entry) => variable(...entry, variables)) },
    annotations: {
      list: [
        NOTES_AND_ALERTS,
        SCHEMA_CHANGES,
        // Without Prometheus, a dashboard that asks it for nothing else would say that its annotations failed.
        ...(rows.flat().some(({ datasource }) => datasource === PROMETHEUS) ? [INGESTOR_STARTS] : []),
      ],
    },
    panels: place(rows),
  };
}

const KEEPS_FILTERS = { keepTime: true, includeVars: true };

const DASHBOARDS_LINK = {
  title: 'Dashboards',
  type: 'dashboards',
  tags: ['floorwatch'],
  asDropdown: true,
  icon: 'external link',
  ...KEEPS_FILTERS,
};

function appLink(title: string, page: string, icon: string): object {
  return { title, type: 'link', url: `/a/floorwatch-fleet-app/${page}`, icon, ...KEEPS_FILTERS };
}

const NOTES_AND_ALERTS = {
  builtIn: 1,
  name: 'Notes and alerts',
  type: 'dashboard',
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'blue',
  target: { type: 'dashboard', limit: 200, matchAny: false, tags: [] },
};

const SCHEMA_CHANGES = {
  name: 'Schema changes',
  datasource: CLICKHOUSE,
  enable: true,
  hide: true,
  iconColor: 'purple',
  target: {
    refId: 'Anno',
    editorType: 'sql',
    queryType: 'table',
    format: 1,
    rawSql:
      'SELECT time, time_end AS timeEnd, title, text FROM warehouse.v_deployments WHERE $__timeFilter(time) ORDER BY time',
  },
};

/** At the moment when a process started, so that a new version and a restart show in every chart. */
const INGESTOR_STARTS = {
  name: 'Ingestor starts',
  datasource: PROMETHEUS,
  enable: true,
  hide: true,
  iconColor: 'purple',
  useValueForTime: true,
  titleFormat: 'Ingestor {{version}} started',
  textFormat: '{{instance}}',
  tagKeys: '',
  step: '60s',
  expr: '1000 * process_start_time_seconds * on (instance, job) group_right () floorwatch_build_info',
  target: {
    refId: 'Anno',
    expr: '1000 * process_start_time_seconds * on (instance, job) group_right () floorwatch_build_info',
    range: true,
  },
};

function variable(name: string, { label, query }: { label: string; query: string }, shown: readonly string[]): object {
  return {
    name,
    label,
    type: 'query',
    datasource: CLICKHOUSE,
    query,
    definition: query,
    refresh: 1,
    sort: 0,
    multi: true,
    includeAll: true,
    // Without it, Grafana would list every value in each query.
    allValue: 'all',
    current: { text: ['All'], value: ['$__all'] },
    hide: shown.includes(name) ? 0 : 2,
  };
}

function place(rows: readonly (readonly Panel[])[]): object[] {
  let y = 0;
  let id = 0;
  return rows.flatMap((row) => {
    let x = 0;
    const placed = row.map(({ width, height, ...panel }) => {
      const gridPos = { x, y, w: width, h: height };
      x += width;
      return { id: ++id, ...panel, gridPos };
    });
    y += Math.max(...row.map(({ height }) => height));
    return placed;
  });
}
