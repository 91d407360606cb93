/** Messages of one partition that were sent in one request. */
export interface SentSegment {
  partition: number;
  firstOffset: number;
  count: number;
  sentMs: number;
}

export interface LatencySummary {
  events: number;
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
}

/** Records the time from sending each message until a query first returned it. A path stores a partition in offset order. */
export class LatencyLog {
  /** Latency in milliseconds and the number of messages that had it. */
  readonly #seen: { latencyMs: number; count: number }[] = [];
  readonly #waiting = new Map<number, SentSegment[]>();

  sent(segment: SentSegment): void {
    const waiting = this.#waiting.get(segment.partition);
    if (waiting) waiting.push(segment);
    else this.#waiting.set(segment.partition, [segment]);
  }

  /** At `atMs` a query returned the partition up to and including `offset`. */
  visible(partition: number, offset: number, atMs: number): void {
    const waiting = this.#waiting.get(partition) ?? [];
    for (let first = waiting[0]; first && first.firstOffset <= offset; first = waiting[0]) {
      const count = Math.min(first.count, offset - first.firstOffset + 1);
      this.#seen.push({ latencyMs: atMs - first.sentMs, count });
      if (count === first.count) waiting.shift();
      else waiting[0] = { ...first, firstOffset: first.firstOffset + count, count: first.count - count };
    }
  }

  get isComplete(): boolean {
    return [...this.#waiting.values()].every((waiting) => waiting.length === 0);
  }

  summary(): LatencySummary {
    const sorted = this.#seen.toSorted((a, b) => a.latencyMs - b.latencyMs);
    const events = sorted.reduce((sum, { count }) => sum + count, 0);
    const percentile = (share: number): number => {
      let rank = Math.ceil(share * events);
      for (const { latencyMs, count } of sorted) if ((rank -= count) <= 0) return Math.round(latencyMs);
      return 0;
    };
    return { events, p50_ms: percentile(0.5), p99_ms: percentile(0.99), max_ms: percentile(1) };
  }
}
