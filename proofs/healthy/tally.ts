import type { Verdict, ViewCheck } from './compare/reading.ts';

/** What `healthy` prints about each view. Its field names are an interface: CI reads them. */
export interface HealthyRow {
  view: string;
  /** Readings of the view that were held against the reference. */
  checks: number;
  mismatches: number;
  /** Longest time from sending an event (or closing a minute) until the view showed it. */
  max_delay_seconds: number;
}

export const LEAST_CHECKS = 5;
const MOST_EXAMPLES = 3;

/** Counts per view. */
export class Tally {
  readonly #rows: Map<string, HealthyRow>;
  readonly #say: (line: string) => void;

  constructor(checks: readonly ViewCheck[], say: (line: string) => void) {
    this.#rows = new Map(
      checks.map(({ view }) => [view, { view, checks: 0, mismatches: 0, max_delay_seconds: 0 }] as const)
    );
    this.#say = say;
  }

  add(view: string, verdict: Verdict): void {
    const row = this.#rows.get(view);
    if (!row) throw new Error(`no such view: ${view}`);
    if (verdict.compared > 0 || verdict.mismatches.length > 0) row.checks += 1;
    row.mismatches += verdict.mismatches.length;
    const delaySeconds = Math.round(verdict.delayMs / 100) / 10;
    row.max_delay_seconds = Math.max(row.max_delay_seconds, delaySeconds);
    for (const text of verdict.mismatches.slice(0, MOST_EXAMPLES)) this.#say(`MISMATCH ${view}: ${text.slice(0, 800)}`);
    if (verdict.mismatches.length > MOST_EXAMPLES) this.#say(`… ${verdict.mismatches.length - MOST_EXAMPLES} more`);
  }

  rows(): HealthyRow[] {
    return [...this.#rows.values()];
  }
}

export function isHealthy(rows: readonly HealthyRow[]): boolean {
  return rows.length > 0 && rows.every(({ checks, mismatches }) => checks >= LEAST_CHECKS && mismatches === 0);
}
