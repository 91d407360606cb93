import { differences, type Expected } from './differences.ts';
import type { Reading, Row, Verdict } from './reading.ts';

/** A row that no longer changes unless more about it is sent. */
export interface SettledRow {
  values: Expected;
  /** When the last event that it depends on was sent. */
  sinceMs: number;
}

/** Compares rows that each settle: a closed minute, a task run, an event. Until `allowedMs` a row may still be missing or old. */
export class SettledRows {
  readonly #allowedMs: number;
  /** By key, the `sinceMs` for which the row was seen right. */
  readonly #right = new Map<string, number>();

  constructor(allowedMs: number) {
    this.#allowedMs = allowedMs;
  }

  compare(
    expected: ReadonlyMap<string, SettledRow>,
    rows: readonly Row[],
    keyOf: (row: Row) => string,
    reading: Reading
  ): Verdict {
    const verdict: Verdict = { compared: 0, mismatches: [], delayMs: 0 };
    const found = new Map(rows.map((row) => [keyOf(row), row]));
    if (found.size !== rows.length) verdict.mismatches.push(`${rows.length - found.size} rows are there twice`);
    for (const [key, { values, sinceMs }] of expected) {
      const row = found.get(key);
      const wrong = row ? differences(values, row) : ['is missing'];
      const isDue = reading.isAtRest || reading.askedMs - sinceMs > this.#allowedMs || this.#right.get(key) === sinceMs;
      if (wrong.length === 0) {
        verdict.compared += 1;
        if (this.#right.get(key) !== sinceMs) {
          this.#right.set(key, sinceMs);
          verdict.delayMs = Math.max(verdict.delayMs, reading.answeredMs - sinceMs);
        }
      } else if (isDue) {
        verdict.compared += 1;
        verdict.mismatches.push(`${key}: ${wrong.join('; ')}`);
      }
    }
    for (const key of found.keys()) if (!expected.has(key)) verdict.mismatches.push(`${key}: should not exist`);
    return verdict;
  }
}
