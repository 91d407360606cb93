import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { ClickHouseClient } from '@clickhouse/client';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonReader } from '../src/decode/json.ts';
import { topicFormat } from '../src/decode/topic-format.ts';
import { createMetrics } from '../src/metrics/metrics.ts';
import { DuplicateWindow } from '../src/pipeline/duplicate-window.ts';
import { BatchSink } from '../src/pipeline/batch-sink.ts';
import { Batch } from '../src/pipeline/batch.ts';
import { formatCheckpoint } from '../src/pipeline/checkpoint-metadata.ts';
import { RowBinaryWriter } from '../src/rows/row-binary-writer.ts';
import { createClickHouse } from '../src/clickhouse/client.ts';
import { parseConfig } from '../src/config/config.ts';
import { rows } from './clickhouse.ts';
import { startIngestRig, type IngestRig } from './ingest-rig.ts';

let rig: IngestRig;
beforeAll(async () => {
  rig = await startIngestRig();
});
afterAll(() => rig.stop());

const event = (robotId: string, fields: object = {}): string =>
  JSON.stringify({ event_id: randomUUID(), robot_id: robotId, ts: new Date().toISOString(), ...fields });
const events = (count: number, robotId: string) =>
  Array.from({ length: count }, (_, i) => ({ key: `${robotId}-${i % 7}`, value: event(`${robotId}-${i % 7}`) }));

interface Counts {
  total: number;
  ids: number;
}
const countsOf = (topic: string, isDone: (counts: Counts) => boolean) =>
  rig.eventually<Counts>(
    `SELECT toInt32(count()) AS total, toInt32(uniqExact(event_id)) AS ids FROM warehouse.telemetry_raw WHERE topic = '${topic}'`,
    isDone
  );

test('after SIGTERM what was read is durable, the exit code is 0 within 5 s, and the next start reads nothing again', async () => {
  await rig.createTopic('sigterm');
  const first = await rig.startIngestor('sigterm', { BATCH_MAX_MS: '600000' });
  await rig.produce('sigterm', events(2_000, 'amr'));
  const metricsOf = async (url: string) => (await fetch(`${url}/metrics`)).text();
  await expect.poll(() => metricsOf(first.url), { timeout: 60_000 }).toMatch(/^floorwatch_buffered_bytes [1-9]\d{5}/m);

  const startMs = performance.now();
  first.kill('SIGTERM');
  await first.exited;
  expect(performance.now() - startMs).toBeLessThan(5_000);
  expect(await countsOf('sigterm', ({ total }) => total === 2_000)).toEqual({ total: 2_000, ids: 2_000 });

  const second = await rig.startIngestor('sigterm');
  await rig.produce('sigterm', events(10, 'later'));
  expect(await countsOf('sigterm', ({ total }) => total >= 2_010)).toEqual({ total: 2_010, ids: 2_010 });
  await expect.poll(() => metricsOf(second.url), { timeout: 60_000 }).toMatch(/^floorwatch_messages_total 10$/m);
  await second.stop();
});

test('with 64 busy partitions, inserts keep to BATCH_MAX_PER_SECOND, and each event is stored once', async () => {
  await createTopic({ brokers: rig.brokers, topic: 'many-partitions', partitions: 64 });
  const ingestor = await rig.startIngestor('many-partitions', { BATCH_MAX_PER_SECOND: '8' });
  const metric = async (name: string) =>
    Number(new RegExp(`^${name} (.+)$`, 'm').exec(await (await fetch(`${ingestor.url}/metrics`)).text())?.[1]);
  const startMs = performance.now();
  let produced = 0;
  let mostDelayed = 0;
  // Without the limit, there would be up to 200 inserts per second. The bound grows with the time that this takes on a slow machine.
  while (produced < 64 * 20 || mostDelayed === 0 || (await metric('ch_insert_batches_total')) < 64) {
    const oneForEach = Array.from({ length: 64 }, (_, partition) => ({ partition, value: event(`amr-${partition}`) }));
    await rig.produce('many-partitions', oneForEach);
    produced += 64;
    await sleep(200);
    mostDelayed = Math.max(mostDelayed, await metric('floorwatch_delayed_batches'));
  }
  const inserts = await metric('ch_insert_batches_total');
  expect(inserts).toBeLessThanOrEqual(8 * ((performance.now() - startMs) / 1_000 + 1));
  const all = { total: produced, ids: produced };
  expect(await countsOf('many-partitions', ({ total }) => total >= produced)).toEqual(all);
  await ingestor.stop();
});

