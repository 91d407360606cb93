import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClickHouse } from '../src/clickhouse/client.ts';
import { parseConfig } from '../src/config/config.ts';
import { jsonReader } from '../src/decode/json.ts';
import { topicFormat } from '../src/decode/topic-format.ts';
import { createMetrics } from '../src/metrics/metrics.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { BatchSink } from '../src/pipeline/batch-sink.ts';
import { Batch } from '../src/pipeline/batch.ts';
import { DuplicateWindow } from '../src/pipeline/duplicate-window.ts';
import { RowBinaryWriter } from '../src/rows/row-binary-writer.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

let server: TestServer;
let writer: ClickHouseClient;
let sink: BatchSink;
beforeAll(async () => {
  server = await startTestServer();
  await migrate(server.as('owner'));
  const { url, passwords } = server.server;
  writer = createClickHouse(parseConfig({ CLICKHOUSE_URL: url, CLICKHOUSE_PASSWORD: passwords.writer }).clickhouse);
  sink = new BatchSink(writer, { timeoutMs: 20_000, metrics: createMetrics(), log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await writer.close();
  await server.stop();
});

const attempt = (token: string, isCompared: boolean) => ({
  ...{ token, signal: new AbortController().signal },
  mustCompare: () => isCompared,
  distrust: () => Promise.resolve(),
});

const eventsOf = (robotId: string, count: number, nowMs: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      ...{
        event_id: randomUUID(),
        robot_id: robotId,
        ts: nowMs - i,
        event_type: 'TASK_STARTED',
        task_id: `${robotId}-${i}`,
      },
      state: 'working',
    })
  );

/** A message without a value */
const TOMBSTONE = '';

function batchOf(
  topic: string,
  messages: readonly string[],
  nowMs: number,
  {
    keepSources = false,
    claimedDigest = null,
    key = null,
  }: { keepSources?: boolean; claimedDigest?: string | null; key?: string | null } = {}
): Batch {
  const batch = new Batch({
    of: { topic, partition: 0 },
    ...{ first: 0, validatedAsOfMs: nowMs, keepSources, claimedDigest, fastPathExcept: [] },
    rows: new RowBinaryWriter(),
    window: new DuplicateWindow(0),
  });
  const { decode } = topicFormat(jsonReader);
  for (const [i, message] of messages.entries()) {
    const value = message === TOMBSTONE ? null : Buffer.from(message);
    const bytes = key === null ? null : Buffer.from(key);
    batch.add({ offset: String(i), timestamp: '0', arrivedAtMs: nowMs, key: bytes, value }, i, decode);
  }
  batch.differs = claimedDigest !== null && claimedDigest !== batch.digest;
  return batch;
}

/** Rows of the batch, physical and in what the views feed. */
async function counts(robotId: string, topic: string) {
  const [found] = await rows(
    server.as('owner'),
    `SELECT
      (SELECT toInt32(count()) FROM warehouse.telemetry_raw WHERE topic = '${topic}') AS events,
      (SELECT toInt32(count()) FROM warehouse.task_runs FINAL WHERE robot_id = '${robotId}') AS tasks,
      (SELECT toInt32(count()) FROM warehouse.robot_latest FINAL WHERE robot_id = '${robotId}') AS latest,
      (SELECT toInt32(sum(rows)) FROM warehouse.path_progress WHERE topic = '${topic}') AS progress,
      (SELECT toInt32(count()) FROM warehouse.rollup_events FINAL WHERE robot_id = '${robotId}') AS recent`
  );
  return found;
}

const VIEWS = ['task_runs_mv', 'robot_latest_mv', 'path_progress_mv', 'rollup_events_mv', 'rollup_touched_mv'];

test('a server that stopped after it stored the events, and before a view had them: a restart after more than a minute completes the views', async () => {
  const nowMs = Date.now();
  const messages = eventsOf('amr-1', 20, nowMs);
  const owner = server.as('owner');
  // What is left of such an insert: the events, without the rows of the views.
  for (const view of VIEWS) await owner.command({ query: `DETACH TABLE warehouse.${view}` });
  await sink.write(batchOf('stopped', messages, nowMs), attempt('first', false));
  for (const view of VIEWS) await owner.command({ query: `ATTACH TABLE warehouse.${view}` });
  expect(await counts('amr-1', 'stopped')).toEqual({ events: 20, tasks: 0, latest: 0, progress: 0, recent: 0 });

  await sink.write(batchOf('stopped', messages, nowMs), attempt('first', true));
  expect(await counts('amr-1', 'stopped')).toEqual({ events: 20, tasks: 20, latest: 1, progress: 20, recent: 20 });
  await sink.write(batchOf('stopped', messages, nowMs), attempt('first', true));
  expect(await counts('amr-1', 'stopped')).toEqual({ events: 20, tasks: 20, latest: 1, progress: 20, recent: 20 });
});

