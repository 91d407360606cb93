import { existsSync, globSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '@floorwatch/servers/child';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { PartUnavailableError } from '@floorwatch/servers/part-error';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import type { LaunchedPart } from './board.ts';
import type { StackContext } from './context.ts';

const PART = 'Plugin';
const PLUGIN_DIR = join(REPOSITORY_DIR, 'plugin');
const BUILT_FILE = join(PLUGIN_DIR, 'dist/module.js');
/** Everything that the build reads. */
const SOURCES = ['plugin/{src,.config}/**/*', 'plugin/*.{json,ts,md}', 'packages/{contract,floorplan}/src/*.ts'];

/** `build`: when its source is newer. `watch`: at each change. `as-built`: never. */
export type PluginMode = 'build' | 'watch' | 'as-built';

/**
 * Sees that plugin/dist is there for Grafana.
 * @throws PartUnavailableError when the build fails, there is none, or no Grafana is found
 */
export async function launchPlugin({ settings, logFileOf }: StackContext, mode: PluginMode): Promise<LaunchedPart> {
  // Without a Grafana to load it, a build of a minute is in vain.
  if (!settings.yours.grafanaUrl) findGrafana(settings.grafana);
  const logFile = logFileOf('plugin');
  const built: LaunchedPart = { address: 'plugin/dist', logFile, state: 'done' };
  if (mode === 'as-built') {
    if (existsSync(BUILT_FILE)) return built;
    throw new PartUnavailableError(PART, 'not built', 'Run npm run build -w plugin.');
  }
  if (mode === 'build') {
    if (isBuilt()) return built;
    const build = await startChild({ ...npm('build'), logFile });
    if ((await build.exited) !== 0) throw new PartUnavailableError(PART, 'the build failed', `Read ${logFile}.`);
    // webpack leaves a file alone whose content is the same, and then it would look older than its source for ever.
    utimesSync(BUILT_FILE, new Date(), new Date());
    return built;
  }
  const build = await startChild({ ...npm('dev'), logFile });
  while (!existsSync(BUILT_FILE)) {
    if (build.hasExited()) throw new PartUnavailableError(PART, 'the build failed', `Read ${logFile}.`);
    await sleep(200);
  }
  return { ...build, address: 'plugin/dist' };
}

function npm(script: string) {
  return {
    part: PART,
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

/** −∞ when there is no build. */
function builtMs(): number {
  return statSync(BUILT_FILE, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
}