test("a producer's duplicates are dropped, also by an ingestor that starts after the first copy", async () => {
  await rig.createTopic('repeated');
  const messages = events(1_000, 'amr');
  await rig.produce('repeated', messages);
  const first = await rig.startIngestor('repeated');
  expect(await countsOf('repeated', ({ total }) => total >= 1_000)).toEqual({ total: 1_000, ids: 1_000 });
  await first.stop();
  await rig.produce('repeated', messages);
  await rig.produce('repeated', events(10, 'later'));
  const second = await rig.startIngestor('repeated');
  await expect
    .poll(async () => (await fetch(`${second.url}/metrics`)).text(), { timeout: 60_000 })
    .toMatch(/^floorwatch_duplicate_events_total 1000$/m);
  expect(await countsOf('repeated', ({ total }) => total >= 1_010)).toEqual({ total: 1_010, ids: 1_010 });
  await second.stop();
});

test('invalid messages become dead letters with their bytes, and the stream continues', async () => {
  await rig.createTopic('bad');
  const ingestor = await rig.startIngestor('bad');
  const invalidUtf8 = Buffer.from('{"robot_id":"\xff\xfe"}', 'latin1');
  const large = Buffer.alloc(5_000_000, 0x20);
  await rig.produce('bad', [
    { key: 'k', value: null },
    { key: 'k', value: invalidUtf8 },
    { key: 'k', value: `${event('amr-1')}\n{"robot_id":"amr-1","ts":0}\n${event('amr-2')}` },
    { key: 'k', value: event('amr-3', { battery: 300 }) },
    { key: 'k', value: event('x'.repeat(10_000)) },
  ]);
  await rig.produce('bad', [{ key: 'k', value: large }]);
  await rig.produce('bad', [{ key: 'k', value: event('amr-4', { event_type: 'NEW_IN_FIRMWARE_9' }) }]);
  expect(await countsOf('bad', ({ total }) => total >= 3)).toEqual({ total: 3, ids: 3 });
  await rig.eventually<{ letters: number }>(
    "SELECT toInt32(count()) AS letters FROM warehouse.dead_letters WHERE topic = 'bad'",
    ({ letters }) => letters >= 6
  );
  const letters = await rows<{ reason: string; part: number; bytes: number; head: string }>(
    rig.clickhouse.as('owner'),
    `SELECT reason, part, toInt32(length(raw)) AS bytes, hex(substring(raw, 1, 16)) AS head
     FROM warehouse.dead_letters WHERE topic = 'bad' ORDER BY offset, part`
  );
  expect(letters.map(({ reason, part, bytes }) => [reason, part, bytes])).toEqual([
    ['tombstone', 0, 0],
    ['invalid_utf8', 0, invalidUtf8.length],
    ['ts_too_old', 1, 27],
    ['battery_out_of_range', 0, expect.any(Number)],
    ['robot_id_invalid', 0, expect.any(Number)],
    ['message_too_large', 0, large.length],
  ]);
  expect(letters[1]?.head).toBe(invalidUtf8.subarray(0, 16).toString('hex').toUpperCase());
  await ingestor.stop();
});

