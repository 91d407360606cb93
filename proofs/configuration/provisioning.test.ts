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

/** Grafana's own, and the panel of this repository. */
const PANEL_TYPES = ['stat', 'barchart', 'histogram', 'timeseries', 'table', 'floorwatch-floormap-panel'];
const EXPRESSION = '__expr__';

describe('provisioning', () => {
  it('gives everything an identity of its own', () => {
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

  it('queries data sources that it provisions', () => {
    const known = [EXPRESSION, ...dataSources.map(({ uid }) => uid)];
    for (const { uid } of queries) expect(known).toContain(uid);
  });

  it('reads views that sql/views defines, and never tables', () => {
    const views = readdirSync(join(REPOSITORY, 'sql/views')).map((file) => readText(`sql/views/${file}`));
    const made = [...views.join('\n').matchAll(/CREATE OR REPLACE VIEW (warehouse\.v_\w+)/g)].map(([, view]) => view);
    const read = queries.flatMap(({ rawSql = '' }) =>
      [...rawSql.matchAll(/\b(?:FROM|JOIN)\s+(\S+)/gi)].map(([, name]) => name)
    );
    expect(read.length).toBeGreaterThan(5);
    for (const name of read) expect(made).toContain(name);
  });

  it('reads metrics that the ingestor exports', () => {
    const exported = createMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    const read = queries.flatMap(({ expr = '' }) =>
      [...expr.matchAll(/\b(?:floorwatch|ch|telemetry)_\w+/g)].map(([name]) => name)
    );
    expect(read.length).toBeGreaterThan(4);
    for (const name of read) expect(exported).toContain(name.replace(/_(bucket|sum|count)$/, ''));
  });

  it('shows panels that Grafana or this repository has', () => {
    for (const { type, title } of panels) expect(PANEL_TYPES, title).toContain(type);
  });

  it('shows the notes and alerts of a dashboard on it', () => {
    for (const { annotations, title } of dashboards()) {
      expect(annotations.list, title).toContainEqual(expect.objectContaining({ builtIn: 1, enable: true }));
    }
  });

  it('sends every alert to a contact point that exists, one page a rule', () => {
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
  it('says how bad it is, what happened and what to do', () => {
    expect(['critical', 'warning']).toContain(rule.labels['severity']);
    expect(rule.annotations['summary']).toBeTruthy();
    // On-call reads these in this order, on a telephone, half asleep.
    expect(rule.annotations['description']).toMatch(/How bad: .+ First: /s);
  });

  it('links to its runbook and to a page of the app', () => {
    const slug = uid.replace(/^floorwatch-/, '');
    expect(rule.annotations['runbook_url']).toBe(`{{ externalURL }}a/floorwatch-fleet-app/runbooks/${slug}`);
    expect(existsSync(join(REPOSITORY, `plugin/src/runbooks/${slug}.md`))).toBe(true);
    const { robot_url: robot, fleet_url: fleet } = rule.annotations;
    expect(robot ?? fleet).toMatch(/^\{\{ externalURL \}\}a\/floorwatch-fleet-app\/fleet/);
  });

  it('leads to the panel of a dashboard that shows it', () => {
    const { dashboardUid, panelId, annotations } = rule;
    const shown = dashboards().find((dashboard) => dashboard.uid === dashboardUid);
    expect(shown?.panels.map(({ id }) => id)).toContain(panelId);
    expect(annotations['dashboard_url']).toBe(`{{ externalURL }}d/${dashboardUid}`);
    // Grafana's own pages take the link from these two.
    expect(annotations['__dashboardUid__']).toBe(dashboardUid);
    expect(annotations['__panelId__']).toBe(String(panelId));
  });

  it('fires when its data source does not answer', () => {
    expect(rule.execErrState).toBe('Alerting');
  });

  it('decides by a query of its own', () => {
    expect(rule.data.map(({ refId }) => refId)).toContain(rule.condition);
  });
});

describe('drop-off', () => {
  it('never takes less than 60 s for silence: a healthy VDA 5050 robot may report every 30 s', () => {
    const dropOff = rules.filter(({ uid }) => uid.endsWith('dropoff'));
    expect(dropOff).toHaveLength(2);
    for (const { data } of dropOff) {
      const limits = data.flatMap(({ model }) => (model.conditions ?? []).flatMap(({ evaluator }) => evaluator.params));
      expect(limits.length).toBe(1);
      expect(Math.min(...limits)).toBeGreaterThanOrEqual(60);
    }
  });

  it('names the robot', () => {
    const rule = rules.find(({ uid }) => uid === 'floorwatch-telemetry-dropoff');
    expect(rule?.annotations['summary']).toContain('$labels.robot_id');
    expect(rule?.annotations['robot_url']).toContain('{{ with $labels.robot_id }}?var-robot={{ urlquery . }}{{ end }}');
  });
});
