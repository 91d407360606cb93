interface Sample {
  atMs: number;
  /** Offset of the next message at that time. */
  endOffset: number;
}

/**
 * Estimates how long ago an offset was written, from samples of the end of the log over time.
 * So the lag of a consumer group is known in seconds without reading messages.
 */
export class LagClock {
  readonly #keep: number;
  #samples: Sample[] = [];

  /** @param keep number of samples kept; when full, every second one of the older half is dropped */
  constructor(keep = 512) {
    this.#keep = keep;
  }

  /** Samples may be given in any order of time; one that contradicts a later end (a topic created again) removes all earlier samples. */
  add(atMs: number, endOffset: number): void {
    const last = this.#samples.at(-1);
    if (last && atMs > last.atMs && endOffset < last.endOffset) this.#samples = [];
    const index = this.#samples.findLastIndex((sample) => sample.atMs <= atMs) + 1;
    this.#samples.splice(index, 0, { atMs, endOffset });
    if (this.#samples.length > this.#keep) {
      const half = this.#keep / 2;
      this.#samples = this.#samples.filter((_, i) => i >= half || i % 2 === 0);
    }
  }

  /**
   * Seconds since the message at `committed` (the next one the group will read) was written: 0 when the group is at the
   * end. Between two samples it interpolates linearly.
   */
  lagSeconds(committed: number, nowMs: number): number {
    const after = this.#samples.findIndex((sample) => sample.endOffset > committed);
    const later = this.#samples[after];
    if (!later) return 0;
    const earlier = this.#samples[after - 1];
    const writtenMs = earlier
      ? earlier.atMs +
        ((committed - earlier.endOffset) / (later.endOffset - earlier.endOffset)) * (later.atMs - earlier.atMs)
      : later.atMs;
    return Math.max(0, (nowMs - writtenMs) / 1000);
  }
}