test('beside the Kafka engine, messages without a value still become dead letters, and nothing else is written', async () => {
  await rig.createTopic('beside');
  const ingestor = await rig.startIngestor('beside', { INGEST_PATH: 'engine' });
  await rig.produce('beside', [
    { key: 'k', value: null },
    { key: 'k', value: event('amr-1') },
    { key: 'k', value: 'not JSON' },
    { key: 'k', value: Buffer.alloc(0) },
  ]);
  const letters = await rig.eventually<{ count: number; reasons: string[]; offsets: number[] }>(
    `SELECT toInt32(count()) AS count, groupUniqArray(reason) AS reasons,
       arraySort(groupArray(toInt32(offset))) AS offsets
     FROM warehouse.dead_letters WHERE topic = 'beside'`,
    ({ count }) => count >= 2
  );
  expect(letters).toEqual({ count: 2, reasons: ['tombstone'], offsets: [0, 3] });
  await ingestor.stop();
  expect(await countsOf('beside', () => true)).toEqual({ total: 0, ids: 0 });
});

test('a row that only ClickHouse rejects is one dead letter', async () => {
  const owner = rig.clickhouse.as('owner');
  await owner.command({
    query: "ALTER TABLE warehouse.telemetry_raw ADD CONSTRAINT no_poison CHECK robot_id != 'poison'",
  });
  await rig.createTopic('poison');
  const ingestor = await rig.startIngestor('poison');
  await rig.produce('poison', [...events(50, 'a'), { key: 'a-1', value: event('poison') }, ...events(50, 'b')]);
  await rig.produce('poison', [{ key: 'a-1', value: [event('c'), event('poison'), event('c')].join('\n') }]);
  expect(await countsOf('poison', ({ total }) => total >= 102)).toEqual({ total: 102, ids: 102 });
  const letter = await rig.eventually<{ parts: number[]; reasons: string[]; robots: string[] }>(
    `SELECT arraySort(groupArray(toInt32(part))) AS parts, groupUniqArray(reason) AS reasons,
       groupUniqArray(JSONExtractString(raw, 'robot_id')) AS robots
     FROM warehouse.dead_letters WHERE topic = 'poison'`,
    ({ parts }) => parts.length > 1
  );
  expect(letter).toEqual({ parts: [0, 1], reasons: ['refused_by_clickhouse'], robots: ['poison'] });
  await ingestor.stop();
  await owner.command({ query: 'ALTER TABLE warehouse.telemetry_raw DROP CONSTRAINT no_poison' });
});

test('while inserts fail, /readyz and /metrics show the name of the error and no text of ClickHouse', async () => {
  const topic = 'refused';
  const owner = rig.clickhouse.as('owner');
  await rig.createTopic(topic);
  const ingestor = await rig.startIngestor(topic);
  await rig.produce(topic, events(1, 'amr'));
  await countsOf(topic, ({ total }) => total >= 1);
  await owner.command({
    query: 'ALTER TABLE warehouse.telemetry_raw MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1',
  });
  const read = async (path: string): Promise<string> => (await fetch(`${ingestor.url}/${path}`)).text();
  try {
    await rig.produce(topic, events(1, 'amr'));
    await expect.poll(() => read('readyz'), { timeout: 60_000 }).toContain('refused TOO_MANY_PARTS');
    const [readyz, metrics] = [await read('readyz'), await read('metrics')];
    expect(metrics).toContain('floorwatch_inserts_failing{reason="refused",code="TOO_MANY_PARTS"} 1');
    expect(rig.logOf(topic)).toMatch(/Too many parts .* in table/);
    expect(readyz + metrics).not.toMatch(/Too many parts|in table|warehouse\./);
  } finally {
    await owner.command({
      query: 'ALTER TABLE warehouse.telemetry_raw RESET SETTING parts_to_delay_insert, parts_to_throw_insert',
    });
  }
  expect(await countsOf(topic, ({ total }) => total >= 2)).toEqual({ total: 2, ids: 2 });
  await ingestor.stop();
});

