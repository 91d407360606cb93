import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { decodeJson } from '../decode/json.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { BatchSink } from './batch-sink.ts';
import { Batch } from './batch.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import type { StoredBefore } from './stored-before.ts';

interface Inserted {
  table: string;
  rows: number;
  token: string;
}

/** A ClickHouse that rejects inserts; `accepts` says which ones it stores. */
function rig(
  code: string,
  accepts: (insert: Inserted, attempt: number) => boolean,
  storage: Partial<StoredBefore> = {}
) {
  const inserts: Inserted[] = [];
  const failures: number[] = [];
  const comparisons: string[] = [];
  const client = {
    exec: async ({ query, values, clickhouse_settings: settings }: never) => {
      const bytes = Buffer.concat(await (values as Readable).toArray());
      // The numbers of columns and rows, as varints.
      const low = bytes.readUInt8(1);
      const count = low < 0x80 ? low : (low & 0x7f) + bytes.readUInt8(2) * 128;
      const insert = {
        table: /INTO (\w+)/.exec(query)?.[1] ?? '',
        ...{ rows: count, token: (settings as { insert_deduplication_token: string }).insert_deduplication_token },
      };
      if (!accepts(insert, failures.length)) {
        failures.push(count);
        throw new ClickHouseError({ message: 'no memory', code, type: 'ERROR' });
      }
      inserts.push(insert);
      return { stream: Readable.from([]) };
    },
  } as unknown as ClickHouseClient;
  Object.assign(client, {
    insert: () => {
      failures.push(0);
      return Promise.reject(new ClickHouseError({ message: 'no memory', code, type: 'ERROR' }));
    },
  });
  const metrics = createMetrics();
  const sink = new BatchSink(client, {
    ...{ timeoutMs: 1_000, metrics, log: pino({ level: 'silent' }) },
    stored: {
      ...{ isAlwaysAsked: false, feedViews: () => Promise.resolve(), isTokenLoggedFirst: () => Promise.resolve(false) },
      events: () => {
        comparisons.push('events');
        return Promise.resolve(new Map());
      },
      deadLetters: () => Promise.resolve(new Map()),
      anyEvents: () => Promise.resolve(new Map()),
      anyDeadLetters: () => Promise.resolve(new Map()),
      ...storage,
    },
  });
  return { sink, inserts, failures, comparisons, metrics };
}

function batchOf(events: number, invalid = 0, partition = 0): Batch {
  const batch = new Batch({
    ...{ of: { topic: 't', partition }, first: 0, validatedAsOfMs: Date.now(), keepSources: false },
    ...{ fastPathExcept: null, window: new DuplicateWindow(0), rows: new RowBinaryWriter() },
  });
  const event = () => ({ event_id: randomUUID(), robot_id: 'amr-1', ts: Date.now() });
  const value = [...Array.from({ length: events }, event), ...Array.from({ length: invalid }, () => ({}))];
  const message = { offset: '0', timestamp: '0', arrivedAtMs: Date.now(), key: null };
  batch.add({ ...message, value: Buffer.from(JSON.stringify(value)) }, 0, decodeJson);
  return batch;
}
const attempt = (mustCompare: boolean) => ({
  ...{ token: 'token', signal: new AbortController().signal, mustCompare: () => mustCompare },
  distrust: () => Promise.resolve(),
});

