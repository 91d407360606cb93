import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GroupConsumer } from '../kafka/group-consumer.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { RowsRejectedError, type Attempt, type BatchSink } from './batch-sink.ts';
import type { Batch } from './batch.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { PartitionIngest, type PartitionIngestOptions } from './partition-ingest.ts';

const of = { topic: 't', partition: 0 };
let lost: AbortController;
const messages = (...offsets: number[]) =>
  offsets.map((offset) => ({
    offset: String(offset),
    timestamp: '0',
    arrivedAtMs: Date.now(),
    key: null,
    value: null,
  }));

beforeEach(() => {
  lost = new AbortController();
});
afterEach(() => {
  lost.abort();
});

/** One partition of a group with a checkpoint; `stored` lists what was written. */
function rig(
  held: { offset: number | null; metadata: string },
  write: (batch: Batch, attempt: Attempt) => Promise<void> = () => Promise.resolve(),
  format: Partial<PartitionIngestOptions['format']> = {}
) {
  const seeks: (number | string)[] = [];
  const commits: string[] = [];
  const stored: object[] = [];
  const consumer: GroupConsumer = {
    connect: () => Promise.resolve(),
    clusterId: () => Promise.resolve('c'),
    join: () => Promise.resolve(),
    committed: () => Promise.resolve(held),
    commit: (_under, _of, offset, metadata) => {
      held = { offset, metadata };
      commits.push(metadata.includes('pending') ? `claim at ${offset}` : `commit ${offset}`);
      return Promise.resolve();
    },
    seek: (_to, offset) => Promise.resolve(void seeks.push(offset)),
    pause: () => undefined,
    resume: () => undefined,
    stop: () => Promise.resolve(),
  };
  const sink = {
    write: async (batch: Batch, attempt: Attempt) => {
      const isCompared = attempt.mustCompare();
      await write(batch, attempt);
      const { first, last, validatedAsOfMs, sources } = batch;
      stored.push({ offsets: `${first}-${last}`, isCompared, validatedAsOfMs, keepsSources: sources !== null });
    },
  } as unknown as BatchSink;
  const metrics = createMetrics();
  const ingest = new PartitionIngest(
    of,
    { partitions: [of], lost: lost.signal },
    {
      ...{ consumer, sink, duplicateWindowEvents: 0, clusterId: 'c' },
      ...{ metrics, log: pino({ level: 'silent' }) },
      limits: { maxRows: 100, maxBytes: 1e6, maxMs: 1_000 },
      memoryBytes: () => 1e6,
      onLoad: () => undefined,
      format: { decode: () => [], ...format },
    }
  );
  const located = () => vi.waitUntil(() => !ingest.load.isLocating);
  const flush = () => {
    ingest.flushIfDue(Date.now() + 60_000);
    return ingest.drain();
  };
  const comparedBatches = async () => (await metrics.comparedBatches.get()).values[0]?.value;
  const failures = async () => (await metrics.processingFailures.get()).values[0]?.value;
  return { ingest, seeks, commits, stored, located, flush, held: () => held, comparedBatches, failures };
}

const claimed = (offset: number, last: number, validatedAsOfMs: number) => ({
  offset,
  metadata: formatCheckpoint({ epoch: 'e', claim: { last, validatedAsOfMs } }),
});

test('a topic that was created again is read from its start, also if decoding needs preparation', async () => {
  const preparation = { isReady: () => true, prepare: () => Promise.resolve() };
  const { ingest, seeks, located } = rig({ offset: 5, metadata: '' }, undefined, { preparation });
  await located();
  ingest.accept(messages(5, 6, 7));
  ingest.accept(messages(0, 1));
  expect(ingest.load.isLocating).toBe(true);
  await located();
  expect(seeks).toEqual([5, 5]);
});

test('a claimed batch is rebuilt with the same offsets and clock, and later messages are in a new batch', async () => {
  const validatedAsOfMs = Date.now() - 5_000;
  const { ingest, commits, stored, located, flush } = rig(claimed(5, 7, validatedAsOfMs));
  await located();
  ingest.accept(messages(5, 6));
  await flush();
  expect(stored).toEqual([]);
  ingest.accept(messages(7, 8));
  await flush();
  expect(stored).toMatchObject([
    { offsets: '5-7', validatedAsOfMs, isCompared: false },
    { offsets: '8-8', isCompared: false },
  ]);
  expect(commits).toEqual(['claim at 5', 'commit 8', 'claim at 8', 'commit 9']);
});

test('a claimed batch older than a minute is compared with storage, and later batches are not', async () => {
  const { ingest, stored, located, flush } = rig(claimed(5, 7, Date.now() - 61_000));
  await located();
  ingest.accept(messages(5, 6, 7, 8));
  await flush();
  ingest.accept(messages(9));
  await flush();
  expect(stored).toMatchObject([
    { offsets: '5-7', isCompared: true },
    { offsets: '8-8', isCompared: false },
    { offsets: '9-9', isCompared: false },
  ]);
});

