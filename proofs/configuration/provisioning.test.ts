import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '@floorwatch/ingestor/metrics/metrics';
import { describe, expect, it } from 'vitest';
import { readText, REPOSITORY } from './compose-file.ts';
import { alertingFiles, alertingFilesWithoutPrometheus, dashboards, provisioningFiles } from './provisioning-files.ts';

const files = [...provisioningFiles(), ...alertingFiles()];
const fallbackRules = alertingFilesWithoutPrometheus().flatMap(({ groups = [] }) =>
  groups.flatMap(({ rules }) => rules)
);
const dataSources = files.flatMap(({ datasources = [] }) => datasources);
const rules = files.flatMap(({ groups = [] }) => groups.flatMap((group) => group.rules));
const contactPoints = files.flatMap((file) => file.contactPoints ?? []);
const panels = dashboards().flatMap((dashboard) => dashboard.panels);
const queries: { uid: string; rawSql?: string; expr?: string }[] = [
  ...[...rules, ...fallbackRules].flatMap(({ data }) =>
    data.map(({ datasourceUid, model }) => ({ uid: datasourceUid, ...model }))
  ),
  ...panels.flatMap(({ targets }) => targets.map(({ datasource, ...target }) => ({ uid: datasource.uid, ...target }))),
  ...dashboards().flatMap(({ annotations }) =>
    annotations.list
      .filter(({ builtIn }) => builtIn === undefined)
      .map(({ datasource, target }) => ({ uid: datasource.uid, ...target }))
  ),
  ...dashboards().flatMap(({ templating }) =>
    templating.list.map(({ datasource, query }) => ({ uid: datasource.uid, rawSql: query }))
  ),
];

const FLOOR_MAP = 'floorwatch-floormap-panel';
/** Panel types of Grafana that are not deprecated, and the panel of this repository. */
const PANEL_TYPES = ['stat', 'barchart', 'histogram', 'status-history', 'timeseries', 'table', FLOOR_MAP];
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
      [...rawSql.matchAll(/(?<!\bARRAY )\b(?:FROM|JOIN)\s+(\(|[\w.]+)/gi)].map(([, name]) => name)
    );
    expect(read.length).toBeGreaterThan(5);
    for (const name of read) if (name !== '(') expect(made).toContain(name);
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

  it('panels have a title, a unit, and a description that says what good looks like and what to do otherwise', () => {
    for (const { type, title, description, fieldConfig } of panels) {
      expect(title).not.toBe('');
      expect(description, title).toMatch(/\bGood: .+\. ./);
      // The floor map has the units of its columns.
      if (type !== FLOOR_MAP) expect(fieldConfig.defaults.unit, title).toMatch(/^\w+$/);
    }
  });

  it('no two panels have the same query', () => {
    const texts = panels.flatMap(({ targets }) => targets.map(({ rawSql, expr }) => rawSql ?? expr ?? ''));
    expect(texts.filter((text, index) => text === '' || texts.indexOf(text) !== index)).toEqual([]);
  });

  it('dashboards link to each other and to the app', () => {
    for (const { title, tags, links } of dashboards()) {
      expect(tags, title).toContain('floorwatch');
      expect(links, title).toContainEqual(
        expect.objectContaining({ type: 'dashboards', tags: ['floorwatch'], keepTime: true, includeVars: true })
      );
      expect(links, title).toContainEqual(expect.objectContaining({ url: '/a/floorwatch-fleet-app/fleet' }));
    }
  });

  it('dashboards hold no secret', () => {
    expect(JSON.stringify(dashboards())).not.toMatch(/password|secure|token|apikey|https?:/i);
  });

  it('every dashboard shows its annotations and alerts, and when the schema or a part it asks was changed', () => {
    for (const { annotations, panels: own, title } of dashboards()) {
      const usesPrometheus = own.some(({ targets }) => targets.some(({ expr }) => expr !== undefined));
      expect(annotations.list, title).toContainEqual(expect.objectContaining({ builtIn: 1, enable: true }));
      expect(
        annotations.list.filter(({ enable }) => enable).map(({ name }) => name),
        title
      ).toEqual(['Notes and alerts', 'Schema changes', ...(usesPrometheus ? ['Ingestor starts'] : [])]);
    }
  });
});
