import { existsSync, globSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '@floorwatch/servers/child';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { ComponentUnavailableError } from '@floorwatch/servers/errors';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import type { LaunchedComponent } from './supervisor.ts';
import type { StackContext } from './context.ts';

const COMPONENT = 'Plugin';
const PLUGIN_DIR = join(REPOSITORY_DIR, 'plugin');
const BUILT_FILE = join(PLUGIN_DIR, 'dist/module.js');
/** The files that the build reads. */
const SOURCES = ['plugin/{src,.config}/**/*', 'plugin/*.{json,ts,md}', 'packages/{contract,floorplan}/src/*.ts'];

/** When to build the plugin. `build`: if its source is newer; `watch`: at each change; `as-built`: never. */
export type PluginMode = 'build' | 'watch' | 'as-built';

/**
 * Provides plugin/dist for Grafana.
 * @throws ComponentUnavailableError when the build fails or is missing, or when Grafana is not installed
 */
export async function launchPlugin(
  { settings, logFileOf }: StackContext,
  mode: PluginMode
): Promise<LaunchedComponent> {
  // A build takes a minute and is useless without a Grafana that loads it.
  if (!settings.external.grafanaUrl) findGrafana(settings.grafana);
  const logFile = logFileOf('plugin');
  const built: LaunchedComponent = { address: 'plugin/dist', logFile, state: 'done' };
  if (mode === 'as-built') {
    if (existsSync(BUILT_FILE)) return built;
    throw new ComponentUnavailableError(COMPONENT, 'not built', 'Run npm run build -w plugin.');
  }
  if (mode === 'build') {
    if (isBuilt()) return built;
    const build = await startChild({ ...npm('build'), logFile });
    if ((await build.exited) !== 0)
      throw new ComponentUnavailableError(COMPONENT, 'the build failed', `Read ${logFile}.`);
    // webpack does not write a file whose content is the same. Without a new time, it would always look older than its source.
    utimesSync(BUILT_FILE, new Date(), new Date());
    return built;
  }
  const build = await startChild({ ...npm('dev'), logFile });
  while (!existsSync(BUILT_FILE)) {
    if (build.hasExited()) throw new ComponentUnavailableError(COMPONENT, 'the build failed', `Read ${logFile}.`);
    await sleep(200);
  }
  return { ...build, address: 'plugin/dist' };
}

function npm(script: string) {
  return {
    component: COMPONENT,
    command: 'npm',
    args: ['run', script, '-w', 'plugin'],
    workingDir: REPOSITORY_DIR,
    missingRemedy: 'Install npm.',
  };
}

function isBuilt(): boolean {
  const newestSourceMs = Math.max(
    ...globSync(SOURCES, { cwd: REPOSITORY_DIR }).map((file) => statSync(join(REPOSITORY_DIR, file)).mtimeMs)
  );
  return builtMs() >= newestSourceMs;
}

/** −∞ if the plugin is not built. */
function builtMs(): number {
  return statSync(BUILT_FILE, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
}
