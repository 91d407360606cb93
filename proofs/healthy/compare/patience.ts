import type { Reading } from './reading.ts';

/**
 * A refresh reads what was touched and what is new at two moments, and its tables at two more: until the next refresh, an
 * answer may be between two right ones. A wrong view stays wrong.
 */
export class Patience {
  readonly #graceMs: number;
  readonly #wrongSince = new Map<string, number>();

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** @returns true when the answer has been wrong for too long */
  isOver(key: string, isWrong: boolean, { askedMs, isAtRest }: Reading): boolean {
    if (!isWrong) {
      this.#wrongSince.delete(key);
      return false;
    }
    const sinceMs = this.#wrongSince.get(key) ?? askedMs;
    this.#wrongSince.set(key, sinceMs);
    return isAtRest || askedMs - sinceMs > this.#graceMs;
  }
}
