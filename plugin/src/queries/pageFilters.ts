import { sqlText } from '@floorwatch/contract/sql-text';

/** What a page can be narrowed to. The parameters of the address have the same names. */
export const FILTER_NAMES = ['site', 'map', 'model', 'zone'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** '' for all. */
export type PageFilters = Readonly<Record<FilterName, string>>;

/** The names of the same filters in links of dashboards. */
export const variableOf = (name: FilterName): string => `var-${name}`;

/**
 * Never fails: a parameter that is missing is a filter for all. A dashboard's variable counts where the page has no value of its
 * own; several values of it are no filter, because a page can be narrowed to one only.
 */
export function readFilters(parameters: URLSearchParams): PageFilters {
  const valueOf = (name: FilterName) => parameters.get(name) ?? onlyOne(valuesOfDashboard(parameters, name));
  return { site: valueOf('site'), map: valueOf('map'), model: valueOf('model'), zone: valueOf('zone') };
}

/** The several values of a dashboard's variable, of which the page shows all instead; [] where it shows what the address says. */
export function unusedValues(parameters: URLSearchParams, name: FilterName): readonly string[] {
  const values = valuesOfDashboard(parameters, name);
  return parameters.has(name) || values.length < 2 ? [] : values;
}

/** [] for all. */
function valuesOfDashboard(parameters: URLSearchParams, name: FilterName): readonly string[] {
  const values = [...new Set(parameters.getAll(variableOf(name)))];
  return values.some((value) => value === '$__all' || value === 'All') ? [] : values;
}

function onlyOne(values: readonly string[]): string {
  const [value = ''] = values;
  return values.length > 1 ? '' : value;
}

export function isFiltered(filters: PageFilters): boolean {
  return FILTER_NAMES.some((name) => filters[name] !== '');
}

/** Parameters that remove all filters from an address. */
export const NO_FILTERS: Readonly<Record<string, null>> = Object.fromEntries(
  FILTER_NAMES.flatMap((name) => [name, variableOf(name)]).map((name) => [name, null])
);

/** The columns that the filters compare, in views of task ends and of robots alike. */
const COLUMNS = { site: 'site_id', map: 'map_id', model: 'model', zone: 'zone_id' } as const;

/**
 * Conditions for the filters that are set, each with `AND` before it; '' for none.
 * @param names the filters whose columns the view has
 */
export function filterConditions(filters: PageFilters, names: readonly FilterName[] = FILTER_NAMES): string {
  return names
    .filter((name) => filters[name] !== '')
    .map((name) => ` AND ${COLUMNS[name]} = ${sqlText(filters[name])}`)
    .join('');
}

/** Values of each filter that a page offers. */
export const MOST_OPTIONS = 5_000;

/** The values to choose from. Costs by robots, plans and zones, not by events. */
export const FILTER_OPTIONS = `SELECT kind, id, any(label) AS label
FROM (
  SELECT one.1 AS kind, ifNull(one.2, '') AS id, id AS label
  FROM warehouse.v_robot_roster
  ARRAY JOIN [('site', toString(site_id)), ('map', toString(map_id)), ('model', toString(model))] AS one
  UNION ALL
  SELECT one.1 AS kind, one.2 AS id, one.2 AS label
  FROM warehouse.v_floor_plans
  ARRAY JOIN [('site', toString(site_id)), ('map', toString(map_id))] AS one
  UNION ALL
  SELECT 'zone' AS kind, toString(zone_id) AS id, concat(if(name = '', zone_id, name), ' · ', map_id) AS label
  FROM warehouse.v_zones
)
WHERE id != ''
GROUP BY kind, id
ORDER BY kind, label
LIMIT ${MOST_OPTIONS} BY kind`;
