/** One line of the output. CI reads it, so the field names do not change. */
export interface Measure {
  measure: string;
  value: number;
  required: string;
  ok: boolean;
  [detail: string]: unknown;
}

/** The 95th percentile: the smallest value that 95 % of the values do not exceed. */
export function p95(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? NaN;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
