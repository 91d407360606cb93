import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '@floorwatch/ingestor/metrics/metrics';
import { describe, expect, it } from 'vitest';
import { readText, REPOSITORY } from './compose-file.ts';
import { alertingFiles, dashboards, provisioningFiles } from './provisioning-files.ts';

const files = [...provisioningFiles(), ...alertingFiles()];
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
});
