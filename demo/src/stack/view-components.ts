import { join } from 'node:path';
import { startChild } from '@floorwatch/servers/child';
import { startGrafana } from '@floorwatch/servers/grafana';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { runIngestorCommand } from '@floorwatch/servers/ingestor';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { claimPort } from '@floorwatch/servers/ports';
import { startPrometheus } from '@floorwatch/servers/prometheus';
import { startPager } from '../pager/pager.ts';
import type { LaunchedComponent } from './supervisor.ts';
import type { StackContext } from './context.ts';
import { DEMO_SITE_ID, ingestorTarget } from './data-components.ts';
import { respondsAt, useExternal } from './external.ts';

/** A few faults of each kind, so that the dead-letter views and the alerts have something to show. */
const FLEET_FAULTS = ['--duplicates', '0.01', '--late', '0.01', '--malformed', '0.001', '--silent', '0.02'];

export async function launchFleet({ settings, kafkaBrokers, logFileOf }: StackContext): Promise<LaunchedComponent> {
  const fleet = await startChild({
    component: 'Fleet',
    command: process.execPath,
    args: [
      ...[join(REPOSITORY_DIR, 'demo/src/main.ts'), 'simulate', '--brokers', kafkaBrokers, '--topic', settings.topic],
      ...['--robots', String(settings.fleetRobots), '--site', DEMO_SITE_ID, ...FLEET_FAULTS],
    ],
    logFile: logFileOf('fleet'),
    missingRemedy: 'Run npm ci again.',
  });
  return { ...fleet, address: `${settings.fleetRobots} robots` };
}

/** @param say receives the text of each notification */
export async function launchPager(context: StackContext, say: (line: string) => void): Promise<LaunchedComponent> {
  const { alertWebhookUrl, settings } = context;
  if (settings.external.alertWebhookUrl) return { address: alertWebhookUrl, state: 'yours' };
  const port = await claimPort('Pager', settings.ports.pager, 'PAGER_PORT');
  const pager = await startPager({
    port,
    onPage: (text) => {
      say(text);
    },
  });
  return { address: pager.url, stop: () => pager.stop() };
}

export async function launchPrometheus(context: StackContext): Promise<LaunchedComponent> {
  const { settings, prometheusUrl, dataDirOf, logFileOf } = context;
  if (settings.external.prometheusUrl) {
    return useExternal('Prometheus', 'PROMETHEUS_URL', prometheusUrl, respondsAt(`${prometheusUrl}/-/ready`));
  }
  const prometheus = await startPrometheus({
    dataDir: dataDirOf('prometheus'),
    port: settings.ports.prometheus,
    logFile: logFileOf('prometheus'),
    ingestorTarget: ingestorTarget(context),
  });
  return { ...prometheus, address: prometheus.url };
}

export async function launchGrafana(context: StackContext): Promise<LaunchedComponent> {
  const { settings, passwords, grafanaUrl, dataDirOf, logFileOf } = context;
  if (settings.external.grafanaUrl) {
    return useExternal('Grafana', 'GRAFANA_URL', grafanaUrl, respondsAt(`${grafanaUrl}/api/health`));
  }
  const installation = findGrafana(settings.grafana);
  const clickHouse = new URL(context.clickHouseUrl);
  const alertingDir = join(dataDirOf('grafana'), 'alerting');
  const alerting = { ...settings.alerting, ALERT_WEBHOOK_URL: context.alertWebhookUrl };
  await runIngestorCommand('Grafana', ['provisioning', '--out', alertingDir], {
    env: { ...alerting, GRAFANA_ROOT_URL: `${grafanaUrl}/` },
    logFile: logFileOf('grafana'),
  });
  const grafana = await startGrafana({
    installation,
    alertingDir,
    dataDir: dataDirOf('grafana'),
    port: settings.ports.grafana,
    logFile: logFileOf('grafana'),
    adminPassword: passwords.GRAFANA_ADMIN_PASSWORD,
    env: {
      CLICKHOUSE_HOST: clickHouse.hostname,
      CLICKHOUSE_HTTP_PORT: clickHouse.port || '80',
      CLICKHOUSE_READER_PASSWORD: passwords.CLICKHOUSE_READER_PASSWORD,
      PROMETHEUS_URL: context.prometheusUrl,
      ...alerting,
    },
  });
  return { ...grafana, address: grafana.url };
}
