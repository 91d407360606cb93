import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { sqlText } from '@floorwatch/contract/sql-text';
import { FILTER_OPTIONS, readFilters } from './pageFilters';
import { slowestTasks, taskTimes } from './tasks';

const filtersOf = (text: string) =>
  readFilters(new URLSearchParams({ site: text, map: text, model: text, zone: text }));
const QUERIES: Array<[string, (text: string) => string]> = [
  ['task times', (text) => taskTimes(filtersOf(text), text)],
  ['slowest tasks', (text) => slowestTasks(filtersOf(text))],
];

describe.each(QUERIES)('%s', (_, sqlOf) => {
  it('reads views only', () => {
    const tables = [...sqlOf('').matchAll(/\b(?:FROM|JOIN)\s+(warehouse\.\w+)/g)].map(([, table]) => table);
    expect(tables).toEqual(['warehouse.v_task_ends']);
  });

  it.each(HOSTILE.map(({ why, text }) => [why, text]))('holds %s only as an escaped text', (__, text) => {
    expect(sqlOf(text)).toBe(sqlOf('A TEXT').replaceAll("'A TEXT'", () => sqlText(text)));
  });

  it('has a condition for each filter that is set, and none for the others', () => {
    expect(sqlOf('')).not.toMatch(/ AND (?:site_id|map_id|model|zone_id) =/);
    expect(sqlOf('a')).toContain(" AND site_id = 'a' AND map_id = 'a' AND model = 'a' AND zone_id = 'a'");
  });
});

it('reads the choices of the filters from views', () => {
  const tables = [...FILTER_OPTIONS.matchAll(/\bFROM\s+(warehouse\.\w+)/g)].map(([, table]) => table);
  expect(tables).toEqual(['warehouse.v_robot_roster', 'warehouse.v_floor_plans', 'warehouse.v_zones']);
});
