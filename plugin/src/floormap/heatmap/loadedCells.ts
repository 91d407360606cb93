import type { Cells } from './cells';

/** The cells of a layer, or why there are none or none newer. */
export interface LoadedCells {
  cells: Cells;
  /** The range of time that the cells tell of, milliseconds since the epoch. */
  range: { fromMs: number; toMs: number };
  /** The first answer is still awaited. */
  isLoading: boolean;
  /** One sentence; '' when nothing is wrong. With cells, these are the last that were known. */
  problem: string;
}
