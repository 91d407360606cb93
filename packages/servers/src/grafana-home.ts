import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ComponentUnavailableError } from './errors.ts';

export interface GrafanaLocations {
  /** GRAFANA_HOME. */
  home?: string | undefined;
  /** GRAFANA_PLUGINS_DIR. */
  pluginsDir?: string | undefined;
  /** PATH. */
  searchPath?: string | undefined;
}

export interface GrafanaInstallation {
  /** Holds bin/grafana, conf/ and public/. */
  homeDir: string;
  binary: string;
  /** Folder of the ClickHouse data source plugin. */
  dataSourceDir: string;
}

const DEFAULT_HOME = '/usr/share/grafana';
const DEFAULT_PLUGINS_DIR = '/var/lib/grafana/plugins';
export const DATA_SOURCE_ID = 'grafana-clickhouse-datasource';
const REMEDY = 'Set GRAFANA_HOME to an unpacked Grafana 12.3 or newer, or GRAFANA_URL to a running one.';

/**
 * @param locations default: what the environment names
 * @throws ComponentUnavailableError when Grafana or its ClickHouse data source is not found
 */
export function findGrafana(locations: GrafanaLocations = ofEnvironment()): GrafanaInstallation {
  const found = candidates(locations).find(
    ({ homeDir, binary }) => existsSync(join(homeDir, 'conf/defaults.ini')) && existsSync(binary)
  );
  if (!found) {
    const where = locations.home ? `at GRAFANA_HOME=${locations.home}` : `at ${DEFAULT_HOME} or on the PATH`;
    throw new ComponentUnavailableError('Grafana', `not found ${where}`, REMEDY);
  }
  const pluginsDir = locations.pluginsDir ?? DEFAULT_PLUGINS_DIR;
  const dataSourceDir = join(pluginsDir, DATA_SOURCE_ID);
  if (!existsSync(dataSourceDir)) {
    throw new ComponentUnavailableError(
      'Grafana',
      `${DATA_SOURCE_ID} is not installed in ${pluginsDir}`,
      `Run grafana cli --pluginsDir ${pluginsDir} plugins install ${DATA_SOURCE_ID}, or set GRAFANA_PLUGINS_DIR.`
    );
  }
  return { ...found, dataSourceDir: realpathSync(dataSourceDir) };
}

function ofEnvironment(): GrafanaLocations {
  const { GRAFANA_HOME: home, GRAFANA_PLUGINS_DIR: pluginsDir, PATH: searchPath } = process.env;
  return { home, pluginsDir, searchPath };
}

/** Null without a Grafana: tests that need one are then skipped. */
export function installedGrafana(): GrafanaInstallation | null {
  try {
    return findGrafana();
  } catch (error) {
    if (error instanceof ComponentUnavailableError) return null;
    throw error;
  }
}

/** If GRAFANA_HOME is set, no other place is searched. */
function candidates({ home, searchPath = '' }: GrafanaLocations): { homeDir: string; binary: string }[] {
  if (home) return [{ homeDir: home, binary: join(home, 'bin/grafana') }];
  const onPath = searchPath
    .split(delimiter)
    .map((dir) => join(dir, 'grafana'))
    .filter((binary) => existsSync(binary))
    .map((binary) => realpathSync(binary))
    // bin/grafana is in the home folder (archive), or beside share/grafana (Debian, Homebrew).
    .flatMap((binary) => ['..', '../share/grafana'].map((home) => ({ homeDir: join(dirname(binary), home), binary })));
  return [{ homeDir: DEFAULT_HOME, binary: join(DEFAULT_HOME, 'bin/grafana') }, ...onPath];
}
