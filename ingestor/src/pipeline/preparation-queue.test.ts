import { expect, test, vi } from 'vitest';
import type { ConsumedMessage } from '../kafka/group-consumer.ts';
import { PreparationQueue } from './preparation-queue.ts';

const batch = (text: string): ConsumedMessage[] => [
  { offset: '0', timestamp: '0', arrivedAtMs: 0, key: null, value: Buffer.from(text) },
];

function queueWith(isReady: (value: string) => boolean, prepare: () => Promise<void>) {
  const passed: string[] = [];
  const failures: string[] = [];
  const ending = new AbortController();
  const queue = new PreparationQueue(
    { isReady: ([value]) => isReady(String(value)), prepare },
    {
      signal: ending.signal,
      onReady: ([message]) => passed.push(String(message?.value)),
      onFailure: ({ message }) => failures.push(message),
    }
  );
  return {
    queue,
    passed,
    failures,
    end: () => {
      ending.abort();
    },
  };
}

test('passes messages on immediately when nothing is missing', () => {
  const { queue, passed } = queueWith(
    () => true,
    () => Promise.reject(new Error('not asked for'))
  );
  queue.add(batch('a'));
  expect(passed).toEqual(['a']);
  expect(queue.isWaiting).toBe(false);
});

test('keeps the order while the other service is unavailable, and continues when it is back', async () => {
  let away = true;
  const prepare = () => (away ? Promise.reject(new Error('away')) : Promise.resolve());
  const { queue, passed, failures } = queueWith((value) => value !== 'first', prepare);
  queue.add(batch('first'));
  queue.add(batch('second'));
  await vi.waitUntil(() => failures.length > 1);
  expect(passed).toEqual([]);
  away = false;
  await vi.waitUntil(() => passed.length === 2);
  expect(passed).toEqual(['first', 'second']);
  expect(queue.isWaiting).toBe(false);
});

test('passes nothing on after the partition is lost', async () => {
  const { queue, passed, failures, end } = queueWith(
    () => false,
    () => Promise.reject(new Error('away'))
  );
  queue.add(batch('a'));
  await vi.waitUntil(() => failures.length > 0);
  end();
  await vi.waitUntil(() => queue.isWaiting);
  expect(passed).toEqual([]);
});
