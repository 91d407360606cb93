import { createClient } from '@clickhouse/client';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import type { GroupConsumer } from '../kafka/group-consumer.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { PartitionIngest } from './partition-ingest.ts';
import { BatchSink } from './batch-sink.ts';
import { ReadingTurns } from './reading-turns.ts';

const of = { topic: 't', partition: 0 };
const lost = new AbortController();
const messages = (...offsets: number[]) =>
  offsets.map((offset) => ({ offset: String(offset), timestamp: '0', arrivedAtMs: 0, key: null, value: null }));

afterEach(() => {
  lost.abort();
});

test('a log that was made again is read anew also where decoding needs preparation', async () => {
  const seeks: (number | string)[] = [];
  const resume = vi.fn();
  const consumer: GroupConsumer = {
    connect: () => Promise.resolve(),
    clusterId: () => Promise.resolve('c'),
    join: () => Promise.resolve(),
    committed: () => Promise.resolve({ offset: 5, metadata: '' }),
    commit: () => Promise.resolve(),
    seek: (_to, offset) => Promise.resolve(void seeks.push(offset)),
    pause: () => undefined,
    resume,
    stop: () => Promise.resolve(),
  };
  const metrics = createMetrics();
  const log = pino({ level: 'silent' });
  const limits = { maxRows: 100, maxBytes: 1e6, maxMs: 1_000, bufferMaxBytes: 1e6, pauseAboveBytes: 1e6 };
  const ingest = new PartitionIngest(
    of,
    { partitions: [of], lost: lost.signal },
    {
      ...{
        consumer,
        duplicateWindowEvents: 0,
        clusterId: 'c',
        metrics,
        log,
      },
      sink: new BatchSink(createClient(), { timeoutMs: 1_000, metrics, log }), // Never asked: nothing is full or due.
      limits: () => limits,
      turns: new ReadingTurns(() => true),
      format: {
        decode: () => [],
        hidesKeys: false,
        preparation: { isReady: () => true, prepare: () => Promise.resolve() },
      },
    }
  );
  await vi.waitUntil(() => resume.mock.calls.length === 1);
  ingest.accept(messages(5, 6, 7));
  ingest.accept(messages(0, 1));
  await vi.waitUntil(() => resume.mock.calls.length === 2);
  expect(seeks).toEqual([5, 5]);
});
