/**
 * Limits how many batches per second are flushed for their age, of all partitions together. Up to this many that become due at once are
 * flushed at once, so few partitions never wait.
 *
 * Each insert costs ClickHouse about 50 CPU-milliseconds and one part of each table before its first row, and Kafka two commits. Without the
 * limit, their rate is that of the busy partitions.
 */
export class FlushPace {
  readonly #perSecond: number;
  #left: number;
  #atMs = -Infinity;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  /** Whether one more batch may be flushed now; if so, it counts. A clock that is set back delays none. */
  take(nowMs: number): boolean {
    const earned = (Math.max(0, nowMs - this.#atMs) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, this.#left + earned);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
