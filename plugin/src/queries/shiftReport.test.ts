import * as queries from './shiftReport';

const HOUR_MS = 3_600_000;
const shift = (hours: number, minutes = 0) => {
  const fromMs = hours * HOUR_MS + minutes * 60_000;
  return { fromMs, toMs: fromMs + 8 * HOUR_MS };
};
const QUERIES: Array<[string, string]> = [
  ['figures', queries.shiftFigures([shift(48), shift(24)])],
  ['tasks', queries.shiftTasks([shift(48), shift(24)])],
  ['robots', queries.shiftRobots(shift(48))],
  ['zones', queries.shiftZones(shift(48))],
  ['failures', queries.shiftFailures(shift(48))],
];

it.each(QUERIES)('%s read views only', (_, sql) => {
  const tables = [...sql.matchAll(/\b(?:FROM|JOIN)\s+(warehouse\.\w+)/g)].map(([, table]) => table);
  expect(tables.length).toBeGreaterThan(0);
  expect(tables.filter((table) => !table?.startsWith('warehouse.v_'))).toEqual([]);
});

it('reads hours, and minutes where a time zone is half an hour off', () => {
  expect(queries.shiftFigures([shift(48), shift(24)])).toContain('warehouse.v_robot_hours');
  expect(queries.shiftFigures([shift(48, 30), shift(24, 30)])).toContain('warehouse.v_robot_minutes');
});
