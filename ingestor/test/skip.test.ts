import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { formatCheckpoint } from '../src/pipeline/checkpoint-metadata.ts';
import { runCommand } from './command.ts';
import { rows } from './clickhouse.ts';
import { startIngestRig, type IngestRig } from './ingest-rig.ts';

let rig: IngestRig;
beforeAll(async () => {
  rig = await startIngestRig();
});
afterAll(() => rig.stop());

const event = () => ({ event_id: randomUUID(), robot_id: 'amr-1', ts: Date.now() });
const messages = (count: number) =>
  Array.from({ length: count }, () => ({ partition: 0, value: JSON.stringify(event()) }));

async function committed(topic: string): Promise<number> {
  const [offsets] = await rig.admin.fetchOffsets({ groupId: `group-of-${topic}`, topics: [topic] });
  return Number(offsets?.partitions.find(({ partition }) => partition === 0)?.offset);
}

function skip(topic: string, ...flags: string[]) {
  return runCommand(['skip', '--topic', topic, ...flags], {
    KAFKA_BROKERS: rig.brokers,
    KAFKA_TOPIC: topic,
    KAFKA_GROUP_ID: `group-of-${topic}`,
    CLICKHOUSE_URL: rig.clickhouse.server.url,
    CLICKHOUSE_PASSWORD: rig.clickhouse.server.passwords.writer,
  });
}

test('after transactions, committed or aborted, the group has no lag: control records are committed too', async () => {
  const topic = 'transactions';
  await rig.createTopic(topic);
  const client = new Kafka({ brokers: [rig.brokers], logLevel: logLevel.NOTHING });
  const producer = client.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const ingestor = await rig.startIngestor(topic);
  for (const end of ['commit', 'abort', 'commit', 'abort'] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: messages(2) });
    await transaction[end]();
  }
  await producer.disconnect();
  // Twelve records: four times two messages and a control record.
  await vi.waitUntil(async () => (await committed(topic)) === 12, { timeout: 30_000, interval: 200 });
  const stored = await rows<{ offset: number }>(
    rig.clickhouse.as('owner'),
    `SELECT toUInt32(offset) AS offset FROM warehouse.telemetry_raw WHERE topic = '${topic}' ORDER BY offset`
  );
  expect(stored.map(({ offset }) => offset)).toEqual([0, 1, 6, 7]);
  await rig.produce(topic, messages(1));
  await vi.waitUntil(async () => (await committed(topic)) === 13, { timeout: 30_000, interval: 200 });
  await ingestor.stop();
});

test('the insert of a claimed batch ended before the views had its events: skip passes them through the views again', async () => {
  const topic = 'skipped-claim';
  const owner = rig.clickhouse.as('owner');
  await rig.createTopic(topic);
  await owner.command({ query: 'DETACH TABLE warehouse.task_runs_mv' });
  const ingestor = await rig.startIngestor(topic);
  const task = (i: number) => ({ ...event(), event_type: 'TASK_STARTED', task_id: `${topic}-${i}` });
  await rig.produce(
    topic,
    [0, 1, 2].map((i) => ({ partition: 0, value: JSON.stringify(task(i)) }))
  );
  await vi.waitUntil(async () => (await committed(topic)) === 3, { timeout: 30_000, interval: 200 });
  await ingestor.stop();
  await owner.command({ query: 'ATTACH TABLE warehouse.task_runs_mv' });
  const claim = { last: 2, validatedAsOfMs: Date.now(), digest: 'd' };
  await rig.commitStart(topic, formatCheckpoint({ epoch: 'e', claim, marks: [], compareBelow: 0 }));
  const tasks = `SELECT toUInt32(count()) AS tasks FROM warehouse.task_runs FINAL WHERE task_id LIKE '${topic}-%'`;
  expect(await rows(owner, tasks)).toEqual([{ tasks: 0 }]);

  expect(await skip(topic, '--partition', '0', '--to-offset', '3')).toMatchObject({ code: 0 });
  expect(await rows(owner, tasks)).toEqual([{ tasks: 3 }]);
});

test('skip moves a stopped group past offsets, which become one dead letter, and changes nothing else', async () => {
  const topic = 'skipped';
  await rig.createTopic(topic);
  await rig.produce(topic, messages(3));
  const first = await rig.startIngestor(topic);
  await vi.waitUntil(async () => (await committed(topic)) === 3, { timeout: 30_000, interval: 200 });
  const running = await skip(topic, '--partition', '0', '--to-offset', '5');
  expect([running.code, running.stdout]).toEqual([1, '']);
  expect(running.stderr).toContain('has 1 members');
  await first.stop();

  await rig.produce(topic, messages(4));
  const flags = ['--partition', '0', '--to-offset', '5'];
  const report = { topic, partition: 0, group: `group-of-${topic}`, from: 3, to: 5, skipped: 2 };
  expect(JSON.parse((await skip(topic, ...flags, '--dry-run')).stdout)).toEqual({ ...report, dry_run: true });
  expect(await committed(topic)).toBe(3);
  expect(JSON.parse((await skip(topic, ...flags)).stdout)).toEqual({ ...report, dry_run: false });
  expect(await committed(topic)).toBe(5);
  for (const [wrong, named] of [
    [['--partition', '0', '--to-offset', '5'], 'must be between 6 and 7'],
    [['--partition', '0', '--to-offset', '8'], 'must be between 6 and 7'],
    [['--partition', '9', '--to-offset', '6'], 'has no partition 9'],
  ] as const) {
    const { code, stderr } = await skip(topic, ...wrong);
    expect([code, stderr]).toEqual([1, expect.stringContaining(named)]);
  }

  const second = await rig.startIngestor(topic);
  await vi.waitUntil(async () => (await committed(topic)) === 7, { timeout: 30_000, interval: 200 });
  await second.stop();
  const stored = await rows<{ offset: number }>(
    rig.clickhouse.as('owner'),
    `SELECT toUInt32(offset) AS offset FROM warehouse.telemetry_raw WHERE topic = '${topic}' ORDER BY offset`
  );
  expect(stored.map(({ offset }) => offset)).toEqual([0, 1, 2, 5, 6]);
  const letters = await rows<{ reason: string }>(
    rig.clickhouse.as('owner'),
    `SELECT reason, toUInt32(offset) AS offset, detail FROM warehouse.dead_letters WHERE topic = '${topic}'`
  );
  expect(letters).toEqual([
    { reason: 'skipped_by_operator', offset: 3, detail: 'offsets 3 to 4 were skipped by `ingestor skip`' },
  ]);
});
