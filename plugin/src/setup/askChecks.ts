import { makeTimeRange, type DataQuery, dateTime } from '@grafana/data';
import { getBackendSrv, getDataSourceSrv } from '@grafana/runtime';
import { CLICKHOUSE, PROMETHEUS } from '../grafana/identifiers';
import { askQuery } from '../queries/askOnce';
import { INGESTOR_UP } from '../queries/metrics';
import { clickhouseQuery } from '../queries/queryRunner';
import {
  findingOfContactPoints,
  findingOfMigration,
  findingOfPrometheus,
  findingOfRules,
  findingsOfDatabase,
  MIGRATION,
  SETUP,
  type DatabaseFacts,
  type Finding,
  type MigrationFacts,
} from './checks';

/** Asks everything that the checklist says. Never fails: what cannot be asked is a finding. */
export async function askChecks(): Promise<Finding[]> {
  const isThere = (uid: string) => getDataSourceSrv().getInstanceSettings(uid) !== undefined;
  const clickhouse = { uid: CLICKHOUSE.uid, isThere: isThere(CLICKHOUSE.uid) };
  const prometheus = { uid: PROMETHEUS.uid, isThere: isThere(PROMETHEUS.uid) };
  const [database, migration, metrics, rules, points] = await Promise.all([
    clickhouse.isThere ? askRow(clickhouseQuery(SETUP)) : { row: null, problem: '' },
    clickhouse.isThere ? askRow(clickhouseQuery(MIGRATION), 'migration') : { row: null, problem: '' },
    prometheus.isThere
      ? askRow({ refId: 'A', datasource: { ...PROMETHEUS }, expr: INGESTOR_UP, instant: true } as DataQuery)
      : { row: null, problem: '' },
    countRules(),
    readContactPoints(),
  ]);
  const up = metrics.row === null ? null : Number(Object.values(metrics.row).at(-1) ?? NaN);
  return [
    ...findingsOfDatabase(
      clickhouse,
      { facts: database.row as DatabaseFacts | null, problem: database.problem },
      Date.now()
    ),
    // A database that does not answer is one finding.
    ...(database.row === null
      ? []
      : [findingOfMigration({ facts: migration.row as MigrationFacts | null, problem: migration.problem })]),
    findingOfPrometheus(prometheus, { up, problem: metrics.problem }),
    findingOfRules(rules),
    findingOfContactPoints(points),
  ];
}

async function askRow(query: DataQuery, name = ''): Promise<{ row: Record<string, unknown> | null; problem: string }> {
  try {
    const now = dateTime();
    const range = makeTimeRange(dateTime(now).subtract(5, 'm'), now);
    const frame = await askQuery(query, range, `floorwatch-setup-${query.datasource?.uid ?? ''}-${name}`);
    if (frame.length === 0) return { row: null, problem: '' };
    const row = Object.fromEntries(frame.fields.map(({ name, values }): [string, unknown] => [name, values[0]]));
    return { row, problem: '' };
  } catch (error) {
    return { row: null, problem: error instanceof Error ? error.message : 'no answer' };
  }
}

/** null where this user may not ask. */
async function ask<Answer>(url: string): Promise<Answer | null> {
  try {
    return await getBackendSrv().get<Answer>(url, undefined, undefined, { showErrorAlert: false });
  } catch {
    return null;
  }
}

async function countRules(): Promise<{ all: number; failing: number } | null> {
  const answer = await ask<{ data?: { groups?: Array<{ file?: string; rules?: Array<{ health?: string }> }> } }>(
    '/api/prometheus/grafana/api/v1/rules'
  );
  const groups = answer?.data?.groups;
  if (!groups) return null;
  const rules = groups.filter(({ file }) => file === 'Floorwatch').flatMap(({ rules: some = [] }) => some);
  return { all: rules.length, failing: rules.filter(({ health }) => health === 'error').length };
}

async function readContactPoints(): Promise<Array<{ name: string; address: string }> | null> {
  const points = await ask<Array<{ name: string; settings?: Record<string, unknown> }>>(
    '/api/v1/provisioning/contact-points'
  );
  return (
    points?.map(({ name, settings = {} }) => ({
      name,
      address: ['url', 'addresses', 'recipient', 'integrationKey', 'bottoken', 'room_id']
        .map((key) => settings[key])
        .filter((value) => typeof value === 'string')
        .join(' '),
    })) ?? null
  );
}
