import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ingestor } from '@floorwatch/servers/ingestor';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { AdminClient } from '../src/kafka/admin-client.ts';
import { createKafka } from '../src/kafka/kafka-client.ts';
import { startIngestRig, type IngestRig } from './ingest-rig.ts';

let rig: IngestRig;
beforeAll(async () => {
  rig = await startIngestRig();
});
afterAll(() => rig.stop());

/** The minimum that a broker allows by default. */
const SESSION_TIMEOUT_MS = 6_000;
const SHORT_SESSIONS = {
  KAFKA_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT_MS),
  CLICKHOUSE_REQUEST_TIMEOUT_MS: String(SESSION_TIMEOUT_MS - 1_000),
};

async function produce(topic: string, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 2_000) {
    const messages = Array.from({ length: Math.min(2_000, count - sent) }, (_, i) => {
      const robotId = `amr-${i % 50}`;
      const event = { event_id: randomUUID(), robot_id: robotId, ts: Date.now(), meta: { note: 'x'.repeat(100) } };
      return { key: robotId, value: JSON.stringify(event) };
    });
    await rig.produce(topic, messages);
  }
}

interface Counts {
  total: number;
  ids: number;
}

/** Physical rows, without FINAL. */
const stored = (topic: string, expected: number): Promise<Counts> =>
  rig.eventually<Counts>(
    `SELECT toInt32(count()) AS total, toInt32(uniqExact(event_id)) AS ids FROM warehouse.telemetry_raw WHERE topic = '${topic}'`,
    ({ total }) => total >= expected
  );

const assignmentsOf = (topic: string): number => rig.logOf(topic).split('"partition assigned"').length - 1;

