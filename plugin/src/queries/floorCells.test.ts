import { CELL_MEASURES, floorCellsSql, type CellMeasureId } from './floorCells';

const at = (time: string) => Date.parse(`2026-11-24T${time}Z`);
/** The stretches of time that a query reads, by view. */
const stretches = (sql: string) =>
  [...sql.matchAll(/warehouse\.(\w+) WHERE time >= toDateTime\((\d+), 'UTC'\) AND time < toDateTime\((\d+)/g)]
    .map(([, view, from, to]) => [
      view,
      ...[from, to].map((s) => new Date(Number(s) * 1_000).toISOString().slice(11, 19)),
    ])
    .map((parts) => parts.join(' '));

it('reads whole hours as hours, and the ends by five minutes, without a gap or an overlap', () => {
  const sql = floorCellsSql('dwell', { mapId: 'hall', fromMs: at('01:43:12'), toMs: at('05:10:00') });
  expect(stretches(sql)).toEqual([
    'v_floor_cell_hours 02:00:00 05:00:00',
    'v_floor_cells 01:40:00 02:00:00',
    'v_floor_cells 05:00:00 05:10:00',
  ]);
});

it('reads nothing twice where the range begins and ends with an hour', () => {
  const sql = floorCellsSql('errors', { mapId: 'hall', fromMs: at('01:00:00'), toMs: at('05:00:00') });
  expect(stretches(sql)).toEqual(['v_floor_cell_hours 01:00:00 05:00:00']);
});

it.each(['01:20:00', '02:20:00'])('reads five minutes alone where no whole hour lies before %s', (end) => {
  const sql = floorCellsSql('dwell', { mapId: 'hall', fromMs: at('01:05:00'), toMs: at(end) });
  expect(stretches(sql)).toEqual([`v_floor_cells 01:05:00 ${end}`]);
});

it('asks for cells without a map where no map is known, and takes no text for SQL', () => {
  const range = { fromMs: at('01:00:00'), toMs: at('02:00:00') };
  expect(floorCellsSql('dwell', { ...range, mapId: null })).toContain('WHERE map_id IS NULL');
  expect(floorCellsSql('dwell', { ...range, mapId: "o'hall\\" })).toContain("WHERE map_id = 'o\\x27hall\\x5c'");
});

it.each(Object.keys(CELL_MEASURES))('reads views only, and few enough rows, for %s', (measure) => {
  const sql = floorCellsSql(measure as CellMeasureId, { mapId: 'hall', fromMs: 0, toMs: at('02:00:00') });
  expect([...sql.matchAll(/FROM (warehouse\.\w+)/g)].every(([, table]) => table?.startsWith('warehouse.v_'))).toBe(
    true
  );
  expect(sql).toMatch(/LIMIT 100000$/);
});
