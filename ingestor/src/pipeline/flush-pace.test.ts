import { expect, test } from 'vitest';
import { FlushPace } from './flush-pace.ts';

/** How many of `due` batches are flushed at each of the times. */
function flushed(pace: FlushPace, timesMs: readonly number[], due: number): number[] {
  return timesMs.map((nowMs) => Array.from({ length: due }, () => pace.take(nowMs)).filter(Boolean).length);
}

test('as many batches as the limit are flushed at once, and each second', () => {
  expect(flushed(new FlushPace(6), [0, 1_000, 2_000], 6)).toEqual([6, 6, 6]);
});

test('more batches than the limit are flushed at its rate, however often it is asked', () => {
  const everyTick = Array.from({ length: 201 }, (_, i) => 5_000 + i * 50);
  const counts = flushed(new FlushPace(20), everyTick, 200);
  expect(counts.slice(0, 4)).toEqual([20, 1, 1, 1]);
  // Ten seconds.
  expect(counts.slice(1).reduce((sum, count) => sum + count)).toBe(200);
});

test('a pause saves at most one second of the limit', () => {
  const pace = new FlushPace(20);
  expect(flushed(pace, [0, 3_600_000], 100)).toEqual([20, 20]);
});

test('a clock that is set back by an hour delays no batch for an hour', () => {
  const pace = new FlushPace(10);
  expect(flushed(pace, [3_600_000, 0, 500, 1_000], 100)).toEqual([10, 0, 5, 5]);
});
