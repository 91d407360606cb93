import { expect, test } from 'vitest';
import { percentile, rowOf, type Measured } from './live-report.ts';

const measured = (over: Partial<Measured>): Measured => ({
  ...{ way: 'live', chosen: true, robots: 1_000, viewers: 10, samples: 100, p50_ms: 1_500, p95_ms: 2_500 },
  ...{ clickhouse_cpu_s_per_viewer_minute: 3, failed_requests: 0, machine_load: 1, ...over },
});
const today = measured({ chosen: false, p50_ms: 3_800, p95_ms: 7_500 });

test('the chosen way must reach the goal, cost no more than today, and not fail', () => {
  expect(rowOf(measured({}), today).ok).toBe(true);
  expect(rowOf(measured({ p50_ms: 1_501 }), today).ok).toBe(false);
  expect(rowOf(measured({ p95_ms: 2_501 }), today).ok).toBe(false);
  expect(rowOf(measured({ clickhouse_cpu_s_per_viewer_minute: 3.01 }), today).ok).toBe(false);
  expect(rowOf(measured({ failed_requests: 1 }), today).ok).toBe(false);
  expect(rowOf(measured({ samples: 0, p50_ms: NaN, p95_ms: NaN }), today).ok).toBe(false);
  expect(rowOf(today, today).ok).toBe(true);
});

test('percentiles are by nearest rank', () => {
  const latencies = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect([percentile(latencies, 0.5), percentile(latencies, 0.95), percentile([7], 0.95)]).toEqual([50, 95, 7]);
  expect(percentile([], 0.5)).toBeNaN();
});
