import { sqlText } from '@floorwatch/contract/sql-text';

/** One thing that the warehouse knows of each square metre of a floor, as `warehouse.v_floor_cells` has it. */
interface CellMeasure {
  /** SQL over the columns of the view. */
  value: string;
  /** A mean has no value where nothing was reported; a sum is 0 there. */
  isMean: boolean;
  /** Of its layer in the options of a panel; what people read is in `measureTexts`. */
  name: string;
  /** Grafana's id of a unit. */
  unit: string;
  /** Grafana's id of a continuous colour scheme. */
  scheme: string;
  /** Ends of the scale; without them it follows the cells. */
  min?: number;
  max?: number;
}

/** What the map offers as ready-made heatmaps, in the order of its menu. To add one, add its entry here, and its texts. */
const MEASURES = {
  dwell: {
    value: 'sum(dwell_seconds)',
    isMean: false,
    name: 'Dwell',
    unit: 's',
    scheme: 'continuous-YlBl',
  },
  congestion: {
    value: 'sum(congested_seconds)',
    isMean: false,
    name: 'Congestion',
    unit: 's',
    scheme: 'continuous-YlRd',
  },
  errors: {
    value: 'sum(errors)',
    isMean: false,
    name: 'Errors',
    unit: 'short',
    scheme: 'continuous-reds',
  },
  localisation: {
    value: 'sum(localization_score * score_reports) / sum(score_reports)',
    isMean: true,
    name: 'Localisation',
    unit: 'percentunit',
    scheme: 'continuous-YlBl',
    min: 0,
    max: 1,
  },
  deviation: {
    value: 'sum(deviation_metres * deviation_reports) / sum(deviation_reports)',
    isMean: true,
    name: 'Position deviation',
    unit: 'lengthm',
    scheme: 'continuous-purples',
  },
} satisfies Record<string, CellMeasure>;

/** As the panel's options keep it. */
export type CellMeasureId = keyof typeof MEASURES;
export const CELL_MEASURES: Record<CellMeasureId, CellMeasure> = MEASURES;
export const CELL_MEASURE_IDS = Object.keys(MEASURES) as CellMeasureId[];

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
export function floorCellsSql(measure: CellMeasureId, { mapId, fromMs, toMs }: CellRange): string {
  const where = mapId === null ? 'map_id IS NULL' : `map_id = ${sqlText(mapId)}`;
  return `SELECT x, y, ${CELL_MEASURES[measure].value} AS value
FROM (${cellRows({ fromMs, toMs })})
WHERE ${where}
GROUP BY x, y
HAVING value > 0
ORDER BY value DESC
LIMIT ${MAX_CELLS}`;
}

/** The cells of all floors over a range of time, in several rows each, with the columns of `v_floor_cells`. */
export function cellRows({ fromMs, toMs }: Omit<CellRange, 'mapId'>): string {
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
  return parts.join(' UNION ALL ');
}

function rowsBetween(view: string, fromMs: number, toMs: number): string {
  const time = (ms: number) => `toDateTime(${ms / 1_000}, 'UTC')`;
  return `SELECT * FROM warehouse.${view} WHERE time >= ${time(fromMs)} AND time < ${time(toMs)}`;
}
