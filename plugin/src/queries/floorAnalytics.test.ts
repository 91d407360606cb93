import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { sqlText } from '@floorwatch/contract/sql-text';
import { cellTable, measureCells, silencePlaces, zoneTable } from './floorAnalytics';

const RANGE = { fromMs: Date.parse('2026-11-24T01:02:00Z'), toMs: Date.parse('2026-11-24T03:04:00Z') };
const BEFORE = { fromMs: RANGE.fromMs - 604_800_000, toMs: RANGE.toMs - 604_800_000 };
const QUERIES: Array<[string, (map: string) => string]> = [
  ['cells', (map) => measureCells('congestion', RANGE, map)],
  ['cells of a mean in a comparison', (map) => measureCells('localisation', RANGE, map, BEFORE)],
  ['zones', (map) => zoneTable(RANGE, BEFORE, map)],
  ['squares', (map) => cellTable('dwell', RANGE, BEFORE, map)],
  ['silence', (map) => silencePlaces(RANGE, map)],
];

describe.each(QUERIES)('%s', (_, sqlOf) => {
  it('reads views only', () => {
    const tables = [...sqlOf('').matchAll(/\b(?:FROM|JOIN)\s+(warehouse\.\w+)/g)].map(([, table]) => table);
    expect(tables.length).toBeGreaterThan(0);
    expect(tables.filter((table) => !table?.startsWith('warehouse.v_'))).toEqual([]);
  });

  it.each(HOSTILE.map(({ why, text }) => [why, text]))('holds %s only as an escaped text', (__, text) => {
    expect(sqlOf(text)).toBe(sqlOf('A TEXT').replaceAll("'A TEXT'", () => sqlText(text)));
  });
});

it('counts figures per hour over whole five minutes, as the cells know the time', () => {
  expect(zoneTable(RANGE, null, '')).toContain(
    "time >= toDateTime(1795482000, 'UTC') AND time < toDateTime(1795489200"
  );
  expect(zoneTable(RANGE, null, '')).toContain('if(is_before, 1, 7200)');
});
