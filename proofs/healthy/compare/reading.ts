export type Row = Record<string, unknown>;

/** When a view was read. */
export interface Reading {
  askedMs: number;
  answeredMs: number;
  /** Nothing is being sent, and what was sent has had time to be stored: every answer must include everything. */
  isAtRest: boolean;
}

/** What one reading of a view shows. */
export interface Verdict {
  /** Answers that were held against the reference. 0: nothing was due yet. */
  compared: number;
  /** In words: what is wrong. */
  mismatches: string[];
  /** The longest that something sent took until the view showed it right, as far as this reading can tell. */
  delayMs: number;
}

export interface ViewCheck {
  view: string;
  query: string;
  /** Right answers may be this far behind what was sent. */
  allowedMs: number;
  compare(rows: readonly Row[], reading: Reading): Verdict;
}