/** Stores a batch as an insert does that ends before these views have its events. */
async function storeWithout(views: readonly string[], batch: Batch, token: string): Promise<void> {
  const owner = server.as('owner');
  for (const view of views) await owner.command({ query: `DETACH TABLE warehouse.${view}` });
  await sink.write(batch, attempt(token, false));
  for (const view of views) await owner.command({ query: `ATTACH TABLE warehouse.${view}` });
}

test('events that pass through the views again are counted once in path_progress, whether their first pass counted them or not', async () => {
  const nowMs = Date.now();
  const messages = eventsOf('amr-6', 20, nowMs);
  const others = VIEWS.filter((view) => view !== 'path_progress_mv');
  await storeWithout(others, batchOf('counted', messages, nowMs), 'counted');
  for (let i = 0; i < 2; i++) await sink.write(batchOf('counted', messages, nowMs), attempt('counted', true));
  expect(await counts('amr-6', 'counted')).toEqual({ events: 20, tasks: 20, latest: 1, progress: 20, recent: 20 });
});

test('an upgrade reads a stored event of an interrupted insert as a dead letter: the views get the event', async () => {
  const nowMs = Date.now();
  const [a = '', b = ''] = eventsOf('amr-7', 2, nowMs);
  const before = batchOf('reread', [a, b], nowMs);
  await storeWithout(VIEWS, before, 'reread');
  const after = batchOf('reread', ['{}', b], nowMs, { claimedDigest: before.digest });
  await sink.write(after, attempt('reread', true));
  expect(await recorded('reread')).toEqual({ events: ['0', '1'], letters: [] });
  expect(await counts('amr-7', 'reread')).toEqual({ events: 2, tasks: 2, latest: 1, progress: 2, recent: 2 });
});

test('no message of an interrupted batch is left in the log: the views get its stored events', async () => {
  const nowMs = Date.now();
  const before = batchOf('vanished', eventsOf('amr-11', 2, nowMs), nowMs);
  await storeWithout(VIEWS, before, 'vanished');
  const after = batchOf('vanished', [], nowMs, { claimedDigest: before.digest });
  after.last = before.last;
  await sink.write(after, attempt('vanished', true));
  expect(await counts('amr-11', 'vanished')).toEqual({ events: 2, tasks: 2, latest: 1, progress: 2, recent: 2 });
});

test('the claim of an interrupted insert is lost: the events that arrived last pass through the views again, and no others', async () => {
  const nowMs = Date.now();
  const of = { topic: 'unclaimed', partition: 0 };
  const signal = new AbortController().signal;
  await storeWithout(VIEWS, batchOf('unclaimed', eventsOf('amr-8', 10, nowMs - 900_000), nowMs - 900_000), 'earlier');
  await storeWithout(VIEWS, batchOf('unclaimed', eventsOf('amr-9', 10, nowMs), nowMs), 'later');
  await storeWithout(VIEWS, batchOf('of-another-topic', eventsOf('amr-10', 10, nowMs), nowMs), 'other');
  await sink.feedNewest(of, 600_000, signal);
  expect(await counts('amr-9', 'unclaimed')).toMatchObject({ events: 20, tasks: 10, latest: 1, recent: 10 });
  expect(await counts('amr-10', 'of-another-topic')).toMatchObject({ tasks: 0, progress: 0 });
  // The newest arrival is known now, and the others are 15 minutes older.
  await sink.feedNewest(of, 600_000, signal);
  expect(await counts('amr-9', 'unclaimed')).toMatchObject({ events: 20, tasks: 10, progress: 20 });
});

test.each([
  [
    'of the ingestor',
    'twice',
    () => sink.feedNewest({ topic: 'twice', partition: 0 }, 600_000, new AbortController().signal),
  ],
  [
    'by hand',
    'by-hand',
    () =>
      server.as('owner').command({
        query: `INSERT INTO warehouse.stored_ranges (of_source, of_topic, of_partition, first_offset, last_offset, from_ts, to_ts, insert_id)
          VALUES (1, 'by-hand', 0, 0, 100, '2026-01-01 00:00:00', '2100-01-01 00:00:00', generateUUIDv4())`,
      }),
  ],
])(
  'the same request %s after two interrupted inserts passes the events of each through the views',
  async (_, topic, feed) => {
    const nowMs = Date.now();
    for (const round of ['first', 'second']) {
      await storeWithout(VIEWS, batchOf(topic, eventsOf(`amr-${topic}`, 10, nowMs), nowMs), `${topic} ${round}`);
      await feed();
    }
    expect(await counts(`amr-${topic}`, topic)).toMatchObject({ events: 20, recent: 20, progress: 10 });
  }
);

