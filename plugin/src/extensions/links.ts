import type { AppPlugin, PluginExtensionPanelContext } from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import {
  FLEET_URL,
  FLOOR_ANALYTICS_URL,
  INCIDENTS_URL,
  PIPELINE_URL,
  ROBOTS_URL,
  SHIFT_REPORT_URL,
  TASKS_URL,
} from '../grafana/identifiers';
import type { SetupSettings } from '../grafana/dataSources';
import pluginJson from '../plugin.json';
import { mapOfRobots, robotIdsIn } from './robotsOfContext';

/** What Grafana says of a dashboard's panel and of Explore alike. */
type DataContext = Pick<PluginExtensionPanelContext, 'data' | 'timeRange'>;

/** What plugin.json says of a link, which Grafana compares. */
function listed(title: string): { title: string; description: string; targets: string[] } {
  return pluginJson.extensions.addedLinks.find((one) => one.title === title) ?? { title, description: '', targets: [] };
}

/** Ways from Grafana's own menus to the app. Grafana knows them by their title in plugin.json, people read the one of `configure`. */
export function addLinks(plugin: AppPlugin<SetupSettings>): void {
  plugin.addLink<DataContext>({
    ...listed('Show on floor map'),
    icon: 'map-marker',
    path: FLEET_URL,
    configure: (context) => {
      const robotIds = robotIdsIn(context?.data?.series ?? []);
      if (!context || robotIds.length === 0) return undefined;
      return {
        title: t('extension.map.title', 'Show on floor map'),
        description: t('extension.map.what', 'Opens the floor map with the robots of these rows'),
        path: mapOfRobots(robotIds, context.timeRange),
      };
    },
  });
  addPageLinks(plugin);
}

const PAGES: ReadonlyArray<{ title: string; path: string; word: () => string }> = [
  { title: 'Floorwatch: Fleet', path: FLEET_URL, word: () => t('pages.fleet.title', 'Fleet') },
  { title: 'Floorwatch: Robots', path: ROBOTS_URL, word: () => t('pages.robots.title', 'Robots') },
  { title: 'Floorwatch: Tasks', path: TASKS_URL, word: () => t('pages.tasks.title', 'Tasks') },
  {
    title: 'Floorwatch: Floor analytics',
    path: FLOOR_ANALYTICS_URL,
    word: () => t('pages.floor.title', 'Floor analytics'),
  },
  { title: 'Floorwatch: Incidents', path: INCIDENTS_URL, word: () => t('pages.incidents.title', 'Incidents') },
  { title: 'Floorwatch: Pipeline', path: PIPELINE_URL, word: () => t('pages.pipeline.title', 'Pipeline') },
  { title: 'Floorwatch: Shift report', path: SHIFT_REPORT_URL, word: () => t('pages.shift.title', 'Shift report') },
];

/** Each page in the command palette. Grafana 12.3 opens no path from there, it only calls `onClick`. */
function addPageLinks(plugin: AppPlugin<SetupSettings>): void {
  for (const { title, path, word } of PAGES) {
    plugin.addLink({
      ...listed(title),
      category: 'Floorwatch',
      onClick: () => locationService.push(path),
      configure: () => ({ title: `Floorwatch: ${word()}` }),
    });
  }
}
