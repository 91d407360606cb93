import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { rows } from './clickhouse.ts';
import { runCommand, type Ended } from './command.ts';
import { startIngestRig, type IngestRig } from './ingest-rig.ts';

const EVENTS = 3_000;
const ROBOTS = 7;
const MALFORMED = ['not json', '{"robot_id":"r"}', '[{"robot_id":"r","ts":0},{"robot_id":"r"}]'];
/** `MALFORMED` makes four dead letters. */
const LETTERS = 4;
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-replay-'));

let rig: IngestRig;
/** After the first half of each topic has been sent, and before the second. */
let middleMs: number;

const env = (more: Record<string, string> = {}) => ({
  KAFKA_BROKERS: rig.brokers,
  CLICKHOUSE_URL: rig.clickhouse.server.url,
  CLICKHOUSE_PASSWORD: rig.clickhouse.server.passwords.writer,
  ...more,
});
const replay = (args: string[], more: Record<string, string> = {}) => runCommand(['replay', ...args], env(more));
const reportOf = ({ stdout }: Ended) => JSON.parse(stdout) as Record<string, unknown>;
const event = (fields: object = {}): string =>
  JSON.stringify({ robot_id: 'amr-0', ts: new Date().toISOString(), state: 'working', battery: 50, ...fields });
/** Every third event has no id of its own. */
const events = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    key: `amr-${i % ROBOTS}`,
    value: event({ robot_id: `amr-${i % ROBOTS}`, ...(i % 3 === 0 ? {} : { event_id: randomUUID() }) }),
  }));

interface Stored {
  total: number;
  distinct: number;
  letters: number;
  replayed: number;
}
async function stored(topic: string): Promise<Stored> {
  const [row] = await rows<Stored>(
    rig.clickhouse.as('owner'),
    `SELECT toInt32(count()) AS total, toInt32(uniqExact(robot_id, ts, event_id)) AS distinct, toInt32(countIf(source = 'replay')) AS replayed,
       (SELECT toInt32(count()) FROM warehouse.dead_letters WHERE topic = '${topic}') AS letters
     FROM warehouse.telemetry_raw WHERE topic = '${topic}'`
  );
  if (!row) throw new Error('no answer');
  return row;
}
const everything = (replayed: number): Stored => ({ total: EVENTS, distinct: EVENTS, letters: LETTERS, replayed });
const endsOf = async (topic: string) =>
  (await rig.admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, high: Number(high) }));
const groups = async () => (await rig.admin.listGroups()).groups.map(({ groupId }) => groupId);

async function fill(topic: string): Promise<void> {
  await rig.createTopic(topic);
  const all = events(EVENTS);
  await rig.produce(topic, all.slice(0, EVENTS / 2));
  middleMs = Date.now() + 1;
  await new Promise((resolve) => setTimeout(resolve, 20));
  await rig.produce(topic, [...all.slice(EVENTS / 2), ...MALFORMED.map((value) => ({ key: 'bad', value }))]);
}

beforeAll(async () => {
  rig = await startIngestRig();
});
afterAll(async () => {
  await rig.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('of a topic that the live path has read', () => {
  const live = 'group-of-live';

  beforeAll(async () => {
    await fill('live');
    const ingestor = await rig.startIngestor('live');
    const isStored = async () => {
      const { total, letters } = await stored('live');
      return total === EVENTS && letters === LETTERS;
    };
    await vi.waitUntil(isStored, { timeout: 60_000, interval: 200 });
    await ingestor.stop();
  });

  test('it adds nothing, leaves the offsets of the live group, and removes its own group', async () => {
    const before = await rig.admin.fetchOffsets({ groupId: live, topics: ['live'] });
    const ended = await replay(['--topic', 'live', '--from', 'earliest'], { KAFKA_GROUP_ID: live });
    expect(ended).toMatchObject({ code: 0 });
    expect(reportOf(ended)).toMatchObject({
      ...{ complete: true, messages: EVENTS + MALFORMED.length, events: EVENTS, added: 0, dead_letters_added: 0 },
      rejected: { invalid_json: 1, ts_missing: 2, ts_too_old: 1 },
    });
    expect(await stored('live')).toEqual(everything(0));
    expect(await rig.admin.fetchOffsets({ groupId: live, topics: ['live'] })).toEqual(before);
    expect((await groups()).filter((group) => group.includes('-replay-'))).toEqual([]);
  });

  test('outside the deduplication window too', async () => {
    const owner = rig.clickhouse.as('owner');
    const forget = (table: string) =>
      owner.command({
        query: `ALTER TABLE warehouse.${table} MODIFY SETTING non_replicated_deduplication_window = 1`,
      });
    await Promise.all(['telemetry_raw', 'dead_letters'].map(forget));
    // Other inserts empty the window.
    await rig.createTopic('other');
    const ingestor = await rig.startIngestor('other');
    await rig.produce('other', [...events(10), { key: 'bad', value: 'bad' }]);
    await expect.poll(() => stored('other'), { timeout: 60_000 }).toMatchObject({ total: 10, letters: 1 });
    await ingestor.stop();
    const ended = await replay(['--topic', 'live', '--from', '1h', '--to', 'latest']);
    expect(reportOf(ended)).toMatchObject({ complete: true, events: EVENTS, added: 0, dead_letters_added: 0 });
    expect(await stored('live')).toEqual(everything(0));
  });

  test('it adds exactly what is missing, by time and by offset, as its own source', async () => {
    const owner = rig.clickhouse.as('owner');
    await owner.command({ query: "DELETE FROM warehouse.telemetry_raw WHERE topic = 'live' AND offset % 5 = 0" });
    await owner.command({ query: "DELETE FROM warehouse.dead_letters WHERE topic = 'live'" });
    const gap = await stored('live');
    expect(gap.letters).toBe(0);
    const middle = new Date(middleMs).toISOString();
    const first = reportOf(await replay(['--topic', 'live', '--from', '24h', '--to', middle]));
    expect(first).toMatchObject({ messages: EVENTS / 2, events: EVENTS / 2, dead_letters_added: 0 });
    const half = await stored('live');
    expect(half).toMatchObject({ total: gap.total + Number(first['added']), letters: 0 });

    const offsets = (await rig.admin.fetchTopicOffsetsByTimestamp('live', middleMs))
      .map(({ partition, offset }) => `${partition}:${offset}`)
      .join(',');
    const second = reportOf(await replay(['--topic', 'live', '--from', offsets, '--to', 'latest']));
    expect(second).toMatchObject({ messages: EVENTS / 2 + MALFORMED.length, dead_letters_added: LETTERS });
    expect(await stored('live')).toEqual(everything(EVENTS - gap.total));
  });

  test('--overwrite stores all of it again, and a question that reads FINAL counts each event once', async () => {
    const ended = await replay(['--topic', 'live', '--from', '0', '--overwrite']);
    expect(reportOf(ended)).toMatchObject({ complete: true, added: EVENTS, dead_letters_added: LETTERS });
    const owner = rig.clickhouse.as('owner');
    const [final] = await rows(
      owner,
      `SELECT toInt32(count()) AS total, toInt32(countIf(source = 'replay')) AS replayed,
         (SELECT toInt32(count()) FROM warehouse.v_dead_letters WHERE topic = 'live') AS letters
       FROM warehouse.telemetry_raw FINAL WHERE topic = 'live'`
    );
    expect(final).toEqual({ total: EVENTS, replayed: EVENTS, letters: LETTERS });
  });
});
