import { toDataFrame } from '@grafana/data';
import { subtractCells, type Cells } from './cells';
import { readCells } from './readCells';

const frame = (columns: Record<string, unknown[]>, refId = 'B') =>
  toDataFrame({ refId, fields: Object.entries(columns).map(([name, values]) => ({ name, values })) });
/** Cells as [column, row, value]. */
const list = ({ columns, rows, values }: Cells) => Array.from(values, (value, i) => [columns[i], rows[i], value]);

describe('reading cells', () => {
  it('puts a point into its cell, also left of and below the origin', () => {
    const cells = readCells(frame({ x: [0.5, -0.5, 3], y: [1.99, -1, 0], value: [1, 2, 3] }), 'Dwell', null);
    expect(list(cells)).toEqual([
      [0, 1, 1],
      [-1, -1, 2],
      [3, 0, 3],
    ]);
    expect(cells.sideMetres).toBe(1);
  });

  it('takes cell numbers as they are, and points by the size of a cell', () => {
    const numbered = readCells(frame({ cell_x: [-2], cell_y: [3], value: [1], cell_metres: [0.5] }), 'L', null);
    expect([list(numbered), numbered.sideMetres]).toEqual([[[-2, 3, 1]], 0.5]);
    const points = readCells(frame({ x: [-0.75], y: [1.6], value: [1], cell_metres: [0.5] }), 'L', null);
    expect(list(points)).toEqual([[-2, 3, 1]]);
  });

  it('adds the rows of one cell up, and passes over other floors', () => {
    const rows = { x: [1.1, 1.9, 1], y: [0, 0.5, 0], value: [1, 2, 40], map_id: ['hall', 'hall', 'roof'] };
    expect(list(readCells(frame(rows), 'L', 'hall'))).toEqual([[1, 0, 3]]);
    expect(list(readCells(frame(rows), 'L', null))).toEqual([[1, 0, 43]]);
  });

  it('knows a floor by its number too', () => {
    const rows = { x: [1, 2], y: [0, 0], value: [1, 2], map_id: [1, 2] };
    expect(list(readCells(frame(rows), 'L', '2'))).toEqual([[2, 0, 2]]);
  });

  it('leaves out and counts what is no number or no place, and reads numbers that come as text', () => {
    const rows = { x: [NaN, 1, 1, 1, 1e9, '2'], y: [0, null, 0, 0, 0, '3'], value: [1, 1, NaN, 'many', 1, '7'] };
    const cells = readCells(frame(rows), 'L', null);
    expect(list(cells)).toEqual([[2, 3, 7]]);
    expect(cells.leftOut).toBe(5);
  });

  it.each([
    [{ x: [1], y: [1] }, 'Layer Heat: query B has no field value (it has x, y).'],
    [{ a: [1] }, 'Layer Heat: query B has no field x, y and value (it has a).'],
    [{ x: [1], y: [1], value: [1], cell_size: [0] }, 'Layer Heat: field cell_size of query B must be above 0 m.'],
  ])('says in one sentence what is wrong with %j', (columns, message) => {
    expect(() => readCells(frame(columns), 'Heat', null)).toThrow(new Error(message));
  });

  it('reads 100,000 cells', () => {
    const n = 100_000;
    const rows = Array.from({ length: n }, (_, i) => i);
    const cells = readCells(
      frame({ x: rows.map((i) => i % 500), y: rows.map((i) => i / 500), value: rows }),
      'L',
      null
    );
    expect(cells.values).toHaveLength(n);
  });
});

describe('A minus B', () => {
  const a = readCells(frame({ cell_x: [0, 1], cell_y: [0, 0], value: [5, 3] }), 'L', null);
  const b = readCells(frame({ cell_x: [1, -2], cell_y: [0, 0], value: [4, 2] }), 'L', null);

  it('is what A has more; of sums, a cell that one of them lacks is 0 there', () => {
    expect(list(subtractCells(a, b, true))).toEqual([
      [0, 0, 5],
      [1, 0, -1],
      [-2, 0, -2],
    ]);
  });

  it('of means, is known only where both are', () => {
    expect(list(subtractCells(a, b, false))).toEqual([[1, 0, -1]]);
  });
});
