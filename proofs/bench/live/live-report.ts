/** The goal of the fleet page's map with 1,000 robots and ten viewers. */
const GOAL = { p50Ms: 1_500, p95Ms: 2_500 };

/** What was measured of one way to show new positions. CI reads it, so the field names do not change. */
export interface Measured {
  way: string;
  /** Whether this is how the fleet page works. */
  chosen: boolean;
  robots: number;
  viewers: number;
  /** Positions whose way from Kafka to a pixel was measured. */
  samples: number;
  p50_ms: number;
  p95_ms: number;
  /** Of all that a page asks, not only of its map. */
  clickhouse_cpu_s_per_viewer_minute: number;
  failed_requests: number;
  machine_load: number;
}

export interface LiveRow extends Measured {
  /** The chosen way: reaches the goal, at no more CPU than without it. Another way: was measured without failures. */
  ok: boolean;
}

/** @param today the way that the chosen one must not cost more than */
export function rowOf(measured: Measured, today: Measured | undefined): LiveRow {
  const isQuick = measured.p50_ms <= GOAL.p50Ms && measured.p95_ms <= GOAL.p95Ms;
  const isCheap =
    measured.clickhouse_cpu_s_per_viewer_minute <= (today?.clickhouse_cpu_s_per_viewer_minute ?? Infinity);
  const isClean = measured.failed_requests === 0 && measured.samples > 0;
  return { ...measured, ok: isClean && (!measured.chosen || (isQuick && isCheap)) };
}

/** By nearest rank, in whole milliseconds. */
export function percentile(latenciesMs: readonly number[], share: number): number {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN);
}
