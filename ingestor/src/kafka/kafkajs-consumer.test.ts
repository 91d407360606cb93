import { EventEmitter } from 'node:events';
import type { ConsumerConfig, ConsumerRunConfig, EachBatchPayload, Kafka } from 'kafkajs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createKafkajsConsumer } from './kafkajs-consumer.ts';

/** Of kafkajs, what this test needs: consumers that emit what it tells them to. */
class FakeConsumer extends EventEmitter {
  disconnects = 0;
  readonly options: ConsumerConfig;
  #eachBatch: ConsumerRunConfig['eachBatch'];

  constructor(options: ConsumerConfig) {
    super();
    this.options = options;
  }

  connect = (): Promise<void> => Promise.resolve();
  subscribe = (): Promise<void> => Promise.resolve();
  run = ({ eachBatch }: ConsumerRunConfig): Promise<void> => {
    this.#eachBatch = eachBatch;
    return Promise.resolve();
  };
  pause = (): void => undefined;

  disconnect = (): Promise<void> => {
    this.disconnects++;
    return Promise.resolve();
  };

  /** Hands over a batch that is stale. */
  async handOver(): Promise<void> {
    await this.#eachBatch?.({ batch: { messages: [] }, isStale: () => true } as unknown as EachBatchPayload);
  }

  join(partitions: number[]): void {
    this.emit('consumer.group_join', { payload: { memberAssignment: { t: partitions } } });
  }
}

function rig() {
  const consumers: FakeConsumer[] = [];
  const kafka = {
    admin: () => ({ disconnect: () => Promise.resolve() }),
    consumer: (options: ConsumerConfig) => {
      const consumer = new FakeConsumer(options);
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

// Seen when Kafka was down for longer than the watchdog waits: the first member joined after its disconnect, and one of three
// partitions was read by nobody until the ingestor was restarted.
test('a replaced member that joins late ends at its first message, and its partitions are not ours', async () => {
  const { group, consumers, assigned, join } = rig();
  await join();
  await join();
  consumers[1]?.join([1, 3]);
  consumers[0]?.join([0, 2]);
  expect(assigned).toEqual([[1, 3]]);
  await expect(consumers[0]?.handOver()).rejects.toMatchObject({ retriable: false });
  await expect(consumers[1]?.handOver()).resolves.toBeUndefined();
  await group.stop();
});

test('kafkajs restarts no member by itself, because one that was replaced meanwhile would come back', async () => {
  const { group, consumers, join } = rig();
  await join();
  expect(await consumers[0]?.options.retry?.restartOnFailure?.(new Error('no broker'))).toBe(false);
  await group.stop();
});
