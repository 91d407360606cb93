import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GroupConsumer } from '../kafka/group-consumer.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { RowsRejectedError, type Attempt, type BatchSink } from './batch-sink.ts';
import type { Batch } from './batch.ts';
import { formatCheckpoint, logMark } from './checkpoint-metadata.ts';
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
  format: Partial<PartitionIngestOptions['format']> = {},
  log = { low: 0, high: 1_000 }
) {
  const seeks: (number | string)[] = [];
  const commits: string[] = [];
  /** How many commits there were when stored events passed through the views again. */
  const fedAfterCommits: number[] = [];
  const stored: object[] = [];
  const consumer: GroupConsumer = {
    connect: () => Promise.resolve(),
    clusterId: () => Promise.resolve('c'),
    join: () => Promise.resolve(),
    committed: () => Promise.resolve(held),
    watermarks: () => Promise.resolve(log),
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
    feedNewest: () => {
      fedAfterCommits.push(commits.length);
      return Promise.resolve();
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
    ingest.flushIfDue(Date.now() + 60_000, () => true);
    return ingest.drain();
  };
  const comparedBatches = async () => (await metrics.comparedBatches.get()).values[0]?.value;
  const failures = async () => (await metrics.processingFailures.get()).values[0]?.value;
  const newEpochs = async () =>
    Object.fromEntries(
      (await metrics.newEpochs.get()).values.map(({ labels, value }) => [String(labels.reason), value])
    );
  return {
    ingest,
    seeks,
    commits,
    fedAfterCommits,
    stored,
    located,
    flush,
    held: () => held,
    comparedBatches,
    newEpochs,
    failures,
  };
}

const claimed = (offset: number, last: number, validatedAsOfMs: number) => ({
  offset,
  metadata: formatCheckpoint({
    ...{ epoch: 'e', marks: [], compareBelow: 0 },
    claim: { last, validatedAsOfMs, digest: '0000000000000000' },
  }),
});
/** A checkpoint without a claim, whose log has the given message at `offset` - 1. */
const committedAfter = (offset: number, [message] = messages(offset - 1)) => ({
  offset,
  metadata: formatCheckpoint({
    ...{ epoch: 'e', claim: null, compareBelow: 0 },
    marks: message ? [logMark(offset - 1, message)] : [],
  }),
});

/** A checkpoint without anything that a log could be recognised by. */
const fromOffset5 = () => ({
  offset: 5,
  metadata: formatCheckpoint({ epoch: 'e', claim: null, marks: [], compareBelow: 0 }),
});

test('a batch does not wait for a clock that was set back, nor for its turn meanwhile', async () => {
  const { ingest, located, commits } = rig(fromOffset5());
  await located();
  ingest.accept(messages(5, 6));
  expect(ingest.flushIfDue(Date.now() + 1_500, () => false)).toBe('delayed');
  expect(ingest.flushIfDue(Date.now() - 3_600_000, () => false)).toBeNull();
  await vi.waitUntil(() => commits.includes('commit 7'), 30_000);
});

test('a topic that was created again is read from its start, also if decoding needs preparation', async () => {
  const preparation = { isReady: () => true, prepare: () => Promise.resolve() };
  const { ingest, seeks, located } = rig(committedAfter(5), undefined, { preparation });
  await located();
  ingest.accept(messages(4, 5, 6, 7));
  ingest.accept(messages(0, 1));
  expect(ingest.load.isLocating).toBe(true);
  await located();
  expect(seeks).toEqual([4, 4]);
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

test('without a checkpoint, the views get the newest stored events again before anything is committed', async () => {
  const { ingest, commits, fedAfterCommits, located, flush } = rig({ offset: null, metadata: '' });
  await located();
  ingest.accept(messages(0, 1));
  await flush();
  expect(fedAfterCommits).toEqual([0]);
  expect(commits).toEqual(['commit 0', 'claim at 0', 'commit 2']);
});

test('a claim without any message left is stored as an empty batch, so that the views get its stored events again', async () => {
  const { ingest, commits, stored, located, flush } = rig(claimed(5, 7, Date.now()));
  await located();
  ingest.accept(messages(9));
  await flush();
  expect(stored).toMatchObject([
    { offsets: '5-7', isCompared: true },
    { offsets: '8-9', isCompared: false },
  ]);
  expect(commits).toEqual(['claim at 5', 'commit 8', 'claim at 8', 'commit 10']);
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
  expect(first.held()).toMatchObject({ offset: 5, metadata: expect.stringContaining('"pending":[7,') as string });

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

test('a batch with a rejected row is rebuilt with the bytes of its rows', async () => {
  const { ingest, stored, located, flush } = rig(committedAfter(5), ({ sources }) =>
    sources ? Promise.resolve() : Promise.reject(new RowsRejectedError('no poison'))
  );
  await located();
  ingest.accept(messages(4, 5, 6));
  await flush();
  await located();
  ingest.accept(messages(4, 5, 6, 7));
  await flush();
  expect(stored).toMatchObject([{ offsets: '5-6', keepsSources: true, isCompared: true }]);
});

test('a group without a checkpoint: messages of the log up to its end are compared with storage, and the epoch is committed at once', async () => {
  const { ingest, commits, seeks, stored, located, flush, held } = rig(
    { offset: null, metadata: '' },
    undefined,
    {},
    { low: 3, high: 6 }
  );
  await located();
  ingest.accept(messages(3, 4));
  await vi.waitUntil(() => commits.length === 1);
  await flush();
  ingest.accept(messages(5, 6, 7));
  await flush();
  ingest.accept(messages(8));
  await flush();
  expect(seeks).toEqual([3]);
  expect(commits.slice(0, 2)).toEqual(['commit 3', 'claim at 3']);
  expect(stored).toMatchObject([
    { offsets: '3-4', isCompared: true },
    { offsets: '5-7', isCompared: true },
    { offsets: '8-8', isCompared: false },
  ]);
  expect(held().metadata).not.toContain('compareBelow');
});

test('an ingestor that takes over such a partition continues the comparison', async () => {
  const first = rig({ offset: null, metadata: '' }, undefined, {}, { low: 0, high: 9 });
  await first.located();
  first.ingest.accept(messages(0, 1));
  await first.flush();
  const second = rig(first.held(), undefined, {}, { low: 0, high: 20 });
  await second.located();
  second.ingest.accept(messages(1, 2));
  await second.flush();
  second.ingest.accept(messages(9));
  await second.flush();
  expect(second.stored).toMatchObject([
    { offsets: '2-2', isCompared: true },
    { offsets: '3-9', isCompared: true },
  ]);
});

test('a log that ends before the committed offset is compared from its last stored message that is left', async () => {
  const marks = [99, 90].map((offset) => ({
    offset,
    checksum: logMark(offset, messages(offset)[0] ?? never()).checksum,
  }));
  const metadata = formatCheckpoint({ epoch: 'e', claim: null, compareBelow: 0, marks });
  const { ingest, seeks, stored, located, flush, newEpochs } = rig(
    { offset: 100, metadata },
    undefined,
    {},
    { low: 0, high: 97 }
  );
  await located();
  ingest.accept(messages(90, 91, 92, 93, 94, 95, 96));
  await flush();
  ingest.accept(messages(97));
  await flush();
  expect(seeks).toEqual([90]);
  expect(stored).toMatchObject([
    { offsets: '91-96', isCompared: true },
    { offsets: '97-97', isCompared: false },
  ]);
  expect(await newEpochs()).toEqual({ truncated: 1 });
});

test('a log that was truncated and has grown beyond the committed offset since is recognised by its messages', async () => {
  const { ingest, seeks, stored, located, flush } = rig(committedAfter(5), undefined, {}, { low: 0, high: 8 });
  await located();
  const others = messages(4, 5, 6, 7).map((message) => ({ ...message, timestamp: '77' }));
  ingest.accept(others);
  expect(ingest.load.isLocating).toBe(true);
  await located();
  ingest.accept([...messages(0, 1, 2, 3), ...others]);
  await flush();
  expect(seeks).toEqual([4, 0]);
  expect(stored).toMatchObject([{ offsets: '0-7', isCompared: true }]);
});

test('a claimed batch that contains something else than before is compared with storage at any age', async () => {
  const held = claimed(5, 7, Date.now());
  const other = { ...held, metadata: held.metadata.replace('0000000000000000', '1111111111111111') };
  const { ingest, stored, located, flush } = rig(other);
  await located();
  ingest.accept(messages(5, 6, 7));
  await flush();
  expect(stored).toMatchObject([{ offsets: '5-7', isCompared: true }]);
});

test('offsets that are not messages are committed when nothing else waits, and the next batch begins after them', async () => {
  const { ingest, commits, stored, located, flush } = rig(fromOffset5());
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
  const { ingest, commits, located, flush } = rig(fromOffset5(), undefined, { preparation });
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
    const { ingest, commits, located, failures } = rig(fromOffset5(), undefined, { decode, preparation });
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
function never(): never {
  throw new Error('no message');
}
