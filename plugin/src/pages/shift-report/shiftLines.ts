export type ReportRow = Readonly<Record<string, unknown>>;

/** The columns of the queries that the report shows. */
export type LineId =
  | 'robots'
  | 'tasks_completed'
  | 'tasks_failed'
  | 'mean_seconds'
  | 'p95_seconds'
  | 'utilisation'
  | 'seconds_working'
  | 'seconds_blocked'
  | 'seconds_error'
  | 'stops'
  | 'errors'
  | 'distance_metres'
  | 'events';

/** One figure of a shift beside the same figure of the four shifts before. */
export interface ShiftLine {
  id: LineId;
  /** Grafana's id of a unit. */
  unit: string;
  decimals: number;
  /** Null where the shift has none. */
  value: number | null;
  /** The newest first. */
  before: Array<number | null>;
  /** Of those before that are known. */
  mean: number | null;
  /** Percent; null without a mean. */
  change: number | null;
}

const FIGURES: ReadonlyArray<readonly [id: LineId, unit: string, decimals: number]> = [
  ['robots', 'none', 0],
  ['tasks_completed', 'none', 0],
  ['tasks_failed', 'none', 0],
  ['mean_seconds', 's', 1],
  ['p95_seconds', 's', 1],
  ['utilisation', 'percent', 0],
  ['seconds_working', 'dthms', 0],
  ['seconds_blocked', 'dthms', 0],
  ['seconds_error', 'dthms', 0],
  ['stops', 'none', 0],
  ['errors', 'none', 0],
  ['distance_metres', 'lengthm', 0],
  ['events', 'none', 0],
];

/** Shift 0 is the chosen one, 1 to 4 are those before. */
export function shiftLines(figures: readonly ReportRow[], tasks: readonly ReportRow[]): ShiftLine[] {
  const valueOf = (column: string, shift: number): number | null => {
    const row = [...figures, ...tasks].find((one) => Number(one['shift']) === shift && column in one);
    const value = row?.[column];
    return value === null || value === undefined ? null : Number(value);
  };
  return FIGURES.map(([id, unit, decimals]) => {
    const value = valueOf(id, 0);
    const before = [1, 2, 3, 4].map((shift) => valueOf(id, shift));
    const known = before.filter((one) => one !== null);
    const mean = known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
    const change = value === null || mean === null || mean === 0 ? null : (100 * (value - mean)) / mean;
    return { id, unit, decimals, value, before, mean, change };
  });
}