test('with DEAD_LETTER_TOPIC, rejected messages are copied to it unchanged, with the reason and the place, also one that is too large for it', async () => {
  const [topic, letters] = ['copied', 'copied.dlq'];
  await rig.createTopic(topic);
  await rig.admin.createTopics({
    topics: [{ topic: letters, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '20000' }] }],
  });
  const ingestor = await rig.startIngestor(topic, { DEAD_LETTER_TOPIC: letters });
  const broken = [
    { key: 'amr-1', value: '{"robot_id":', headers: { trace: 'abc', many: ['a', 'b'] } },
    { key: 'amr-2', value: JSON.stringify([{ robot_id: 'amr-2', ts: Date.now() }, {}, {}]) },
    { key: 'amr-3', value: null },
    { key: 'amr-4', value: `{"robot_id":"${'x'.repeat(30_000)}"` },
  ];
  await rig.produce(
    topic,
    [...events(1, 'amr'), ...broken].map((message) => ({ ...message, partition: 0 }))
  );

  const consumer = new Kafka({ brokers: [rig.brokers], logLevel: logLevel.NOTHING }).consumer({ groupId: letters });
  await consumer.connect();
  await consumer.subscribe({ topic: letters, fromBeginning: true });
  const copies: { key: string | undefined; value: string | null; headers: Record<string, string> }[] = [];
  await consumer.run({
    eachMessage: ({ message: { key, value, headers } }) => {
      const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
      copies.push({
        ...{ key: key?.toString(), value: value?.toString() ?? null },
        headers: Object.fromEntries(texts) as Record<string, string>,
      });
      return Promise.resolve();
    },
  });
  await expect.poll(() => copies.length, { timeout: 60_000 }).toBe(4);
  const from = (offset: number) => ({
    ...{ 'floorwatch.topic': topic, 'floorwatch.partition': '0', 'floorwatch.offset': String(offset) },
  });
  expect(copies).toMatchObject([
    { ...broken[0], headers: { ...from(1), trace: 'abc', many: 'a,b', 'floorwatch.reason': 'invalid_json' } },
    { ...broken[1], headers: { ...from(2), 'floorwatch.reason': 'robot_id_missing' } },
    { ...broken[2], headers: { ...from(3), 'floorwatch.reason': 'tombstone' } },
    { key: 'amr-4', value: null, headers: { ...from(4), 'floorwatch.omitted_value_bytes': '30014' } },
  ]);
  const stored = `SELECT toInt32(count()) AS letters FROM warehouse.dead_letters WHERE topic = '${topic}'`;
  expect(await rows(rig.clickhouse.as('owner'), stored)).toEqual([{ letters: 5 }]);
  await consumer.disconnect();
  await ingestor.stop();
});

test('a topic that is deleted and created again is read from its start', async () => {
  await rig.createTopic('again');
  const ingestor = await rig.startIngestor('again');
  await rig.produce('again', events(100, 'old'));
  await countsOf('again', ({ total }) => total >= 100);
  await rig.admin.deleteTopics({ topics: ['again'] });
  await expect.poll(() => rig.admin.listTopics(), { timeout: 60_000 }).not.toContain('again');
  await rig.createTopic('again');
  await rig.produce('again', events(100, 'new'));
  expect(await countsOf('again', ({ total }) => total >= 200)).toEqual({ total: 200, ids: 200 });
  await ingestor.stop();
});