test('a request to pass events through the views again that lacks the id that makes it unique is refused, not dropped', async () => {
  const query = `INSERT INTO warehouse.stored_ranges (of_source, of_topic, of_partition, last_offset, to_ts)
    VALUES (1, 'by-hand', 0, 100, '2100-01-01 00:00:00')`;
  await expect(server.as('owner').command({ query })).rejects.toThrow('insert_id_is_new');
});

test('a view of the operator throws on one event: all events are stored once and the other views have them', async () => {
  const nowMs = Date.now();
  const owner = server.as('owner');
  await owner.command({
    query: `CREATE MATERIALIZED VIEW warehouse.a_operator_mv TO warehouse.task_runs
      DEFINER = floorwatch_definer SQL SECURITY DEFINER
      AS SELECT robot_id, assumeNotNull(task_id) AS task_id FROM warehouse.telemetry_raw
      WHERE throwIf(task_id = 'amr-2-7', 'the view throws') != 0`,
  });
  const messages = eventsOf('amr-2', 20, nowMs);
  await sink.write(batchOf('throws', messages, nowMs, { keepSources: true }), attempt('throwing', false));
  expect(await counts('amr-2', 'throws')).toEqual({ events: 20, tasks: 20, latest: 1, progress: 20, recent: 20 });
  expect(await rows(owner, "SELECT raw FROM warehouse.dead_letters WHERE topic = 'throws'")).toEqual([]);
  await owner.command({ query: 'DROP TABLE warehouse.a_operator_mv' });
});

/** Bytes that ClickHouse needed for the insert of a batch. */
async function memoryOfInsert(token: string): Promise<number> {
  const owner = server.as('owner');
  await owner.command({ query: 'SYSTEM FLUSH LOGS query_log' });
  const found = await rows<{ bytes: string }>(
    owner,
    `SELECT toString(max(memory_usage)) AS bytes FROM system.query_log WHERE type = 'QueryFinish' AND log_comment LIKE '% ${token}'`
  );
  return Number(found[0]?.bytes);
}

test('ClickHouse has too little memory for an insert: it is split until it fits, and each event is stored and in the views once', async () => {
  const nowMs = Date.now();
  const wide = (robotId: string, count: number) =>
    eventsOf(robotId, count, nowMs).map((event) => event.replace(/}$/, `,"meta":{"a":"${randomUUID().repeat(50)}"}}`));
  await sink.write(batchOf('narrow-1', wide('amr-20', 1_000), nowMs), attempt('narrow-1', false));
  await sink.write(batchOf('narrow-2', wide('amr-21', 8_000), nowMs), attempt('narrow-2', false));
  const [few, many] = [await memoryOfInsert('narrow-1'), await memoryOfInsert('narrow-2')];
  expect(many).toBeGreaterThan(1.5 * few);

  const { url, passwords } = server.server;
  const limited = createClickHouse(
    parseConfig({
      CLICKHOUSE_URL: `${url}/?clickhouse_setting_max_memory_usage=${Math.round((few + many) / 2)}`,
      CLICKHOUSE_PASSWORD: passwords.writer,
    }).clickhouse
  );
  const metrics = createMetrics();
  const small = new BatchSink(limited, { timeoutMs: 20_000, metrics, log: pino({ level: 'silent' }) });
  await small.write(batchOf('narrow', wide('amr-22', 8_000), nowMs), attempt('narrow', true));
  await limited.close();
  expect((await metrics.splitInserts.get()).values[0]?.value).toBeGreaterThan(0);
  expect(await counts('amr-22', 'narrow')).toEqual({
    events: 8_000,
    tasks: 8_000,
    latest: 1,
    progress: 8_000,
    recent: 8_000,
  });
}, 120_000);

/** Offsets of the events, and places and reasons of the dead letters. */
async function recorded(topic: string): Promise<{ events: string[]; letters: string[] }> {
  const owner = server.as('owner');
  const events = await rows<{ offset: string }>(
    owner,
    `SELECT toString(r.offset) AS offset FROM warehouse.telemetry_raw AS r WHERE topic = '${topic}' ORDER BY r.offset`
  );
  const letters = await rows<{ place: string }>(
    owner,
    `SELECT concat(toString(d.offset), ' ', reason) AS place FROM warehouse.dead_letters AS d WHERE topic = '${topic}' ORDER BY d.offset`
  );
  return { events: events.map(({ offset }) => offset), letters: letters.map(({ place }) => place) };
}

