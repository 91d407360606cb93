import { expect, test } from 'vitest';
import type { ViewCheck } from './compare/reading.ts';
import { isHealthy, Tally } from './tally.ts';

const check = { view: 'v_a', query: '', allowedMs: 0, compare: () => right } satisfies ViewCheck;
const right = { compared: 3, mismatches: [], delayMs: 1_240 };

function rowAfter(verdicts: (typeof right | { compared: number; mismatches: string[]; delayMs: number })[]) {
  const tally = new Tally([check], () => undefined);
  for (const verdict of verdicts) tally.add('v_a', verdict);
  return tally.rows();
}

test('a view is healthy after five readings without a mismatch', () => {
  const rows = rowAfter([right, right, right, right, right]);
  expect(rows).toEqual([{ view: 'v_a', checks: 5, mismatches: 0, max_delay_seconds: 1.2 }]);
  expect(isHealthy(rows)).toBe(true);
});

test('too few readings, readings of nothing, a mismatch or no view at all fail', () => {
  expect(isHealthy(rowAfter([right, right, right, right]))).toBe(false);
  expect(isHealthy(rowAfter([right, right, right, right, { ...right, compared: 0 }]))).toBe(false);
  const wrong = { compared: 1, mismatches: ['a: is missing', 'b: is missing'], delayMs: 0 };
  const rows = rowAfter([right, right, right, right, right, wrong]);
  expect(rows[0]).toMatchObject({ checks: 6, mismatches: 2 });
  expect(isHealthy(rows)).toBe(false);
  expect(isHealthy([])).toBe(false);
});
