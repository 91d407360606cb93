import { neighbours, type Floor } from './floor.ts';

/** Cells where robots stop. Both lists have at least one cell. */
export interface Stations {
  /** Cells to pick and drop loads: free cells beside a shelf or a wall. */
  work: readonly number[];
  /** Cells with chargers: a row of cells on the left of the plan. */
  chargers: readonly number[];
}

/** Limit of chargers per floor, so that they do not cover every wall. */
const MAX_CHARGERS = 24;

/** Selects stations on a plan that marks none. */
export function findStations(floor: Floor): Stations {
  const work = floor.cells.filter((cell) => {
    const beside = neighbours(cell, floor.columns, floor.rows);
    return beside.length < 4 || beside.some((next) => !floor.isFree(next));
  });
  const byColumn = floor.cells.toSorted((a, b) => (a % floor.columns) - (b % floor.columns) || a - b);
  // Every second cell, so that robots on neighbouring chargers do not overlap on the screen.
  const chargers = byColumn.filter((_, index) => index % 2 === 0).slice(0, MAX_CHARGERS);
  return { work: work.length > 0 ? work : floor.cells, chargers };
}
