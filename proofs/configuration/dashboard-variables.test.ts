import { isOneOf } from '@floorwatch/contract/sql-text';
import { describe, expect, it } from 'vitest';
import { readText } from './compose-file.ts';
import { dashboards } from './provisioning-files.ts';

/** `${name}`, `${name:format}`, `[[name]]` and `$name`; `$__name` is a macro. */
const VARIABLE = /\$\{[^}]*\}|\[\[\w+(?::\w+)?\]\]|\$(?!__)[A-Za-z]\w*/g;
/** The conditions that isOneOf writes, for any column and variable. */
const CONDITION = new RegExp(
  isOneOf('COLUMN', 'VARIABLE')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace('COLUMN', '[\\w.]+')
    .replaceAll('VARIABLE', '\\w+'),
  'g'
);
/** Formats after which a value cannot end its parameter of a link. */
const SAFE_IN_LINK =
  /^\$\{(?:__url_time_range|__from|__to|__all_variables|[\w.[\]"'-]+:(?:percentencode|queryparam|customqueryparam[^}]*))\}$/;

/** What is wrong with a query or a link of a dashboard; '' if nothing is. */
function problemOf(key: string, value: unknown): string {
  if (key === 'type' && value === 'adhoc') return 'an ad hoc filter writes its value into the SQL';
  if (typeof value !== 'string') return '';
  if (key === 'rawSql' || key === 'query' || key === 'definition' || key === 'queryText') {
    const raw = value.replace(CONDITION, '').match(VARIABLE);
    return raw ? `${raw.join(' ')} is not written with isOneOf (packages/contract/src/sql-text.ts)` : '';
  }
  if (key === 'url' && value !== '') {
    if (!/^(?:\/|https?:|\$\{__url)/.test(value)) return 'is no page';
    const raw = (value.match(VARIABLE) ?? []).filter((variable) => !SAFE_IN_LINK.test(variable));
    return raw.length > 0 ? `${raw.join(' ')} needs :percentencode in a link` : '';
  }
  return '';
}

function problems(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = value as { includeAll?: boolean; allValue?: unknown };
  const needsAll =
    own.includeAll === true && !own.allValue ? [`${path}: needs an allValue, or all values are listed`] : [];
  const children = Object.entries(value).flatMap(([key, child]) => {
    const problem = problemOf(key, child);
    return problem === '' ? problems(child, `${path}.${key}`) : [`${path}.${key}: ${problem}`];
  });
  return [...needsAll, ...children];
}

describe('dashboards', () => {
  it('write no variable into SQL or into a link without escaping it', () => {
    expect(dashboards().flatMap((dashboard) => problems(dashboard, dashboard.uid))).toEqual([]);
  });

  it.each([
    { rawSql: 'SELECT 1 FROM v WHERE robot_id IN (${robot:singlequote})' },
    { rawSql: 'SELECT 1 FROM v WHERE robot_id = $robot' },
    { rawSql: "SELECT 1 FROM v WHERE robot_id = '[[robot]]'" },
    { templating: { list: [{ name: 'filter', type: 'adhoc' }] } },
    { templating: { list: [{ name: 'zone', query: "SELECT zone_id FROM v WHERE map_id = '${map}'" }] } },
    { templating: { list: [{ name: 'robot', includeAll: true, allValue: null }] } },
    { links: [{ url: '/a/floorwatch-fleet-app/fleet?var-robot=${__data.fields.robot_id}' }] },
    { links: [{ url: 'javascript:${__value.text:percentencode}' }] },
  ])('%j is found', (dashboard) => {
    expect(problems(dashboard, 'test')).toHaveLength(1);
  });

  it('may filter by a variable and link to a robot', () => {
    const rawSql = `SELECT 1 FROM v WHERE ${isOneOf('e.robot_id', 'robot')} AND $__timeFilter(ts)`;
    const url = '/a/floorwatch-fleet-app/fleet?var-robot=${__data.fields.robot_id:percentencode}&${__url_time_range}';
    expect(problems({ panels: [{ rawSql, url }] }, 'test')).toEqual([]);
  });

  it('the README shows the condition that isOneOf writes', () => {
    expect(readText('plugin/src/README.md')).toContain(`WHERE ${isOneOf('robot_id', 'robot')}`);
  });
});
