import { describe, expect, it } from 'vitest';
import { renderAlerting, renderRemoval, rulesLeftOut } from './render.ts';
import { PROVISIONING_VARIABLES, type ProvisioningSettings } from './variables.ts';

const POINTS = {
  ALERT_WEBHOOK_URL: 'https://example.com/',
  ALERT_HEARTBEAT_URL: 'https://example.com/',
  ALERT_PLANNED_STOPS: 'saturday 00:00-24:00',
};

interface RulesFile {
  groups: { rules: { uid: string; data: { datasourceUid: string; model: { expr?: string } }[] }[] }[];
  deleteRules: { uid: string }[];
}

/** Every value of a key, at any depth. */
function valuesOf(key: string, files: object): Set<unknown> {
  const found = new Set<unknown>();
  JSON.stringify(files, (name, value: unknown) => {
    if (name === key) found.add(value);
    return value;
  });
  return found;
}

function rulesOf(settings: ProvisioningSettings) {
  const { groups, deleteRules } = renderAlerting(settings)['rules.yaml'] as RulesFile;
  return { rules: groups.flatMap(({ rules }) => rules), deleted: deleteRules.map(({ uid }) => uid) };
}

describe('the alerting files', () => {
  it('belong to organisation 1 and query our data sources if nothing is set', () => {
    const files = renderAlerting(POINTS);
    expect(valuesOf('orgId', files)).toEqual(new Set([1]));
    expect(valuesOf('datasourceUid', files)).toEqual(
      new Set(['floorwatch-clickhouse', 'floorwatch-prometheus', '__expr__'])
    );
    expect(rulesLeftOut(POINTS)).toEqual([]);
  });

  it('belong to the organisation that is set, and so do the files that remove them', () => {
    expect(valuesOf('orgId', renderAlerting({ ...POINTS, GRAFANA_ORG_ID: 7 }))).toEqual(new Set([7]));
    expect(valuesOf('orgId', renderRemoval({ GRAFANA_ORG_ID: 7 }))).toEqual(new Set([7]));
    expect(valuesOf('orgId', renderRemoval({}))).toEqual(new Set([1]));
  });

  it('link to the app in the organisation that is set, and say nothing of organisation 1', () => {
    const linksOf = (settings: ProvisioningSettings) =>
      [...valuesOf('runbook_url', renderAlerting(settings)), ...valuesOf('page_url', renderAlerting(settings))].sort();
    for (const settings of [POINTS, { ...POINTS, GRAFANA_ORG_ID: 1 }]) {
      for (const link of linksOf(settings)) expect(link).not.toContain('orgId');
    }
    expect(linksOf({ ...POINTS, GRAFANA_ORG_ID: 7 })).toEqual(
      linksOf(POINTS).map((link) => `${String(link)}${String(link).includes('?') ? '&' : '?'}orgId=7`)
    );
    expect(linksOf({ ...POINTS, GRAFANA_ORG_ID: 7 })).toEqual(
      expect.arrayContaining([
        '/a/floorwatch-fleet-app/runbooks/flow?orgId=7',
        expect.stringMatching(/\?[\w-]+=.*\}\}&orgId=7$/),
      ])
    );
  });

  it('query the data sources that are set', () => {
    const uids = { CLICKHOUSE_DATASOURCE_UID: 'their-clickhouse', PROMETHEUS_DATASOURCE_UID: 'their-prometheus' };
    for (const { data } of rulesOf({ ...POINTS, ...uids }).rules) {
      for (const { datasourceUid, model } of data) {
        if (datasourceUid === '__expr__') continue;
        expect(datasourceUid).toBe(model.expr === undefined ? 'their-clickhouse' : 'their-prometheus');
      }
    }
  });

  it('without Prometheus have no rule that needs it, delete those of an earlier run, and say which are missing', () => {
    const all = rulesOf(POINTS);
    const settings = { ...POINTS, PROMETHEUS_DATASOURCE_UID: 'None' };
    const { rules, deleted } = rulesOf(settings);
    expect(valuesOf('datasourceUid', rules)).toEqual(new Set(['floorwatch-clickhouse', '__expr__']));
    const left = new Set(rules.map(({ uid }) => uid));
    const missing = all.rules.map(({ uid }) => uid).filter((uid) => !left.has(uid));
    expect(missing).toEqual(
      expect.arrayContaining(['floorwatch-prometheus-down', 'floorwatch-consumer-lag', 'floorwatch-insert-failures'])
    );
    expect(rulesLeftOut(settings).map(({ name }) => `floorwatch-${name}`)).toEqual(missing);
    expect(deleted).toEqual(expect.arrayContaining(missing));
    expect(left).toContain('floorwatch-clickhouse-down');
    // Who watches the ingestor where Prometheus does not.
    expect(left).toContain('floorwatch-ingestor-silent');
    expect(all.rules.map(({ uid }) => uid)).not.toContain('floorwatch-ingestor-silent');
    expect(all.deleted).toContain('floorwatch-ingestor-silent');
    expect(deleted.filter((uid) => left.has(uid))).toEqual([]);
  });
});

it.each([
  ['GRAFANA_ORG_ID', 'main', /whole number/],
  ['GRAFANA_ORG_ID', '0', /whole number/],
  ['GRAFANA_ORG_ID', ' 7', /whole number/],
  ['GRAFANA_ORG_ID', '0x7', /whole number/],
  ['GRAFANA_ORG_ID', '7.0', /whole number/],
  ['CLICKHOUSE_DATASOURCE_UID', 'None', /it must be a uid/],
  ['CLICKHOUSE_DATASOURCE_UID', 'a b', /it must be a uid/],
])('%s=%s is refused with what it must be', (name, value, message) => {
  const parsed = PROVISIONING_VARIABLES.safeParse({ [name]: value });
  expect(parsed.error?.issues.map((issue) => issue.message).join()).toMatch(message);
});
