import { readdirSync } from 'node:fs';
import { join } from 'node:path';
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
  model: { type?: string; rawSql?: string; expr?: string; conditions?: { evaluator: { params: number[] } }[] };
}

export interface AlertRule {
  uid: string;
  title: string;
  condition: string;
  dashboardUid: string;
  panelId: number;
  execErrState: string;
  noDataState: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  data: Query[];
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  targets: { datasource: { uid: string }; rawSql?: string; expr?: string }[];
}

export interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
  annotations: { list: { builtIn?: number; enable: boolean }[] };
}

export interface Route {
  receiver: string;
  routes?: Route[];
}

interface ProvisioningFile {
  datasources?: DataSource[];
  groups?: { rules: AlertRule[] }[];
  contactPoints?: { name: string; receivers: { uid: string }[] }[];
  policies?: (Route & { group_by: string[] })[];
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

/** The environment variables that Grafana replaces, except the one that its image sets. */
export function provisioningVariables(): string[] {
  // In alert rules, $ is part of the templates of labels and annotations.
  const texts = paths('.yaml').filter((path) => !path.endsWith('rules.yaml'));
  const taken = texts.flatMap((path) => [...readText(path).matchAll(/: \$([A-Z_]+)/g)].map(([, name = '']) => name));
  return [...new Set(taken)].filter((name) => name !== 'GF_PATHS_PROVISIONING').sort();
}
