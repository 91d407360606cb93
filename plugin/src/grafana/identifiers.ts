import pluginJson from '../plugin.json';

export const APP_URL = `/a/${pluginJson.id}`;
export const FLEET_URL = `${APP_URL}/fleet`;
export const ROBOTS_URL = `${APP_URL}/robots`;
/** Of one robot: its id is the parameter `id`, because an id may hold `/`. */
export const ROBOT_URL = `${APP_URL}/robot`;
export const PIPELINE_URL = `${APP_URL}/pipeline`;
export const INCIDENTS_URL = `${APP_URL}/incidents`;
export const TASKS_URL = `${APP_URL}/tasks`;
export const FLOOR_ANALYTICS_URL = `${APP_URL}/floor-analytics`;
export const SHIFT_REPORT_URL = `${APP_URL}/shift-report`;
export const RUNBOOKS_URL = `${APP_URL}/runbooks`;
/** Grafana's configuration page of the plugin, for administrators. */
export const SETUP_URL = `/plugins/${pluginJson.id}?page=setup`;

export const FLOOR_MAP_PANEL = 'floorwatch-floormap-panel';

/** The data sources that provisioning creates; every query of the pages goes through one of them. */
export const CLICKHOUSE = { type: 'grafana-clickhouse-datasource', uid: 'floorwatch-clickhouse' };
export const PROMETHEUS = { type: 'prometheus', uid: 'floorwatch-prometheus' };
