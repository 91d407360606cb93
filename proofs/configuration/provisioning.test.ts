import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '@floorwatch/ingestor/metrics/metrics';
import { describe, expect, it } from 'vitest';
import { readText, REPOSITORY } from './compose-file.ts';
import { dashboards, provisioningFiles, type Route } from './provisioning-files.ts';

const files = provisioningFiles();
const dataSources = files.flatMap(({ datasources = [] }) => datasources);
const rules = files.flatMap(({ groups = [] }) => groups.flatMap((group) => group.rules));
const contactPoints = files.flatMap((file) => file.contactPoints ?? []);
const panels = dashboards().flatMap((dashboard) => dashboard.panels);
const queries = [
  ...rules.flatMap(({ data }) => data.map(({ datasourceUid, model }) => ({ uid: datasourceUid, ...model }))),
  ...panels.flatMap(({ targets }) => targets.map(({ datasource, ...target }) => ({ uid: datasource.uid, ...target }))),
];

/** Panel types of Grafana, and the panel of this repository. */
const PANEL_TYPES = ['stat', 'barchart', 'histogram', 'timeseries', 'table', 'floorwatch-floormap-panel'];
const EXPRESSION = '__expr__';

describe('provisioning', () => {
  it('uids and panel ids are unique', () => {
    const uids = [
      ...dataSources.map(({ uid }) => uid),
      ...rules.map(({ uid }) => uid),
      ...dashboards().map(({ uid }) => uid),
      ...contactPoints.flatMap(({ receivers }) => receivers.map(({ uid }) => uid)),
    ];
    expect(uids.length).toBeGreaterThan(7);
    expect(new Set(uids).size).toBe(uids.length);
    for (const { panels: own } of dashboards()) expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
  });

  it('a second viewer gets the answer of the first for two seconds', () => {
    const clickHouse = dataSources.find(({ uid }) => uid === 'floorwatch-clickhouse');
    expect(clickHouse?.jsonData?.customSettings).toEqual([
      { setting: 'use_query_cache', value: '1' },
      { setting: 'query_cache_ttl', value: '2' },
      { setting: 'query_cache_nondeterministic_function_handling', value: 'save' },
      { setting: 'query_cache_system_table_handling', value: 'save' },
    ]);
  });

  it('queries use only provisioned data sources', () => {
    const known = [EXPRESSION, ...dataSources.map(({ uid }) => uid)];
    for (const { uid } of queries) expect(known).toContain(uid);
  });

  it('queries read only views that sql/views defines, never tables', () => {
    const views = readdirSync(join(REPOSITORY, 'sql/views')).map((file) => readText(`sql/views/${file}`));
    const made = [...views.join('\n').matchAll(/CREATE OR REPLACE VIEW (warehouse\.v_\w+)/g)].map(([, view]) => view);
    const read = queries.flatMap(({ rawSql = '' }) =>
      [...rawSql.matchAll(/\b(?:FROM|JOIN)\s+(\S+)/gi)].map(([, name]) => name)
    );
    expect(read.length).toBeGreaterThan(5);
    for (const name of read) expect(made).toContain(name);
  });

  it('queries read only metrics that the ingestor exports', () => {
    const exported = createMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    const read = queries.flatMap(({ expr = '' }) =>
      [...expr.matchAll(/\b(?:floorwatch|ch|telemetry)_\w+/g)].map(([name]) => name)
    );
    expect(read.length).toBeGreaterThan(4);
    for (const name of read) expect(exported).toContain(name.replace(/_(bucket|sum|count)$/, ''));
  });

  it('panels have a type that exists', () => {
    for (const { type, title } of panels) expect(PANEL_TYPES, title).toContain(type);
  });

  it('every dashboard shows its annotations and alerts', () => {
    for (const { annotations, title } of dashboards()) {
      expect(annotations.list, title).toContainEqual(expect.objectContaining({ builtIn: 1, enable: true }));
    }
  });

  it('every alert goes to a contact point that exists, one notification per rule', () => {
    const receivers = (route: Route): string[] => [route.receiver, ...(route.routes ?? []).flatMap(receivers)];
    const policies = files.flatMap((file) => file.policies ?? []);
    expect(policies).toHaveLength(1);
    for (const policy of policies) {
      for (const name of receivers(policy)) expect(contactPoints.map((point) => point.name)).toContain(name);
      expect(policy.group_by).toEqual(['grafana_folder', 'alertname']);
    }
  });
});

describe.each(rules.map((rule) => [rule.uid, rule] as const))('alert rule %s', (uid, rule) => {
  it('has a severity, a summary, and a description with impact and first step', () => {
    expect(['critical', 'warning']).toContain(rule.labels['severity']);
    expect(rule.annotations['summary']).toBeTruthy();
    // On-call engineers read them in this order on a phone.
    expect(rule.annotations['description']).toMatch(/How bad: .+ First: /s);
  });

  it('links to a runbook that exists and to a page of the app', () => {
    const slug = uid.replace(/^floorwatch-/, '');
    expect(rule.annotations['runbook_url']).toBe(`{{ externalURL }}a/floorwatch-fleet-app/runbooks/${slug}`);
    expect(existsSync(join(REPOSITORY, `plugin/src/runbooks/${slug}.md`))).toBe(true);
    const { robot_url: robot, fleet_url: fleet } = rule.annotations;
    expect(robot ?? fleet).toMatch(/^\{\{ externalURL \}\}a\/floorwatch-fleet-app\/fleet/);
  });

  it('links to a dashboard panel that exists', () => {
    const { dashboardUid, panelId, annotations } = rule;
    const shown = dashboards().find((dashboard) => dashboard.uid === dashboardUid);
    expect(shown?.panels.map(({ id }) => id)).toContain(panelId);
    expect(annotations['dashboard_url']).toBe(`{{ externalURL }}d/${dashboardUid}`);
    // Grafana's pages read the link from these two annotations.
    expect(annotations['__dashboardUid__']).toBe(dashboardUid);
    expect(annotations['__panelId__']).toBe(String(panelId));
  });

  it('fires when its data source does not respond', () => {
    expect(rule.execErrState).toBe('Alerting');
  });

  it('has the query that its condition names', () => {
    expect(rule.data.map(({ refId }) => refId)).toContain(rule.condition);
  });
});

describe('drop-off', () => {
  it('fires after at least 60 s, because a healthy VDA 5050 robot can report every 30 s', () => {
    const dropOff = rules.filter(({ uid }) => uid.endsWith('dropoff'));
    expect(dropOff).toHaveLength(2);
    for (const { data } of dropOff) {
      const limits = data.flatMap(({ model }) => (model.conditions ?? []).flatMap(({ evaluator }) => evaluator.params));
      expect(limits.length).toBe(1);
      expect(Math.min(...limits)).toBeGreaterThanOrEqual(60);
    }
  });

  it('the summary names the robot and links to it', () => {
    const rule = rules.find(({ uid }) => uid === 'floorwatch-telemetry-dropoff');
    expect(rule?.annotations['summary']).toContain('$labels.robot_id');
    expect(rule?.annotations['robot_url']).toContain('{{ with $labels.robot_id }}?var-robot={{ urlquery . }}{{ end }}');
  });
});
