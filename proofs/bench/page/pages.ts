import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';

const APP_ID = 'floorwatch-fleet-app';

/** A page of the app, as `--only` names it. */
export interface AppPage {
  name: string;
  path: string;
}

/** The pages of Grafana's navigation, in its order, and the page of a robot, which only links lead to. */
export function pagesOfApp(robotId: string): AppPage[] {
  const manifest = JSON.parse(readFileSync(join(REPOSITORY_DIR, 'plugin/src/plugin.json'), 'utf8')) as {
    includes: { type: string; path?: string }[];
  };
  const inNavigation = manifest.includes.flatMap(({ type, path }) =>
    type === 'page' && path !== undefined ? [path.replace('%PLUGIN_ID%', APP_ID)] : []
  );
  return [...inNavigation, `/a/${APP_ID}/robot?id=${encodeURIComponent(robotId)}`].map((path) => ({
    name: /([^/?]+)(?:\?.*)?$/.exec(path)?.[1] ?? path,
    path,
  }));
}
