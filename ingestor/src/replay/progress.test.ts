import { expect, test } from 'vitest';
import { durationText, progressText } from './progress.ts';

test('shows progress, rate and remaining time', () => {
  const state = { done: 250_000, total: 1_000_000, unit: 'messages', rows: 1_000, elapsedSeconds: 10 };
  expect(progressText(state)).toBe(
    '25.0 %: 250,000 of 1,000,000 messages, 1,000 rows added, 25,000 messages/s, 30 s left'
  );
  expect(progressText({ ...state, done: 0 })).toContain('waiting for the first');
  expect(progressText({ ...state, done: 0, total: 0 })).toMatch(/^100\.0 %/);
});

test('durations are shown in the largest units', () => {
  expect([0.2, 61, 7_300].map(durationText)).toEqual(['1 s', '1 min 1 s', '2 h 1 min']);
});
