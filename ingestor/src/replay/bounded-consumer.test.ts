import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Assignment, GroupConsumer, GroupHandlers } from '../kafka/group-consumer.ts';
import { BoundedConsumer } from './bounded-consumer.ts';

const of = { topic: 't', partition: 0 };
const under: Assignment = { partitions: [of], lost: new AbortController().signal };
const messages = (...offsets: number[]) =>
  offsets.map((offset) => ({ offset: String(offset), timestamp: '0', arrivedAtMs: 0, key: null, value: null }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A consumer of offsets 10 to 19 of one partition, with a simulated broker. */
async function rig() {
  const joined: GroupHandlers[] = [];
  const calls: string[] = [];
  const inner: GroupConsumer = {
    connect: () => Promise.resolve(),
    clusterId: () => Promise.resolve('c'),
    join: (given) => {
      joined.push(given);
      return Promise.resolve();
    },
    committed: () => Promise.resolve({ offset: null, metadata: '' }),
    watermarks: () => Promise.resolve({ low: 0, high: 0 }),
    commit: () => Promise.resolve(),
    seek: (_to, offset) => Promise.resolve(void calls.push(`seek ${offset}`)),
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    stop: () => Promise.resolve(),
  };
  const consumer = new BoundedConsumer(inner, [{ partition: 0, from: 10, to: 20 }]);
  const handedOver: string[] = [];
  const assigned: number[] = [];
  await consumer.join({
    onAssigned: ({ partitions }) => assigned.push(partitions.length),
    onMessages: (_from, given) => handedOver.push(...given.map(({ offset }) => offset)),
  });
  const [handlers] = joined;
  if (!handlers) throw new Error('not joined');
  return { consumer, handlers, calls, handedOver, assigned };
}

async function isFinished(consumer: BoundedConsumer): Promise<boolean> {
  let finished = false;
  void consumer.finished.then(() => (finished = true));
  await vi.advanceTimersByTimeAsync(0);
  return finished;
}

test('starts at its range, passes on nothing after it, and is complete when all of it is committed', async () => {
  const { consumer, handlers, calls, handedOver } = await rig();
  expect(await consumer.committed(of)).toMatchObject({ offset: 10 });
  await consumer.seek(of, 3);
  consumer.resume(of);
  handlers.onMessages(of, messages(10, 15, 18, 25));
  consumer.resume(of);
  expect(handedOver).toEqual(['10', '15', '18']);
  expect(calls).toEqual(['seek 10', 'resume', 'pause']);
  await consumer.commit(under, of, 15, '');
  expect(consumer.remaining).toEqual([{ partition: 0, from: 15, to: 20 }]);
  expect(await isFinished(consumer)).toBe(false);
  await consumer.commit(under, of, 19, '');
  expect(await isFinished(consumer)).toBe(true);
  expect(consumer.remaining).toEqual([]);
});

test('markers at the end of the log end the range, unless messages follow', async () => {
  const { consumer, handlers, handedOver } = await rig();
  await consumer.seek(of, 10);
  consumer.resume(of);
  handlers.onSkipped?.(of, 20); // From a fetch before the seek.
  handlers.onMessages(of, messages(10));
  await vi.advanceTimersByTimeAsync(10_000);
  await consumer.commit(under, of, 11, '');
  expect(await isFinished(consumer)).toBe(false);
  handlers.onMessages(of, messages(12));
  handlers.onSkipped?.(of, 20);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await isFinished(consumer)).toBe(false);
  await consumer.commit(under, of, 13, '');
  expect(await isFinished(consumer)).toBe(true);
  expect(handedOver).toEqual(['10', '12']);
});

test('after a rebalance only incomplete partitions are read again', async () => {
  const { consumer, handlers, assigned } = await rig();
  handlers.onAssigned(under);
  handlers.onMessages(of, messages(19));
  await consumer.commit(under, of, 20, '');
  handlers.onAssigned(under);
  expect(assigned).toEqual([1, 0]);
});

test('markers from before a seek do not end the range while messages still follow', async () => {
  const { consumer, handlers } = await rig();
  await consumer.seek(of, 10);
  consumer.resume(of);
  handlers.onMessages(of, messages(10, 15));
  handlers.onSkipped?.(of, 20);
  consumer.pause(of); // The pipeline restarts the partition, without a commit.
  await consumer.seek(of, 10);
  consumer.resume(of);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await isFinished(consumer)).toBe(false);
  expect(consumer.remaining).toEqual([{ partition: 0, from: 10, to: 20 }]);
});