test('an insert ends before the views have its events, and its topic is deleted before it is repeated: the views get the events', async () => {
  const topic = 'deleted-while-inserting';
  const owner = rig.clickhouse.as('owner');
  const robot = 'deleted-log';
  const views = ['task_runs_mv', 'rollup_events_mv', 'robot_latest_mv'];
  const task = (_: unknown, i: number) => event(robot, { event_type: 'TASK_STARTED', task_id: `${topic}-${i}` });
  await rig.createTopic(topic);
  const sessions = { KAFKA_SESSION_TIMEOUT_MS: '6000', CLICKHOUSE_REQUEST_TIMEOUT_MS: '5000' };
  const first = await rig.startIngestor(topic, sessions);
  // What such an insert leaves: the events, without the rows of the views.
  for (const view of views) await owner.command({ query: `DETACH TABLE warehouse.${view}` });
  await rig.produce(
    topic,
    Array.from({ length: 20 }, task).map((value) => ({ partition: 0, value }))
  );
  await countsOf(topic, ({ total }) => total >= 20);
  first.kill('SIGKILL');
  await first.exited;
  for (const view of views) await owner.command({ query: `ATTACH TABLE warehouse.${view}` });
  await rig.admin.deleteTopics({ topics: [topic] });
  await expect.poll(() => rig.admin.listTopics(), { timeout: 60_000 }).not.toContain(topic);
  await rig.createTopic(topic);

  const second = await rig.startIngestor(topic, sessions);
  const found = await rig.eventually<{ tasks: number; recent: number; latest: number }>(
    `SELECT
      (SELECT toInt32(count()) FROM warehouse.task_runs FINAL WHERE robot_id = '${robot}') AS tasks,
      (SELECT toInt32(count()) FROM warehouse.rollup_events FINAL WHERE robot_id = '${robot}') AS recent,
      (SELECT toInt32(count()) FROM warehouse.robot_latest FINAL WHERE robot_id = '${robot}') AS latest`,
    ({ tasks, recent, latest }) => tasks >= 20 && recent >= 20 && latest >= 1
  );
  expect(found).toEqual({ tasks: 20, recent: 20, latest: 1 });
  await second.stop();
});

test('a group whose offsets Kafka forgot: the messages are compared with storage, and none is stored twice', async () => {
  const topic = 'forgotten-offsets';
  await rig.createTopic(topic);
  const first = await rig.startIngestor(topic);
  await rig.produce(topic, [...events(500, 'amr'), { key: 'k', value: 'broken' }]);
  await countsOf(topic, ({ total }) => total >= 500);
  const metricOf = async (url: string, name: string) =>
    new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  await expect.poll(() => metricOf(first.url, 'floorwatch_messages_total'), { timeout: 60_000 }).toBe('501');
  await first.stop();
  await rig.admin.deleteGroups([`group-of-${topic}`]);
  await rig.produce(topic, events(10, 'later'));

  const second = await rig.startIngestor(topic);
  await expect.poll(() => metricOf(second.url, 'floorwatch_messages_total'), { timeout: 60_000 }).toBe('511');
  expect(await countsOf(topic, ({ total }) => total >= 510)).toEqual({ total: 510, ids: 510 });
  const letters = `SELECT count() AS letters FROM warehouse.dead_letters WHERE topic = '${topic}'`;
  expect(await rows(rig.clickhouse.as('owner'), letters)).toEqual([{ letters: 1 }]);
  expect(Number(await metricOf(second.url, 'floorwatch_compared_batches_total'))).toBeGreaterThan(0);
  expect(await metricOf(second.url, 'floorwatch_new_epochs_total{reason="missing"}')).toBe('2');
  expect(rig.logOf(topic)).toContain('does not describe this log');
  await second.stop();
});

