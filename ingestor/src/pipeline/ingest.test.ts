import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { jsonReader } from '../decode/json.ts';
import { topicFormat } from '../decode/topic-format.ts';
import type { GroupConsumer, GroupHandlers } from '../kafka/group-consumer.ts';
import { createMetrics } from '../metrics/metrics.ts';
import type { BatchSink } from './batch-sink.ts';
import type { Batch } from './batch.ts';
import { Ingest } from './ingest.ts';

const [a, b] = [0, 1].map((partition) => ({ topic: 't', partition }));
const BUFFER_MAX_BYTES = 20_000;
const eventText = () => Buffer.from(JSON.stringify({ event_id: randomUUID(), robot_id: 'a', ts: Date.now() }));

/** A consumer group of one member, whose offsets are those of the partitions. */
function groupOf(calls: string[]) {
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
  return { consumer, joined, offsets };
}

test('partitions are resumed when located, paused while their memory is full, and resumed when it is stored', async () => {
  const calls: string[] = [];
  const { consumer, joined, offsets } = groupOf(calls);
  const answers = Promise.withResolvers<undefined>();
  const feedNewest = () => Promise.resolve();
  const sink = { write: () => answers.promise, feedNewest, rowLimit: Infinity } as unknown as BatchSink;
  const ingest = new Ingest({
    ...{ consumer, sink, metrics: createMetrics(), log: pino({ level: 'silent' }) },
    formatOf: () => topicFormat(jsonReader),
    batch: {
      maxRows: 50,
      maxBytes: 1e6,
      maxMs: 20,
      bufferMaxBytes: BUFFER_MAX_BYTES,
      duplicateWindowEvents: 0,
      maxPerSecond: 20,
    },
  });
  await ingest.start();
  const partitions = [a, b].filter((of) => of !== undefined);
  joined[0]?.onAssigned({ partitions, lost: new AbortController().signal });
  expect(calls).toEqual([]);
  await vi.waitUntil(() => calls.length === 2);
  expect(calls.splice(0)).toEqual(['resume 0', 'resume 1']);

  const messages = Array.from({ length: 200 }, (_, i) => ({
    ...{ offset: String(i), timestamp: '0', arrivedAtMs: Date.now(), key: null, value: eventText() },
  }));
  if (a) joined[0]?.onMessages(a, messages);
  expect(calls.splice(0)).toEqual(['pause 0']);
  answers.resolve(undefined);
  await vi.waitUntil(() => calls.length > 0);
  expect(calls).toEqual(['resume 0']);
  await vi.waitUntil(() => offsets.get(0) === 200);
  await ingest.stop(1_000);
});

interface PacedRun {
  /** Inserts in each second of the run. */
  perSecond: number[];
  /** Of the first event of each batch, from its arrival until its insert. */
  longestWaitMs: number;
  /** Batches that waited for their turn at the end. */
  delayed: number;
  /** Events that are not stored when `stop` has ended. */
  lost: number;
}

/** Ten events per second in each of the partitions for half a minute of a simulated clock. */
async function pacedRun(partitionCount: number, maxPerSecond: number, maxRows = 100_000): Promise<PacedRun> {
  vi.useFakeTimers();
  try {
    const startMs = Date.now();
    const inserts: { atMs: number; waitedMs: number }[] = [];
    const { consumer, joined } = groupOf([]);
    let stored = 0;
    const write = ({ validatedAsOfMs, rows }: Batch) => {
      const atMs = Date.now();
      stored += rows.rows;
      return Promise.resolve(void inserts.push({ atMs, waitedMs: atMs - validatedAsOfMs }));
    };
    const sink = { write, feedNewest: () => Promise.resolve(), rowLimit: Infinity } as unknown as BatchSink;
    const metrics = createMetrics();
    const ingest = new Ingest({
      ...{ consumer, sink, metrics, log: pino({ level: 'silent' }), formatOf: () => topicFormat(jsonReader) },
      batch: { maxRows, maxBytes: 1e6, maxMs: 1_000, bufferMaxBytes: 1e9, duplicateWindowEvents: 0, maxPerSecond },
    });
    await ingest.start();
    const partitions = Array.from({ length: partitionCount }, (_, partition) => ({ topic: 't', partition }));
    joined[0]?.onAssigned({ partitions, lost: new AbortController().signal });
    await vi.advanceTimersByTimeAsync(100);
    for (let i = 0; i < 300; i++) {
      for (const of of partitions) {
        const message = { offset: String(i), timestamp: '0', arrivedAtMs: Date.now(), key: null, value: eventText() };
        joined[0]?.onMessages(of, [message]);
      }
      await vi.advanceTimersByTimeAsync(100);
    }
    const running = inserts.length;
    const delayed = (await metrics.delayedBatches.get()).values[0]?.value ?? NaN;
    const stopped = ingest.stop(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    const perSecond = Array.from(
      { length: 30 },
      (_, s) => inserts.filter(({ atMs }) => Math.floor((atMs - startMs) / 1_000) === s).length
    );
    const longestWaitMs = Math.max(...inserts.slice(0, running).map(({ waitedMs }) => waitedMs));
    return { perSecond, longestWaitMs, delayed, lost: 300 * partitionCount - stored };
  } finally {
    vi.useRealTimers();
  }
}

test('with 16 busy partitions and the default limit, each is flushed every second', async () => {
  const { perSecond, longestWaitMs, delayed } = await pacedRun(16, parseConfig({}).batch.maxPerSecond);
  expect(Math.max(...perSecond)).toBeLessThanOrEqual(16);
  expect(longestWaitMs).toBeLessThanOrEqual(1_050);
  expect(delayed).toBe(0);
});

test('with 64 busy partitions, inserts do not exceed the limit, each partition has its turn, and a stop stores what waits', async () => {
  const { perSecond, longestWaitMs, delayed, lost } = await pacedRun(64, 20);
  // The first second has what was saved before it.
  expect(perSecond[1]).toBeLessThanOrEqual(40);
  expect(Math.max(...perSecond.slice(2))).toBeLessThanOrEqual(20);
  expect(Math.min(...perSecond.slice(2))).toBeGreaterThanOrEqual(19);
  expect(longestWaitMs).toBeLessThanOrEqual(3_400);
  expect(delayed).toBeGreaterThan(0);
  expect(lost).toBe(0);
});

test('a batch waits for its turn half a minute at most, and a full batch does not wait', async () => {
  expect((await pacedRun(40, 1)).longestWaitMs).toBeLessThanOrEqual(30_050);
  expect((await pacedRun(40, 1, 2)).longestWaitMs).toBeLessThanOrEqual(200);
});
