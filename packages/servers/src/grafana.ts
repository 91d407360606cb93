import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { DATA_SOURCE_ID, type GrafanaInstallation } from './grafana-home.ts';
import { applyAdminPassword } from './grafana-password.ts';
import { REPOSITORY_DIR } from './paths.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const COMPONENT = 'Grafana';
const APP_ID = 'floorwatch-fleet-app';
const PANEL_ID = 'floorwatch-floormap-panel';

/** Grafana fetches nothing from the internet and reports nothing to it. docker-compose.yml has the same. */
export const OFFLINE_SETTINGS = {
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
  GF_PLUGINS_PLUGIN_ADMIN_ENABLED: 'false',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
  GF_SECURITY_DISABLE_GRAVATAR: 'true',
} as const;

/** How the data source connects to a ClickHouse without TLS. */
export const PLAIN_CLICKHOUSE = {
  CLICKHOUSE_PROTOCOL: 'http',
  CLICKHOUSE_SECURE: 'false',
  CLICKHOUSE_CA_CERTIFICATE: '',
} as const;

export interface GrafanaOptions {
  installation: GrafanaInstallation;
  dataDir: string;
  /** Default: a free port. */
  port?: number | undefined;
  logFile?: string;
  adminPassword: string;
  /** Rendered alerting files (`ingestor provisioning`), which Grafana loads in addition to provisioning/. */
  alertingDir: string;
  /** Variables that provisioning/ and the alerting files read. */
  env: Readonly<Record<string, string>>;
  /** Settings (GF_…) to add or to replace. */
  settings?: Readonly<Record<string, string>>;
}

export interface Grafana extends ServerProcess {
  readonly url: string;
}

/**
 * Starts Grafana with the repository's provisioning/, the given alerting files and plugin/dist, on loopback only. Settles when it is healthy.
 * Anonymous users can view, because it is on loopback; `admin` with the password can edit.
 * @throws ComponentUnavailableError
 */
export async function startGrafana(options: GrafanaOptions): Promise<Grafana> {
  const port = await claimPort(COMPONENT, options.port, 'GRAFANA_PORT');
  const { homeDir, binary } = options.installation;
  const url = `http://${LOOPBACK}:${port}`;
  await applyAdminPassword(options.installation, join(options.dataDir, 'data'), options.adminPassword);
  const child = await startChild({
    component: COMPONENT,
    command: binary,
    args: ['server', '--homepath', homeDir],
    env: {
      ...PLAIN_CLICKHOUSE,
      ...options.env,
      GF_PATHS_DATA: join(options.dataDir, 'data'),
      GF_PATHS_LOGS: join(options.dataDir, 'logs'),
      GF_PATHS_PLUGINS: pluginsFolder(options),
      GF_PATHS_PROVISIONING: provisioningFolder(options),
      // A data source that does not answer would be asked three times before the evaluation ends, which makes every page a minute later.
      GF_UNIFIED_ALERTING_MAX_ATTEMPTS: '1',
      // By default, each page of a rule repeats for 15 minutes what was resolved before.
      GF_UNIFIED_ALERTING_RESOLVED_ALERT_RETENTION: '1m',
      GF_LOG_MODE: 'console',
      GF_SERVER_HTTP_ADDR: LOOPBACK,
      GF_SERVER_HTTP_PORT: String(port),
      GF_SERVER_ROOT_URL: url,
      GF_SECURITY_ADMIN_PASSWORD: options.adminPassword,
      GF_AUTH_ANONYMOUS_ENABLED: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_USERS_HOME_PAGE: `/a/${APP_ID}/fleet`,
      GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: [APP_ID, PANEL_ID, DATA_SOURCE_ID].join(','),
      ...OFFLINE_SETTINGS,
      // The strictest setting of Grafana, so that what breaks under it is seen here.
      GF_SECURITY_CONTENT_SECURITY_POLICY: 'true',
      ...options.settings,
    },
    workingDir: options.dataDir,
    logFile: options.logFile ?? join(options.dataDir, 'grafana.log'),
    missingRemedy: 'Set GRAFANA_HOME to an unpacked Grafana.',
  });
  // The first start migrates an empty database, which can take a minute on a busy machine.
  await waitUntilReady(COMPONENT, child, async () => (await fetch(`${url}/api/health`)).ok, 300_000);
  return { ...child, url };
}

/** A folder with links to the plugins that Grafana loads, so that the plugins folder of the installation stays unchanged. */
function pluginsFolder({ dataDir, installation }: GrafanaOptions): string {
  const folder = join(dataDir, 'plugins');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(installation.dataSourceDir, join(folder, DATA_SOURCE_ID));
  symlinkSync(join(REPOSITORY_DIR, 'plugin/dist'), join(folder, APP_ID));
  return folder;
}

/** A folder with links to the repository's provisioning and to the rendered alerting files. */
function provisioningFolder({ dataDir, alertingDir }: GrafanaOptions): string {
  const folder = join(dataDir, 'provisioning');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['dashboards', 'datasources', 'plugins'])
    symlinkSync(join(REPOSITORY_DIR, 'provisioning', part), join(folder, part));
  symlinkSync(alertingDir, join(folder, 'alerting'));
  return folder;
}
