import { expect, test } from 'vitest';
import { LatencyLog } from './latency-log.ts';

test('the latency of a message is that of the first query that returns it', () => {
  const log = new LatencyLog();
  log.sent({ partition: 0, firstOffset: 0, count: 98, sentMs: 1_000 });
  log.sent({ partition: 0, firstOffset: 98, count: 1, sentMs: 1_100 });
  log.sent({ partition: 1, firstOffset: 0, count: 1, sentMs: 1_000 });
  log.visible(0, 49, 1_200);
  log.visible(0, 98, 1_500);
  expect(log.isComplete).toBe(false);
  log.visible(1, 0, 3_000);
  expect(log.isComplete).toBe(true);
  expect(log.summary()).toEqual({ events: 100, p50_ms: 200, p99_ms: 500, max_ms: 2_000 });
});
