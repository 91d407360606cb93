import { expect, test } from 'vitest';
import { readSchema } from '../migrate/pending.ts';
import { MAP_POLICIES, siteReaderName, SITE_VIEWS, sitePolicies } from './sites.ts';

/** Tables without rows of a site, and those whose rows are of all sites: their views have a policy by map. */
const WITHOUT_POLICY = [
  ...['fleet_settings', 'floor_cells', 'floor_cells_hour'],
  ...['path_offset_history', 'path_offsets', 'path_progress', 'personal_fields'],
];

const definitions = new Map(readSchema().views.map(({ name, create }) => [name.slice(name.indexOf('.') + 1), create]));

/** The tables that a view reads, also through other views. */
function tablesOf(view: string, seen = new Set<string>()): string[] {
  const text = definitions.get(view);
  if (text === undefined) return [view];
  if (seen.has(view)) return [];
  seen.add(view);
  const read = new Set(
    [...text.matchAll(/(?:FROM|JOIN) (?:warehouse|\{local\})\.(\w+)/g)].map(([, name = '']) => name)
  );
  return [...read].flatMap((name) => tablesOf(name, seen));
}

test.each(SITE_VIEWS)('every table behind %s has a row policy, or no rows of a site', (view) => {
  const tables = tablesOf(view);
  expect(tables.length).toBeGreaterThan(0);
  const policies = Object.keys(sitePolicies('warehouse'));
  expect(tables.filter((table) => !policies.includes(table) && !WITHOUT_POLICY.includes(table))).toEqual([]);
  const isByMap = tables.some((table) => table.startsWith('floor_cells'));
  expect(view in MAP_POLICIES).toBe(isByMap);
});

test('a site whose name would not be a valid user in the users file is an error', () => {
  expect(siteReaderName('hall-2.north')).toBe('floorwatch_site_hall-2.north');
  for (const site of ['', 'a b', '<a/>', "a'b", 'a\nb']) expect(() => siteReaderName(site)).toThrow(/is not possible/);
});