test.each(['241', '159'])('error %s: the insert is split after three attempts, until its parts fit', async (code) => {
  const { sink, inserts, failures, metrics } = rig(code, ({ rows }) => rows <= 1_000);
  await sink.write(batchOf(4_000), attempt(true));
  expect(inserts.map(({ rows }) => rows)).toEqual([1_000, 1_000, 1_000, 1_000]);
  expect(new Set(inserts.map(({ token }) => token)).size).toBe(4);
  expect(failures).toEqual([4_000, 4_000, 4_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
  expect((await metrics.splitInserts.get()).values[0]?.value).toBe(3);
  // The next batches are smaller, and larger again when that succeeds.
  expect(sink.rowLimit).toBe(2_000);
});

test('an insert whose token is still reliable is not split, because a part of it may be stored', async () => {
  const { sink, inserts, failures } = rig('241', (_, failed) => failed === 5);
  await sink.write(batchOf(4_000), attempt(false));
  expect(inserts).toMatchObject([{ rows: 4_000, token: 'token' }]);
  expect(failures).toHaveLength(5);
  expect(sink.rowLimit).toBe(4_000);
});

test('ClickHouse rejects the newest events for the views again and again: the partition continues', async () => {
  const { sink, failures } = rig('241', () => false);
  const signal = new AbortController().signal;
  await sink.feedNewest({ topic: 't', partition: 0 }, 60_000, signal);
  expect(failures).toHaveLength(5);
  expect(sink.health.failure).toBeNull();
}, 30_000);

test('other errors never split an insert', async () => {
  const { sink, inserts } = rig('252', (_, failed) => failed === 4);
  await sink.write(batchOf(4_000), attempt(true));
  expect(inserts).toMatchObject([{ rows: 4_000, token: 'token' }]);
  expect(sink.rowLimit).toBe(Infinity);
});

test('dead letters that ClickHouse rejects are inserted again with a backoff, and counted', async () => {
  const constraintViolated = '469';
  const { sink, inserts, metrics } = rig(
    constraintViolated,
    ({ table }, failed) => table !== 'dead_letters' || failed === 4
  );
  await sink.write(batchOf(1, 3), attempt(false));
  expect(inserts).toMatchObject([
    { table: 'telemetry_raw', rows: 1 },
    { table: 'dead_letters', rows: 3 },
  ]);
  expect((await metrics.deadLetterInsertFailures.get()).values[0]?.value).toBe(4);
});

test('a batch without dead letters is compared with storage once, before its rows are there', async () => {
  const { sink, inserts, comparisons } = rig('', () => true);
  await sink.write(batchOf(4), attempt(true));
  expect(inserts).toMatchObject([{ rows: 4, token: 'token' }]);
  expect(comparisons).toHaveLength(1);
});

/** What the rule about insert failures reads. */
const failing = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.insertsFailing.get()).values.map(({ labels, value }) => `${labels.reason} ${value}`);

test('inserts fail until a whole attempt succeeds, also while its first insert does', async () => {
  let isRepetitionRefused = true;
  const seen: string[][] = [];
  const { sink, metrics } = rig('241', (_, failed) => failed > 0, {
    feedViews: async () => {
      seen.push(await failing(metrics));
      if (seen.length === 3) isRepetitionRefused = false;
      if (isRepetitionRefused) throw new ClickHouseError({ message: 'no memory', code: '241', type: 'ERROR' });
    },
  });
  await sink.write(batchOf(4), attempt(false));
  expect(seen).toEqual([['refused 1'], ['refused 1'], ['refused 1']]);
  expect(await failing(metrics)).toEqual(['none 0']);
  expect(sink.health.failure).toBeNull();
});

test('a partition whose inserts succeed does not end the failure of another, which ends when it is given up', async () => {
  const { sink, metrics } = rig('241', ({ rows }) => rows < 10);
  const stop = new AbortController();
  const refused = sink.write(batchOf(10), { ...attempt(false), signal: stop.signal });
  await expect.poll(() => failing(metrics), { timeout: 30_000 }).toEqual(['refused 1']);
  await sink.write(batchOf(4, 0, 1), attempt(false));
  expect(await failing(metrics)).toEqual(['refused 1']);
  expect(sink.health.failure).toMatchObject({ reason: 'refused' });
  stop.abort(new Error('revoked'));
  await expect(refused).rejects.toThrow('revoked');
  expect(await failing(metrics)).toEqual(['none 0']);
  expect(sink.health.failure).toBeNull();
});
