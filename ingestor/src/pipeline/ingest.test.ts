import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { jsonReader } from '../decode/json.ts';
import { topicFormat } from '../decode/topic-format.ts';
import type { GroupConsumer, GroupHandlers } from '../kafka/group-consumer.ts';
import { createMetrics } from '../metrics/metrics.ts';
import type { BatchSink } from './batch-sink.ts';
import { Ingest } from './ingest.ts';

const [a, b] = [0, 1].map((partition) => ({ topic: 't', partition }));
const BUFFER_MAX_BYTES = 20_000;

test('partitions are resumed when located, paused while their memory is full, and resumed when it is stored', async () => {
  const calls: string[] = [];
  const joined: GroupHandlers[] = [];
  const offsets = new Map<number, number>();
  const consumer: GroupConsumer = {
    connect: () => Promise.resolve(),
    clusterId: () => Promise.resolve('c'),
    join: (handlers) => Promise.resolve(void joined.push(handlers)),
    committed: ({ partition }) => Promise.resolve({ offset: offsets.get(partition) ?? null, metadata: '' }),
    watermarks: () => Promise.resolve({ low: 0, high: 0 }),
    commit: (_under, { partition }, offset) => Promise.resolve(void offsets.set(partition, offset)),
    seek: () => Promise.resolve(),
    pause: ({ partition }) => void calls.push(`pause ${partition}`),
    resume: ({ partition }) => void calls.push(`resume ${partition}`),
    stop: () => Promise.resolve(),
  };
  const answers = Promise.withResolvers<undefined>();
  const feedNewest = () => Promise.resolve();
  const sink = { write: () => answers.promise, feedNewest, rowLimit: Infinity } as unknown as BatchSink;
  const ingest = new Ingest({
    ...{ consumer, sink, metrics: createMetrics(), log: pino({ level: 'silent' }) },
    formatOf: () => topicFormat(jsonReader),
    batch: { maxRows: 50, maxBytes: 1e6, maxMs: 20, bufferMaxBytes: BUFFER_MAX_BYTES, duplicateWindowEvents: 0 },
  });
  await ingest.start();
  const partitions = [a, b].filter((of) => of !== undefined);
  joined[0]?.onAssigned({ partitions, lost: new AbortController().signal });
  expect(calls).toEqual([]);
  await vi.waitUntil(() => calls.length === 2);
  expect(calls.splice(0)).toEqual(['resume 0', 'resume 1']);

  const value = () => Buffer.from(JSON.stringify({ event_id: randomUUID(), robot_id: 'a', ts: Date.now() }));
  const messages = Array.from({ length: 200 }, (_, i) => ({
    ...{ offset: String(i), timestamp: '0', arrivedAtMs: Date.now(), key: null, value: value() },
  }));
  if (a) joined[0]?.onMessages(a, messages);
  expect(calls.splice(0)).toEqual(['pause 0']);
  answers.resolve(undefined);
  await vi.waitUntil(() => calls.length > 0);
  expect(calls).toEqual(['resume 0']);
  await vi.waitUntil(() => offsets.get(0) === 200);
  await ingest.stop(1_000);
});
