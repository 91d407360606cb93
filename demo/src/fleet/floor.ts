import { InputError } from '@floorwatch/servers/errors';

/** A floor as a grid of free cells, each with a position in the map frame. */
export interface Floor {
  mapId: string;
  columns: number;
  rows: number;
  /** Free cells (row × columns + column, row 0 at the top of the plan), each reachable from all others. */
  cells: readonly number[];
  isFree(cell: number): boolean;
  /** Centre of a cell: metres, map frame, y up. */
  positionOf(cell: number): Position;
}

export interface Position {
  xMetres: number;
  yMetres: number;
}

/**
 * Keeps the largest connected area of the free cells, so that a route exists between any two of them.
 * @param free one flag per cell, row by row from the top
 * @throws InputError when no cell is free
 */
export function createFloor(
  plan: Pick<Floor, 'mapId' | 'columns' | 'rows' | 'positionOf'>,
  free: readonly boolean[]
): Floor {
  const cells = largestArea(free, plan.columns);
  if (cells.length === 0)
    throw new InputError(`The plan of map ${plan.mapId} has no free cell, so no robot can drive on it.`);
  const reachable = new Set(cells);
  return { ...plan, cells, isFree: (cell) => reachable.has(cell) };
}

/** The cells left, right, above and below this one, free or not, inside the grid. */
export function neighbours(cell: number, columns: number, rows: number): number[] {
  const column = cell % columns;
  const beside: number[] = [];
  if (column > 0) beside.push(cell - 1);
  if (column < columns - 1) beside.push(cell + 1);
  if (cell >= columns) beside.push(cell - columns);
  if (cell < columns * (rows - 1)) beside.push(cell + columns);
  return beside;
}

function largestArea(free: readonly boolean[], columns: number): number[] {
  const rows = free.length / columns;
  const seen = new Set<number>();
  let largest: number[] = [];
  for (let start = 0; start < free.length; start++) {
    if (!free[start] || seen.has(start)) continue;
    const area = [start];
    seen.add(start);
    // `area` grows during the loop: it is both queue and result.
    for (const cell of area) {
      for (const next of neighbours(cell, columns, rows)) {
        if (!free[next] || seen.has(next)) continue;
        seen.add(next);
        area.push(next);
      }
    }
    if (area.length > largest.length) largest = area;
  }
  return largest.sort((a, b) => a - b);
}
