import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventIdFor } from '@floorwatch/contract/event-id';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { vda5050StateV2 } from '@floorwatch/servers/messages/native-messages';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka as KafkaClient, logLevel, type Admin, type Message, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { dateTime, rollUp } from './stored-events.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');
/** The key with which its first line starts. */
const FLAGS = ['--disable-warning=TimeoutNegativeWarning'];
const TOPIC = 'cold';
const EVENTS = 60_000;
/** One whole hour, 40 days ago: in a past month, and in one partition of the table. */
const hourMs = Math.floor((Date.now() - 40 * 86_400_000) / 3_600_000) * 3_600_000;
const month = new Date(hourMs).toISOString().slice(0, 7);
const directory = mkdtempSync(join(tmpdir(), 'floorwatch-backfill-topic-'));

let kafka: Kafka;
let clickhouse: TestServer;
let client: KafkaClient;
let admin: Admin;
let producer: Producer;

beforeAll(async () => {
  [kafka, clickhouse] = await Promise.all([startKafka({ dataDir: join(directory, 'kafka') }), startTestServer()]);
  await migrate(clickhouse.as('owner'));
  client = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
  admin = client.admin();
  producer = client.producer();
  await Promise.all([admin.connect(), producer.connect()]);
});
afterAll(async () => {
  await Promise.all([producer.disconnect(), admin.disconnect()]);
  await Promise.all([clickhouse.stop(), kafka.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

const message = (n: number, fields: object = {}): Message => ({
  partition: n % 2,
  value: JSON.stringify({
    event_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    ...{ robot_id: `amr-${n % 20}`, ts: hourMs + Math.floor((n * 3_600_000) / EVENTS), state: 'working' },
    ...fields,
  }),
});

async function publish(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 10_000) {
    const messages = Array.from({ length: Math.min(10_000, to - n) }, (_, i) => message(n + i));
    await producer.send({ topic: TOPIC, messages });
  }
}

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `ingestor backfill`; kills it with SIGKILL when its output matches `killAt`. */
function backfill(args: readonly string[], env: Record<string, string> = {}, killAt?: RegExp): Promise<Run> {
  const { url, passwords } = clickhouse.server;
  const owner = { CLICKHOUSE_URL: url, CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner };
  const environment = { ...process.env, ...owner, KAFKA_BROKERS: kafka.brokers, ...env };
  const child = spawn(process.execPath, [...FLAGS, MAIN, 'backfill', '--month', month, ...args], { env: environment });
  const run: Run = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    run.stderr += chunk.toString();
    if (killAt?.test(run.stderr)) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ ...run, code });
    });
  });
}

const stored = async (): Promise<number> => {
  const [row] = await rows<{ n: number }>(
    clickhouse.as('owner'),
    `SELECT count() AS n FROM warehouse.telemetry_raw AS r FINAL WHERE r.topic = '${TOPIC}' OR r.robot_id = 'live'`
  );
  return Number(row?.n);
};

