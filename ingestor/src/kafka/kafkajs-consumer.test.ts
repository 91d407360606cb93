import { EventEmitter } from 'node:events';
import type { Kafka } from 'kafkajs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createKafkajsConsumer } from './kafkajs-consumer.ts';

/** Of kafkajs, what this test needs: consumers that emit what it tells them to. */
class FakeConsumer extends EventEmitter {
  disconnects = 0;

  connect = (): Promise<void> => Promise.resolve();
  subscribe = (): Promise<void> => Promise.resolve();
  run = (): Promise<void> => Promise.resolve();
  pause = (): void => undefined;

  disconnect = (): Promise<void> => {
    this.disconnects++;
    return Promise.resolve();
  };

  join(partitions: number[]): void {
    this.emit('consumer.group_join', { payload: { memberAssignment: { t: partitions } } });
  }
}

function rig() {
  const consumers: FakeConsumer[] = [];
  const kafka = {
    admin: () => ({ disconnect: () => Promise.resolve() }),
    consumer: () => {
      const consumer = new FakeConsumer();
      consumers.push(consumer);
      return consumer;
    },
  } as unknown as Kafka;
  const log = pino({ level: 'silent' });
  const group = createKafkajsConsumer(kafka, { topics: ['t'], groupId: 'g', sessionTimeoutMs: 6_000, log });
  const assigned: number[][] = [];
  const join = (): Promise<void> =>
    group.join({
      onAssigned: ({ partitions }) => assigned.push(partitions.map(({ partition }) => partition)),
      onMessages: () => undefined,
    });
  return { group, consumers, assigned, join };
}

test('a process that joins again leaves with its first member, so that no partition waits for a member that nobody reads', async () => {
  const { group, consumers, join } = rig();
  await join();
  await join();
  expect(consumers.map(({ disconnects }) => disconnects)).toEqual([1, 0]);
  await group.stop();
});

test('a replaced member that kafkajs restarts leaves again, and its partitions are not ours', async () => {
  const { group, consumers, assigned, join } = rig();
  await join();
  await join();
  consumers[1]?.join([1, 3]);
  consumers[0]?.join([0, 2]);
  expect(consumers.map(({ disconnects }) => disconnects)).toEqual([2, 0]);
  expect(assigned).toEqual([[1, 3]]);
  await group.stop();
});
