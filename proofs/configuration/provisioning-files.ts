import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { renderAlerting } from '@floorwatch/ingestor/provisioning/render';
import { PROVISIONING_VARIABLES, type ProvisioningSettings } from '@floorwatch/ingestor/provisioning/variables';
import { parse } from 'yaml';
import { readText, REPOSITORY } from './compose-file.ts';

/** The parts of provisioning/ that the tests read. */
export interface DataSource {
  name: string;
  uid: string;
  jsonData?: { customSettings?: { setting: string; value: string }[] };
  type: string;
}

export interface Query {
  refId: string;
  datasourceUid: string;
  model: { type?: string; rawSql?: string; expr?: string; expression?: string };
}

export interface AlertRule {
  uid: string;
  title: string;
  condition: string;
  for: string;
  dashboardUid: string;
  panelId: number;
  execErrState: string;
  noDataState: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  data: Query[];
  notification_settings?: { receiver: string; group_by: string[]; mute_time_intervals?: string[] };
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  fieldConfig: { defaults: { unit?: string } };
  targets: { datasource: { uid: string }; rawSql?: string; expr?: string }[];
}

export interface Dashboard {
  uid: string;
  title: string;
  tags: string[];
  links: object[];
  templating: { list: { name: string; datasource: { uid: string }; query: string }[] };
  panels: Panel[];
  annotations: {
    list: {
      builtIn?: number;
      enable: boolean;
      name: string;
      datasource: { type: string; uid: string };
      target: { rawSql?: string; expr?: string };
    }[];
  };
}

export interface ProvisioningFile {
  datasources?: DataSource[];
  groups?: { name: string; rules: AlertRule[] }[];
  contactPoints?: { name: string; receivers: { uid: string; type: string; settings: Record<string, string> }[] }[];
  templates?: { name: string; template: string }[];
  muteTimes?: { name: string }[];
  policies?: unknown;
}

const FOLDER = 'provisioning';

function paths(ending: string): string[] {
  return readdirSync(join(REPOSITORY, FOLDER), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(FOLDER, path));
}

export function provisioningFiles(): ProvisioningFile[] {
  return paths('.yaml').map((path) => parse(readText(path)) as ProvisioningFile);
}

export function dashboards(): Dashboard[] {
  return paths('.json').map((path) => JSON.parse(readText(path)) as Dashboard);
}

/** A value for each variable of `ingestor provisioning`, so that it writes all that it can write. */
const EVERYTHING: ProvisioningSettings = {
  ...Object.fromEntries(Object.keys(PROVISIONING_VARIABLES.shape).map((name) => [name, 'https://example.com/'])),
  ...{ GRAFANA_ORG_ID: 1, CLICKHOUSE_DATASOURCE_UID: undefined, PROMETHEUS_DATASOURCE_UID: undefined },
  ALERT_PLANNED_STOPS: 'saturday:sunday 00:00-24:00 Europe/Berlin; 22:00-24:00',
};

/** The alerting files that Grafana gets with these settings. */
export function alertingFiles(settings = EVERYTHING): ProvisioningFile[] {
  return Object.values(renderAlerting(settings));
}

/** The alerting files of an installation without Prometheus: it has rules that another one has not. */
export function alertingFilesWithoutPrometheus(): ProvisioningFile[] {
  return alertingFiles({ ...EVERYTHING, PROMETHEUS_DATASOURCE_UID: 'none' });
}

/** The environment variables that Grafana replaces, except the one that its image sets. */
export function provisioningVariables(): string[] {
  const inFiles = paths('.yaml').flatMap((path) =>
    [...readText(path).matchAll(/: \$([A-Z_]+)/g)].map(([, name = '']) => name)
  );
  const settings = alertingFiles().flatMap(({ contactPoints = [] }) =>
    contactPoints.flatMap(({ receivers }) => receivers.flatMap((receiver) => Object.values(receiver.settings)))
  );
  const inSettings = settings.flatMap((setting) => /^\$([A-Z_]+)$/.exec(setting)?.[1] ?? []);
  return [...new Set([...inFiles, ...inSettings])].filter((name) => name !== 'GF_PATHS_PROVISIONING').sort();
}