test('a backfill of a growing topic, killed while it loads, adds everything once, and nothing before all of it', async () => {
  await createTopic({ brokers: kafka.brokers, topic: TOPIC, partitions: 2 });
  await publish(0, 2 * EVENTS);
  const { ts, ...live } = { robot_id: 'live', ts: dateTime(hourMs), source: 'ingestor' };
  await clickhouse.as('owner').insert({
    table: 'warehouse.telemetry_raw',
    values: [{ ...live, ts, event_id: crypto.randomUUID() }],
    format: 'JSONEachRow',
  });

  const killed = await backfill(['--topic', TOPIC], {}, /cold\/1: 50000 messages \(offset 50000 of 60000\)/);
  expect(killed.code, killed.stderr).toBeNull();
  expect(await stored()).toBe(1);
  // After the first attempt and before the second: an event without an id, one of another month, and an invalid one.
  const [withoutId, otherMonth] = [{ event_id: null }, { ts: Date.now() + 3_600_000 }];
  await producer.send({
    topic: TOPIC,
    messages: [message(1, withoutId), message(3, otherMonth), message(5, { battery: 300 })],
  });
  const rejected = await backfill(['--topic', TOPIC]);
  expect(rejected.code).toBe(1);
  expect(rejected.stderr).toContain('cold/1:60002: battery_out_of_range');
  expect(rejected.stderr).toContain('1 events were rejected and nothing was swapped in');
  expect(await stored()).toBe(1);

  const loading = await backfill(['--topic', TOPIC, '--skip-rejected'], {}, /cold\/1: 50000 messages/);
  expect(loading.code, loading.stderr).toBeNull();
  const last = await backfill(['--topic', TOPIC, '--skip-rejected']);
  expect(last.code, last.stderr).toBe(0);
  expect(last.stderr).not.toContain('cold/0:');
  expect(JSON.parse(last.stdout)).toEqual({
    ...{ messages: 2 * EVENTS + 3, rows: 2 * EVENTS + 1, rejected: 1, outside: 1 },
    ...{ distinct: 2 * EVENTS + 1, known: 0 },
  });
  expect(await stored()).toBe(2 * EVENTS + 2);
  // It has the same id as on the live path.
  const derived = `SELECT count() AS n FROM warehouse.telemetry_raw WHERE event_id = '${eventIdFor(TOPIC, 1, EVENTS, 0)}'`;
  expect(await rows(clickhouse.as('owner'), derived)).toEqual([{ n: 1 }]);
  await rollUp(clickhouse.as('owner'));
  const minutes = `SELECT sum(events) AS events FROM warehouse.v_robot_minutes`;
  expect(await rows(clickhouse.as('reader'), minutes)).toEqual([{ events: 2 * EVENTS + 2 }]);
});

test('a second backfill finds all events stored, and adds nothing', async () => {
  const { groups } = await admin.listGroups();
  const { stdout } = await backfill(['--topic', TOPIC, '--skip-rejected']);
  expect(JSON.parse(stdout)).toMatchObject({ distinct: 2 * EVENTS + 1, known: 2 * EVENTS + 1 });
  expect(await stored()).toBe(2 * EVENTS + 2);
  // It read with a temporary group, which is removed.
  const left = (await admin.listGroups()).groups.filter(
    ({ groupId }) => !groups.some((group) => group.groupId === groupId)
  );
  expect(left).toEqual([]);
});

test('a backfill of a transactional, masked topic in another format ends at the last message', async () => {
  const topic = 'cold.vda';
  await createTopic({ brokers: kafka.brokers, topic, partitions: 2 });
  const robots = client.producer({ transactionalId: 'robots', maxInFlightRequests: 1, idempotent: true });
  await robots.connect();
  // Each transaction ends with a marker, which has an offset but is not a message.
  for (const serial of ['7', '8']) {
    const transaction = await robots.transaction();
    const value = JSON.stringify(vda5050StateV2(serial, hourMs + Number(serial)));
    await transaction.send({ topic, messages: [{ partition: 0, value }] });
    await transaction.commit();
  }
  await robots.disconnect();
  const { code, stdout, stderr } = await backfill(['--topic', topic], {
    ...{ KAFKA_TOPIC: topic, TOPIC_FORMATS: `${topic}=vda5050` },
    ...{ MASK_FIELDS: 'robot_id=hash', MASK_SALT: 'sixteen characters' },
  });
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ messages: 2, rows: 2, distinct: 2, known: 0 });
  const found = await rows<{ robot_id: string; x: number }>(
    clickhouse.as('owner'),
    `SELECT robot_id, x FROM warehouse.telemetry_raw WHERE topic = '${topic}'`
  );
  expect(found).toMatchObject([{ x: 3 }, { x: 3 }]);
  for (const { robot_id } of found) expect(robot_id).toMatch(/^[0-9a-f]{32}$/);
});

test('an impossible backfill is an error that names the cause', async () => {
  expect((await backfill([])).stderr).toBe('Give either --file or --topic.\n');
  expect((await backfill(['--topic', 'colder'])).stderr).toContain('Kafka has no topic colder');
  expect((await backfill(['--topic', TOPIC, '--month', '2020-01'])).stderr).toBe(
    '--month 2020-01: events are kept for 90 days, and that month is older\n'
  );
  expect((await backfill(['--topic', TOPIC], { KAFKA_BROKERS: '127.0.0.1:9' })).stderr).toMatch(
    /Kafka cannot be reached .*Is KAFKA_BROKERS right/
  );
});