describe('a batch that is repeated', () => {
  let client: ClickHouseClient;
  let sink: BatchSink;
  const attempt = (token: string, isCompared = true) => ({
    ...{ token, signal: new AbortController().signal },
    mustCompare: () => isCompared,
    distrust: () => Promise.resolve(),
  });
  beforeAll(() => {
    const { url, passwords } = rig.clickhouse.server;
    client = createClickHouse(parseConfig({ CLICKHOUSE_URL: url, CLICKHOUSE_PASSWORD: passwords.writer }).clickhouse);
    sink = new BatchSink(client, { timeoutMs: 20_000, metrics: createMetrics(), log: pino({ level: 'silent' }) });
  });
  afterAll(() => client.close());

  function batchOf(topic: string, messages: readonly string[], claimedMs: number, arrivedAtMs: number): Batch {
    const batch = new Batch({
      of: { topic, partition: 0 },
      ...{ first: 0, validatedAsOfMs: claimedMs, keepSources: false, fastPathExcept: [] },
      rows: new RowBinaryWriter(),
      window: new DuplicateWindow(0),
    });
    const { decode } = topicFormat(jsonReader);
    for (const [i, message] of messages.entries()) {
      const value = Buffer.from(message);
      batch.add({ offset: String(i), timestamp: '0', arrivedAtMs, key: null, value }, i, decode);
    }
    return batch;
  }
  const messagesOf = (count: number, broken: string, fields: object = {}) => [
    ...Array.from({ length: count }, () => event('amr-9', fields)),
    broken,
  ];
  const letters = async (topic: string): Promise<string[]> => {
    const query = `SELECT raw FROM warehouse.dead_letters WHERE topic = '${topic}'`;
    return (await rows<{ raw: string }>(rig.clickhouse.as('owner'), query)).map(({ raw }) => raw);
  };

  async function abortMessage(topic: string): Promise<void> {
    const options = { transactionalId: topic, maxInFlightRequests: 1, idempotent: true };
    const producer = new Kafka({ brokers: [rig.brokers], logLevel: logLevel.NOTHING }).producer(options);
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ partition: 0, value: event('amr-9') }] });
    await transaction.abort();
    await producer.disconnect();
  }

  test('after ClickHouse has forgotten its token: only the missing rows are added, though all arrived later', async () => {
    const messages = messagesOf(20, 'broken');
    const claimedMs = Date.now() - 120_000;
    await sink.write(batchOf('forgotten', messages.slice(0, 5), claimedMs, claimedMs), attempt('first-token'));
    await sink.write(batchOf('forgotten', messages, claimedMs, claimedMs + 1), attempt('second-token'));
    await sink.write(batchOf('forgotten', messages, claimedMs, Date.now()), attempt('third-token'));
    expect(await countsOf('forgotten', () => true)).toEqual({ total: 20, ids: 20 });
    expect(await letters('forgotten')).toEqual(['broken']);
  });

  test('of a topic that was created again: other messages at the same offsets are not mistaken for stored ones', async () => {
    const claimedMs = Date.now() - 120_000;
    const laterMs = claimedMs + 30_000;
    await sink.write(batchOf('made-again', messagesOf(20, 'broken'), claimedMs, claimedMs), attempt('epoch-1'));
    await sink.write(batchOf('made-again', messagesOf(20, 'broken too'), laterMs, laterMs), attempt('epoch-2'));
    expect(await countsOf('made-again', () => true)).toEqual({ total: 40, ids: 40 });
    // Also after a merge: the place alone does not identify a dead letter.
    await rig.clickhouse.as('owner').command({ query: 'OPTIMIZE TABLE warehouse.dead_letters FINAL' });
    expect((await letters('made-again')).sort()).toEqual(['broken', 'broken too']);
  });

  test('whose last message is gone, by an ingestor that dies before its insert: the next one adds no row twice', async () => {
    const topic = 'last-gone';
    await rig.createTopic(topic);
    const messages = messagesOf(3, 'broken').slice(0, 3);
    const toPartition0 = (values: string[]) => values.map((value) => ({ partition: 0, value }));
    await rig.produce(topic, toPartition0(messages));
    await abortMessage(topic); // Offset 3, which no consumer gets to see.
    const nowMs = Date.now();
    await sink.write(batchOf(topic, messages, nowMs, nowMs), attempt('first-token', false));
    const claim = { last: 3, validatedAsOfMs: nowMs, digest: 'of 4 messages' };
    const checkpoint = formatCheckpoint({ epoch: 'epoch', claim, marks: [], compareBelow: 0 });
    await rig.commitStart(topic, checkpoint);

    const sessions = { KAFKA_SESSION_TIMEOUT_MS: '6000', CLICKHOUSE_REQUEST_TIMEOUT_MS: '5000' };
    const settings = { ...rig.throughProxies, ...sessions };
    const second = await rig.startIngestor(topic, settings);
    await expect.poll(() => rig.logOf(topic), { timeout: 60_000 }).toContain('partition assigned');
    rig.proxies.clickhouse.refuse();
    await rig.produce(topic, toPartition0([event('amr-9')]));
    await expect.poll(() => rig.logOf(topic), { timeout: 60_000 }).toContain('insert failed');
    second.kill('SIGKILL');
    await second.exited;
    rig.proxies.clickhouse.allow();
    expect(rig.logOf(topic)).toContain('last message of the claimed batch is gone from the log');

    const third = await rig.startIngestor(topic, settings);
    await rig.produce(topic, toPartition0([event('amr-9')]));
    expect(await countsOf(topic, ({ total }) => total >= 5)).toEqual({ total: 5, ids: 5 });
    expect(await (await fetch(`${third.url}/metrics`)).text()).toMatch(/^floorwatch_compared_batches_total 1$/m);
    await third.stop();
  });

  test('while its token is known: neither the tables nor what the views wrote change, though all arrived later', async () => {
    const task = { task_id: 'repeated', event_type: 'TASK_STARTED' };
    const messages = messagesOf(20, 'broken', task);
    const nowMs = Date.now();
    const physicalRows = () =>
      rows(
        rig.clickhouse.as('owner'),
        `SELECT
          (SELECT count() FROM warehouse.telemetry_raw WHERE topic = 'known') AS events,
          (SELECT count() FROM warehouse.dead_letters WHERE topic = 'known') AS letters,
          (SELECT sum(rows) FROM warehouse.path_progress WHERE topic = 'known') AS progress,
          (SELECT count() FROM warehouse.task_runs WHERE task_id = 'repeated') AS tasks`
      );
    await rig.clickhouse.as('owner').command({ query: 'DETACH TABLE warehouse.path_progress_mv' });
    await sink.write(batchOf('known', messages, nowMs, nowMs), attempt('known-token', false));
    const counts = { events: 20, letters: 1, progress: 0, tasks: 1 };
    expect(await physicalRows()).toEqual([counts]);
    await rig.clickhouse.as('owner').command({ query: 'ATTACH TABLE warehouse.path_progress_mv' });
    // As after a crash between the insert of the events and of a view's rows.
    await sink.write(batchOf('known', messages, nowMs, nowMs + 5_000), attempt('known-token', false));
    expect(await physicalRows()).toEqual([{ ...counts, progress: 20 }]);
    await sink.write(batchOf('known', messages, nowMs, nowMs + 9_000), attempt('known-token', false));
    expect(await physicalRows()).toEqual([{ ...counts, progress: 20 }]);
  });
});

