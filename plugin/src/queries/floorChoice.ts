import { CELL_MEASURES, type CellMeasureId } from './floorCells';
import type { MinuteRange } from './rangeRunner';

/** What the map of the page shows: a measure of the roll-up, or where robots fall silent. */
export type FloorMeasure = CellMeasureId | 'silence';

export interface FloorChoice {
  measure: FloorMeasure;
  /** '' for all floors. */
  map: string;
  /** The range to compare with: a span earlier (`1d`), `own` for one of its own, '' for none. */
  compare: string;
  ownFromMs: number;
  ownToMs: number;
}

/** How much earlier, in milliseconds. */
export const COMPARE_SPANS: Readonly<Record<string, number>> = {
  '1d': 86_400_000,
  '7d': 604_800_000,
  '28d': 2_419_200_000,
};

/** Never fails: what the address should not hold is taken for the default. */
export function readFloorChoice(parameters: URLSearchParams): FloorChoice {
  const measure = parameters.get('measure') ?? '';
  const compare = parameters.get('compare') ?? '';
  const ms = (name: string) => Math.max(0, Math.min(4e12, Math.floor(Number(parameters.get(name) ?? 0)) || 0));
  return {
    measure: measure === 'silence' || Object.hasOwn(CELL_MEASURES, measure) ? (measure as FloorMeasure) : 'congestion',
    map: parameters.get('map') ?? '',
    compare: compare === 'own' || Object.hasOwn(COMPARE_SPANS, compare) ? compare : '',
    ownFromMs: ms('compareFrom'),
    ownToMs: ms('compareTo'),
  };
}

/** The range that the page compares with; null for none. */
export function rangeBefore({ fromMs, toMs }: MinuteRange, choice: FloorChoice): MinuteRange | null {
  if (choice.compare === 'own') {
    return choice.ownToMs > choice.ownFromMs ? { fromMs: choice.ownFromMs, toMs: choice.ownToMs } : null;
  }
  const spanMs = COMPARE_SPANS[choice.compare];
  return spanMs === undefined ? null : { fromMs: fromMs - spanMs, toMs: toMs - spanMs };
}
