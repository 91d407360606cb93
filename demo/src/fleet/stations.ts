import { neighbours, type Floor } from './floor.ts';

/** Cells where robots stop. Both lists hold at least one cell. */
export interface Stations {
  /** Where loads are picked and dropped: free cells beside a shelf or a wall. */
  work: readonly number[];
  /** Charging places: a row of cells on the left of the plan. */
  chargers: readonly number[];
}

/** At most this many chargers on a floor: the demo's robots queue in the same place rather than line every wall. */
const MAX_CHARGERS = 24;

/** Finds the stations that a plan without marked ones lends itself to. */
export function findStations(floor: Floor): Stations {
  const work = floor.cells.filter((cell) => {
    const beside = neighbours(cell, floor.columns, floor.rows);
    return beside.length < 4 || beside.some((next) => !floor.isFree(next));
  });
  const byColumn = floor.cells.toSorted((a, b) => (a % floor.columns) - (b % floor.columns) || a - b);
  // Every second cell, so that robots on neighbouring chargers stay apart on the screen.
  const chargers = byColumn.filter((_, index) => index % 2 === 0).slice(0, MAX_CHARGERS);
  return { work: work.length > 0 ? work : floor.cells, chargers };
}