test('a topic that was created again has a message at the place of an earlier dead letter that differs only in its key: both are stored', async () => {
  const nowMs = Date.now();
  const written = (key: string, isCompared: boolean) =>
    sink.write(batchOf('again', [TOMBSTONE], nowMs, { key }), attempt(`again ${key}`, isCompared));
  await written('robot-1', false);
  for (let i = 0; i < 2; i++) await written('robot-2', true);
  const owner = server.as('owner');
  await owner.command({ query: 'OPTIMIZE TABLE warehouse.dead_letters FINAL' });
  const keys = await rows(owner, "SELECT key, reason FROM warehouse.dead_letters WHERE topic = 'again' ORDER BY key");
  expect(keys).toEqual([
    { key: 'robot-1', reason: 'tombstone' },
    { key: 'robot-2', reason: 'tombstone' },
  ]);
});

test('after an upgrade between claim and commit, what was a dead letter stays one, what was an event stays one, and nothing is lost', async () => {
  const nowMs = Date.now();
  const [a = '', b = '', c = ''] = eventsOf('amr-3', 3, nowMs);
  const invalid = b.replace('"amr-3"', '""');
  // The old version accepts a and c. The new one accepts b and c: the same offsets, read in another way.
  const before = batchOf('upgraded', [a, invalid, c], nowMs);
  const after = ['{}', b, c];
  await sink.write(before, attempt('upgrade', false));
  const claimed = { claimedDigest: before.digest };
  for (let i = 0; i < 2; i++) await sink.write(batchOf('upgraded', after, nowMs, claimed), attempt('upgrade', true));
  expect(await recorded('upgraded')).toEqual({ events: ['0', '2'], letters: ['1 robot_id_invalid'] });
});

test('after an upgrade between the inserts of events and dead letters, a dead letter that became an event is stored', async () => {
  const nowMs = Date.now();
  const [a = '', b = ''] = eventsOf('amr-4', 2, nowMs);
  const before = batchOf('half', [a, b.replace('"amr-4"', '""')], nowMs);
  const eventsOnly = batchOf('half', [a], nowMs); // The process dies before the insert of the dead letters.
  await sink.write(eventsOnly, attempt('half', false));
  for (let i = 0; i < 2; i++) {
    await sink.write(batchOf('half', [a, b], nowMs, { claimedDigest: before.digest }), attempt('half', true));
  }
  expect(await recorded('half')).toEqual({ events: ['0', '1'], letters: [] });
});

test('a view that throws after a first insert of a bisected batch: a message that vanished in between changes nothing', async () => {
  const nowMs = Date.now();
  const owner = server.as('owner');
  const messages = eventsOf('amr-5', 9, nowMs);
  await owner.command({
    query: `ALTER TABLE warehouse.telemetry_raw ADD CONSTRAINT no_poison CHECK robot_id != 'amr-5' OR task_id != 'amr-5-7'`,
  });
  const first = batchOf('bisected', messages, nowMs, { keepSources: true });
  const digest = first.digest;
  await sink.write(first, attempt('bisected', false));
  const expected = { events: ['0', '1', '2', '3', '4', '5', '6', '8'], letters: ['7 refused_by_clickhouse'] };
  expect(await recorded('bisected')).toEqual(expected);

  // The ingestor died before its commit, retention took a message, and the next owner knows that tokens do not show what is stored.
  const { decode } = topicFormat(jsonReader);
  const rest = new Batch({
    of: { topic: 'bisected', partition: 0 },
    ...{ first: 0, validatedAsOfMs: nowMs, keepSources: true, claimedDigest: digest, fastPathExcept: [] },
    ...{ rows: new RowBinaryWriter(), window: new DuplicateWindow(0) },
  });
  for (const [i, message] of messages.entries()) {
    const value = Buffer.from(message);
    if (i !== 3) rest.add({ offset: String(i), timestamp: '0', arrivedAtMs: nowMs, key: null, value }, i, decode);
  }
  rest.differs = rest.digest !== digest;
  expect(rest.differs).toBe(true);
  await sink.write(rest, attempt('bisected', true));
  expect(await recorded('bisected')).toEqual(expected);
  await owner.command({ query: 'ALTER TABLE warehouse.telemetry_raw DROP CONSTRAINT no_poison' });
});