test('a claim whose last message is gone stays as it was until its batch is stored, so that a second crash does not store a message twice', async () => {
  const validatedAsOfMs = Date.now() - 5_000;
  const afterFirstCrash = claimed(5, 7, validatedAsOfMs);
  const tokens: string[] = [];
  const crash = (_batch: Batch, { token, signal }: Attempt) => {
    tokens.push(token);
    return new Promise<void>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('crashed'));
      });
    });
  };
  const first = rig(afterFirstCrash, crash);
  await first.located();
  first.ingest.accept(messages(5, 6, 9));
  await vi.waitUntil(() => tokens.length > 0);
  lost.abort();
  expect(first.held()).toEqual(afterFirstCrash);

  lost = new AbortController();
  const second = rig(first.held(), (_batch, { token }) => Promise.resolve(void tokens.push(token)));
  await second.located();
  second.ingest.accept(messages(5, 6, 9));
  await second.flush();
  expect(second.stored).toMatchObject([
    { offsets: '5-7', validatedAsOfMs, isCompared: true },
    { offsets: '8-9', isCompared: false },
  ]);
  expect(tokens).toEqual(['c:t:e:0:5-7', 'c:t:e:0:5-7', 'c:t:e:0:8-9']);
  expect(second.commits).toEqual(['claim at 5', 'commit 8', 'claim at 8', 'commit 10']);
  expect(await second.comparedBatches()).toBe(1);
});

test('a claim of which no message is left becomes part of the next batch', async () => {
  const { ingest, commits, stored, located, flush } = rig(claimed(5, 7, Date.now()));
  await located();
  ingest.accept(messages(9));
  await flush();
  expect(stored).toMatchObject([{ offsets: '5-9' }]);
  expect(commits).toEqual(['claim at 5', 'commit 10']);
});

test('a batch with a rejected row is rebuilt with the bytes of its rows', async () => {
  const { ingest, stored, located, flush } = rig({ offset: 5, metadata: '' }, ({ sources }) =>
    sources ? Promise.resolve() : Promise.reject(new RowsRejectedError('no poison'))
  );
  await located();
  ingest.accept(messages(5, 6));
  await flush();
  await located();
  ingest.accept(messages(5, 6, 7));
  await flush();
  expect(stored).toMatchObject([{ offsets: '5-6', keepsSources: true }]);
});

test('offsets that are not messages are committed when nothing else waits, and the next batch begins after them', async () => {
  const { ingest, commits, stored, located, flush } = rig({ offset: 5, metadata: '' });
  await located();
  ingest.skip(8);
  await flush();
  ingest.accept(messages(8));
  ingest.skip(10);
  await flush();
  await flush();
  ingest.accept(messages(10, 11));
  await flush();
  expect(commits).toEqual(['commit 8', 'claim at 8', 'commit 9', 'commit 10', 'claim at 10', 'commit 12']);
  expect(stored).toMatchObject([{ offsets: '8-8' }, { offsets: '10-11' }]);
});

test('offsets that are not messages are committed after the messages before them, which still wait for a schema', async () => {
  const schema = Promise.withResolvers<undefined>();
  const preparation = { isReady: () => false, prepare: () => schema.promise };
  const { ingest, commits, located, flush } = rig({ offset: 5, metadata: '' }, undefined, { preparation });
  await located();
  ingest.accept(messages(5));
  ingest.skip(7);
  await flush();
  expect(commits).toEqual([]);
  schema.resolve(undefined);
  await vi.waitUntil(() => !ingest.load.isPreparing);
  await flush();
  await flush();
  expect(commits).toEqual(['claim at 5', 'commit 6', 'commit 7']);
});

test('a claim whose last message is gone, with no message after it, is stored', async () => {
  const { ingest, commits, stored, located, flush } = rig(claimed(5, 7, Date.now()));
  await located();
  ingest.accept(messages(5, 6));
  ingest.skip(10);
  await flush();
  await flush();
  expect(stored).toMatchObject([{ offsets: '5-7', isCompared: true }]);
  expect(commits).toEqual(['claim at 5', 'commit 8', 'commit 10']);
});

test.each([undefined, { isReady: () => true, prepare: () => Promise.resolve() }])(
  'an exception while messages are processed restarts the partition later, and reaches nobody else',
  async (preparation) => {
    const decode = () => {
      throw new RangeError('a mistake');
    };
    const { ingest, commits, located, failures } = rig({ offset: 5, metadata: '' }, undefined, { decode, preparation });
    await located();
    ingest.accept([{ ...messages(5)[0], value: Buffer.from('x') } as never]);
    expect(ingest.load.isLocating).toBe(true);
    expect(await failures()).toBe(1);
    expect(commits).toEqual([]);
  }
);

test('a fetch with more rows than memory is taken in parts, in order, and completely', async () => {
  const stores = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const writes = stores.values();
  const decode = () => [
    { ok: false as const, reason: 'invalid_json' as const, detail: '', raw: Buffer.alloc(100_000) },
  ];
  const { ingest, stored, located, flush, commits } = rig(
    { offset: 5, metadata: '' },
    async () => {
      await writes.next().value?.promise;
    },
    { decode }
  );
  await located();
  ingest.accept(
    messages(...Array.from({ length: 100 }, (_, i) => 5 + i)).map((each) => ({ ...each, value: Buffer.of(1) }))
  );
  ingest.skip(107);
  const held = ingest.load.bufferedBytes;
  expect(held).toBeGreaterThan(900_000);
  expect(held).toBeLessThan(1_300_000);
  stores[0]?.resolve(undefined);
  stores[1]?.resolve(undefined);
  await vi.waitUntil(() => stored.length > 15);
  for (let i = 0; i < 5; i++) await flush();
  expect(stored[0]).toMatchObject({ offsets: '5-9' });
  expect(stored.at(-1)).toMatchObject({ offsets: expect.stringMatching(/-104$/) as string });
  expect(commits.at(-1)).toBe('commit 107');
});