async function metric(ingestor: Ingestor, name: string): Promise<number> {
  const text = await (await fetch(`${ingestor.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

test('while ClickHouse is down for three session timeouts the membership is kept and memory is bounded, and nothing is lost', async () => {
  const bufferBytes = 1_048_576;
  await rig.createTopic('outage');
  const ingestor = await rig.startIngestor('outage', {
    ...rig.throughProxies,
    ...SHORT_SESSIONS,
    BUFFER_MAX_BYTES: String(bufferBytes),
  });
  await produce('outage', 1_000);
  expect(await stored('outage', 1_000)).toEqual({ total: 1_000, ids: 1_000 });
  const assignments = assignmentsOf('outage');

  rig.proxies.clickhouse.refuse();
  await produce('outage', 30_000);
  let mostBytes = 0;
  for (const endMs = Date.now() + 3 * SESSION_TIMEOUT_MS; Date.now() < endMs;) {
    mostBytes = Math.max(mostBytes, await metric(ingestor, 'floorwatch_buffered_bytes'));
    await sleep(200);
  }
  expect(mostBytes).toBeGreaterThan(bufferBytes / 4);
  // Each of the two partitions may have one more fetch, which was running when it was paused.
  expect(mostBytes).toBeLessThan(bufferBytes + 2 * 524_288);
  expect(await metric(ingestor, 'floorwatch_paused_partitions{reason="memory"}')).toBe(2);
  expect((await fetch(`${ingestor.url}/readyz`)).status).toBe(503);

  rig.proxies.clickhouse.allow();
  expect(await stored('outage', 31_000)).toEqual({ total: 31_000, ids: 31_000 });
  expect(assignmentsOf('outage')).toBe(assignments);
  await ingestor.stop();
});

test('after a connection breaks in the middle of a large response, reading continues from there', async () => {
  await rig.createTopic('half-read');
  await produce('half-read', 20_000);
  rig.proxies.kafka.cutAfter(400_000);
  const ingestor = await rig.startIngestor('half-read', rig.throughProxies);
  expect(await stored('half-read', 20_000)).toEqual({ total: 20_000, ids: 20_000 });
  expect(rig.logOf('half-read')).toContain('ECONNRESET');
  await ingestor.stop();
});

test('each event is stored once while connections to the broker and to ClickHouse break repeatedly', async () => {
  await rig.createTopic('cut');
  const ingestor = await rig.startIngestor('cut', { ...rig.throughProxies, ...SHORT_SESSIONS, BATCH_MAX_MS: '50' });
  let cut = 0;
  const producing = produce('cut', 20_000);
  for (let round = 0; round < 8; round++) {
    await sleep(300);
    cut += rig.proxies.kafka.cut();
    await sleep(100);
    rig.proxies.clickhouse.cut();
  }
  await producing;
  expect(cut).toBeGreaterThan(8);
  expect(await stored('cut', 20_000)).toEqual({ total: 20_000, ids: 20_000 });
  rig.proxies.kafka.cut();
  const stoppedMs = performance.now();
  ingestor.kill('SIGTERM');
  expect(await ingestor.exited).toBe(0);
  expect(performance.now() - stoppedMs, 'drain time after many broken connections').toBeLessThan(5_000);
});

test('after a broker is down for longer than the session, the ingestor recovers and stores nothing twice', async () => {
  await rig.createTopic('away');
  const ingestor = await rig.startIngestor('away', { ...rig.throughProxies, ...SHORT_SESSIONS });
  await produce('away', 2_000);
  rig.proxies.kafka.refuse();
  await produce('away', 2_000);
  await sleep(SESSION_TIMEOUT_MS + 2_000);
  rig.proxies.kafka.allow();
  expect(await stored('away', 4_000)).toEqual({ total: 4_000, ids: 4_000 });
  await ingestor.stop();
});

test('if a broker hangs for longer than any response takes, the consumer restarts and stores nothing twice', async () => {
  await rig.createTopic('hung');
  const ingestor = await rig.startIngestor('hung', { ...rig.throughProxies, ...SHORT_SESSIONS });
  await produce('hung', 2_000);
  expect(await stored('hung', 2_000)).toEqual({ total: 2_000, ids: 2_000 });
  rig.kafka.kill('SIGSTOP');
  await expect.poll(() => rig.logOf('hung'), { timeout: 90_000 }).toContain('Kafka consumer unresponsive');
  rig.kafka.kill('SIGCONT');
  await produce('hung', 2_000);
  expect(await stored('hung', 4_000)).toEqual({ total: 4_000, ids: 4_000 });
  await ingestor.stop();
});

test('a replacement admin client works without an explicit connect', async () => {
  await rig.createTopic('replaced');
  await produce('replaced', 10);
  const { kafka } = parseConfig({ KAFKA_BROKERS: rig.brokers });
  const log = pino({ level: 'silent' });
  const fresh = () => new AdminClient(createKafka(kafka, log), log);
  const [cluster, offsets, watermarks, unasked] = [fresh(), fresh(), fresh(), fresh()];
  expect((await cluster.ask((admin) => admin.describeCluster())).clusterId).not.toBe('');
  const group = { groupId: 'unused', topics: ['replaced'] };
  expect((await offsets.ask((admin) => admin.fetchOffsets(group)))[0]?.partitions).toHaveLength(2);
  const high = (await watermarks.ask((admin) => admin.fetchTopicOffsets('replaced'))).map(({ high }) => Number(high));
  expect(high.reduce((sum, each) => sum + each)).toBe(10);
  await Promise.all([cluster, offsets, watermarks, unasked].map((each) => each.disconnect()));
});

test('nothing is lost or stored twice when an ingestor joins or leaves', async () => {
  await rig.createTopic('members');
  const first = await rig.startIngestor('members', SHORT_SESSIONS);
  const producing = produce('members', 40_000);
  const second = await rig.startIngestor('members', SHORT_SESSIONS);
  await expect.poll(() => metric(second, 'floorwatch_assigned_partitions'), { timeout: 60_000 }).toBe(1);
  await expect.poll(() => metric(first, 'floorwatch_assigned_partitions'), { timeout: 60_000 }).toBe(1);
  await first.stop();
  await expect.poll(() => metric(second, 'floorwatch_assigned_partitions'), { timeout: 60_000 }).toBe(2);
  await producing;
  await produce('members', 1_000);
  expect(await stored('members', 41_000)).toEqual({ total: 41_000, ids: 41_000 });
  await second.stop();
});
