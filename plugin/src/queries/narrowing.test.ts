import { andNarrowed, andOfFleet, fleetOf, isNarrowed, readNarrowing } from './narrowing';
import { NO_FILTERS, readFilters } from './pageFilters';

const of = (search: string) => readNarrowing(new URLSearchParams(search));

it('takes no part in the query where all robots are shown', () => {
  expect(fleetOf(NaN, of(''))).toBe('warehouse.v_fleet_now');
  expect(fleetOf(NaN, of('var-site=$__all'), 'warehouse.v_fleet_reports')).toBe('warehouse.v_fleet_reports');
  expect([andNarrowed(NaN, of('')), andOfFleet(of('')), isNarrowed(of('zone='))]).toEqual(['', '', false]);
});

it('reads the view that has zones as soon as a filter is set', () => {
  expect(fleetOf(NaN, of('zone=z'), 'warehouse.v_fleet_reports')).toBe(
    "(SELECT * FROM warehouse.v_fleet_now WHERE 1 AND zone_id = 'z')"
  );
  expect(andNarrowed(NaN, of('map=hall'))).toBe(
    " AND robot_id IN (SELECT robot_id FROM (SELECT * FROM warehouse.v_fleet_now WHERE 1 AND map_id = 'hall'))"
  );
});

it.each(['site', 'map', 'model', 'zone'])('escapes a hostile %s, now and at a past moment', (name) => {
  const hostile = of(new URLSearchParams({ [name]: "\\') OR 1=1 --" }).toString());
  for (const sql of [fleetOf(NaN, hostile), fleetOf(1_000, hostile)]) {
    expect(sql).toContain("'\\x5c\\x27\\x29 OR 1\\x3d1 -\\x2d'");
    expect(sql).not.toContain('OR 1=1');
  }
});

it.each([
  ['site=s&var-site=other', 's'],
  ['var-site=s', 's'],
  ['var-site=$__all', ''],
  ['var-site=a&var-site=b', ''],
  ['site=&var-site=s', ''],
])('of the address %j, the site is %j: a link of a dashboard filters too', (search, site) => {
  expect(readFilters(new URLSearchParams(search)).site).toBe(site);
});

it('removes the filters of dashboards too', () => {
  expect(Object.keys(NO_FILTERS)).toEqual(expect.arrayContaining(['site', 'var-site', 'zone', 'var-zone']));
});
