/** Coloured squares of one floor, as columns; index i is the same cell in each. */
export interface Cells {
  /** Side of a cell. */
  sideMetres: number;
  /** A cell covers `column × side` to `(column + 1) × side` of the map frame; negative ones too. */
  columns: Int32Array;
  rows: Int32Array;
  values: Float64Array;
  /** Rows that had no number in x, y or value. */
  leftOut: number;
}

export const NO_CELLS: Cells = {
  sideMetres: 1,
  columns: new Int32Array(0),
  rows: new Int32Array(0),
  values: new Float64Array(0),
  leftOut: 0,
};

/** The cells of a layer, or why there are none or none newer. */
export interface LoadedCells {
  cells: Cells;
  /** The range of time that the cells cover, milliseconds since the epoch. */
  range: { fromMs: number; toMs: number };
  /** The first answer is still awaited. */
  isLoading: boolean;
  /** One sentence; '' when nothing is wrong. With cells, these are the last that were known. */
  problem: string;
}

export function cellKey(column: number, row: number): string {
  return `${column} ${row}`;
}

/** A − B for each cell that either has; a cell that one of them lacks counts as 0 there, or is left out. */
export function subtractCells(a: Cells, b: Cells, isMissingZero: boolean): Cells {
  const before = new Map(keysOf(b).map((key, i) => [key, b.values[i] ?? NaN]));
  const found: Array<[number, number, number]> = [];
  keysOf(a).forEach((key, i) => {
    const other = before.get(key);
    before.delete(key);
    if (other === undefined && !isMissingZero) return;
    found.push([a.columns[i] ?? 0, a.rows[i] ?? 0, (a.values[i] ?? NaN) - (other ?? 0)]);
  });
  if (isMissingZero) {
    for (const [key, value] of before) {
      const [column = 0, row = 0] = key.split(' ').map(Number);
      found.push([column, row, -value]);
    }
  }
  return {
    sideMetres: a.sideMetres,
    columns: Int32Array.from(found, ([column]) => column),
    rows: Int32Array.from(found, ([, row]) => row),
    values: Float64Array.from(found, ([, , value]) => value),
    leftOut: a.leftOut + b.leftOut,
  };
}

function keysOf({ columns, rows }: Cells): string[] {
  return Array.from(columns, (column, i) => cellKey(column, rows[i] ?? 0));
}