test('a topic that is created later and matches the pattern is read from its first message, and its lag is measured', async () => {
  for (const topic of ['site-a.telemetry', 'site-a.commands']) await rig.createTopic(topic);
  await rig.produce('site-a.commands', events(5, 'command'));
  const ingestor = await rig.startIngestor('pattern', {
    KAFKA_TOPIC: '^site-.+[.]telemetry$',
    LAG_INTERVAL_MS: '1000',
  });
  await rig.produce('site-a.telemetry', events(5, 'a'));
  expect(await countsOf('site-a.telemetry', ({ total }) => total === 5)).toEqual({ total: 5, ids: 5 });
  await rig.createTopic('site-b.telemetry');
  await rig.produce('site-b.telemetry', events(5, 'b'));
  await rig.produce('site-a.telemetry', events(5, 'a'));
  expect(await countsOf('site-b.telemetry', ({ total }) => total === 5)).toEqual({ total: 5, ids: 5 });
  expect(await countsOf('site-a.telemetry', ({ total }) => total === 10)).toEqual({ total: 10, ids: 10 });
  await expect
    .poll(async () => (await fetch(`${ingestor.url}/metrics`)).text(), { timeout: 60_000 })
    .toMatch(/^floorwatch_consumer_lag_messages\{[^}]*topic="site-b[.]telemetry"[^}]*\} 0$/m);
  expect(await countsOf('site-a.commands', () => true)).toEqual({ total: 0, ids: 0 });
  // The last lag of a deleted topic would be reported without end.
  await rig.admin.deleteTopics({ topics: ['site-b.telemetry'] });
  await expect
    .poll(async () => (await fetch(`${ingestor.url}/metrics`)).text(), { timeout: 60_000 })
    .not.toMatch(/^floorwatch_consumer_lag_\w+\{[^}]*topic="site-b[.]telemetry"/m);
  await ingestor.stop();
});
