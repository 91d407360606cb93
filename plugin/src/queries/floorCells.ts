/** What the ready-made layers show, in the words of `warehouse.v_floor_cells`. */
export const CELL_MEASURES = {
  dwell: 'sum(dwell_seconds)',
  congestion: 'sum(congested_seconds)',
  errors: 'sum(errors)',
  localisation: 'sum(localization_score * score_reports) / sum(score_reports)',
  deviation: 'sum(deviation_metres * deviation_reports) / sum(deviation_reports)',
} as const;
export type CellMeasure = keyof typeof CELL_MEASURES;

const FIVE_MINUTES_MS = 300_000;
const HOUR_MS = 3_600_000;
/** More cells than any screen shows; a query must not fill the browser. */
const MAX_CELLS = 100_000;

export interface CellRange {
  mapId: string | null;
  /** Milliseconds since the epoch. */
  fromMs: number;
  toMs: number;
}

/**
 * One floor's 1 m cells over a range of time, which begins with the five minutes that `fromMs` lies in. Whole hours are
 * read as such, and only what is left at the ends by five minutes: a day of 6,000 cells then costs a twelfth.
 */
export function floorCellsSql(measure: CellMeasure, { mapId, fromMs, toMs }: CellRange): string {
  const from = Math.floor(fromMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
  const to = Math.ceil(toMs / 1_000) * 1_000;
  const firstHour = Math.ceil(from / HOUR_MS) * HOUR_MS;
  const endOfHours = Math.floor(to / HOUR_MS) * HOUR_MS;
  const parts =
    firstHour < endOfHours
      ? [
          rowsBetween('v_floor_cell_hours', firstHour, endOfHours),
          ...(from < firstHour ? [rowsBetween('v_floor_cells', from, firstHour)] : []),
          ...(endOfHours < to ? [rowsBetween('v_floor_cells', endOfHours, to)] : []),
        ]
      : [rowsBetween('v_floor_cells', from, to)];
  const where = mapId === null ? 'map_id IS NULL' : `map_id = '${mapId.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  return `SELECT x, y, ${CELL_MEASURES[measure]} AS value
FROM (${parts.join(' UNION ALL ')})
WHERE ${where}
GROUP BY x, y
HAVING value > 0
ORDER BY value DESC
LIMIT ${MAX_CELLS}`;
}

function rowsBetween(view: string, fromMs: number, toMs: number): string {
  const time = (ms: number) => `toDateTime(${ms / 1_000}, 'UTC')`;
  return `SELECT * FROM warehouse.${view} WHERE time >= ${time(fromMs)} AND time < ${time(toMs)}`;
}
