import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { rows } from './clickhouse.ts';
import { runCommand, type Ended } from './command.ts';
import { startIngestRig, type IngestRig } from './ingest-rig.ts';

const EVENTS = 3_000;
const ROBOTS = 7;
const MALFORMED = ['not json', '{"robot_id":"r"}', '[{"robot_id":"r","ts":0},{"robot_id":"r"}]'];
/** `MALFORMED` gives four dead letters. */
const LETTERS = 4;

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
/** Every third event has no id. */
const events = (count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, i) => ({
    key: `amr-${i % ROBOTS}`,
    value: event({ robot_id: `amr-${i % ROBOTS}`, ...(i % 3 === 0 ? {} : { event_id: randomUUID() }), ...fields }),
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

async function fill(topic: string, fields: object = {}): Promise<void> {
  await rig.createTopic(topic);
  const all = events(EVENTS, fields);
  await rig.produce(topic, all.slice(0, EVENTS / 2));
  middleMs = Date.now() + 1;
  await new Promise((resolve) => setTimeout(resolve, 20));
  await rig.produce(topic, [...all.slice(EVENTS / 2), ...MALFORMED.map((value) => ({ key: 'bad', value }))]);
}

beforeAll(async () => {
  rig = await startIngestRig();
});
afterAll(() => rig.stop());

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
    // Other inserts fill the window.
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

test('--dry-run shows messages and bytes per partition, and changes nothing', async () => {
  await fill('dry');
  const ended = await replay(['--topic', 'dry', '--from', 'earliest', '--dry-run']);
  expect(ended.code).toBe(0);
  for (const { partition, high } of await endsOf('dry'))
    expect(ended.stderr).toContain(`  partition ${partition}: offsets 0 to ${high - 1}, `);
  expect(ended.stderr).toMatch(
    /together 3,003 messages\n {2}about 0\.\d MB and \d+ s to read them, by a sample of 3,003/
  );
  expect(reportOf(ended)).toMatchObject({ span: EVENTS + MALFORMED.length, complete: false });
  expect(await stored('dry')).toEqual({ total: 0, distinct: 0, letters: 0, replayed: 0 });
  expect((await groups()).filter((group) => group.includes('-replay-'))).toEqual([]);
});

test('a stopped replay shows its progress, and the command that it prints continues', async () => {
  // Several times the memory limit, in a thousand inserts, so that most of it is unread at the first progress line.
  await fill('stopped', { meta: { ballast: 'x'.repeat(2_000) } });
  const more = { BATCH_MAX_ROWS: '3', BUFFER_MAX_BYTES: '1048576', DUPLICATE_WINDOW_EVENTS: '0' };
  const stopped = await runCommand(['replay', '--topic', 'stopped', '--from', 'earliest'], env(more), 'messages/s');
  expect(stopped.code).toBe(130);
  const { added, complete, go_on: goOn } = reportOf(stopped);
  expect(complete).toBe(false);
  expect(stopped.stderr).toContain(`To continue: ${String(goOn)}`);
  expect(added).toBeGreaterThan(0);
  expect(added).toBeLessThan(EVENTS);
  expect((await stored('stopped')).total).toBeGreaterThanOrEqual(Number(added));
  const rest = await runCommand(String(goOn).split(' ').slice(1), env());
  expect(reportOf(rest)).toMatchObject({ complete: true });
  expect(reportOf(rest)['messages']).toBeLessThan(EVENTS);
  expect(await stored('stopped')).toEqual(everything(EVENTS));
});

test('it ends even if the last records of the log are transaction markers', async () => {
  await rig.createTopic('marked');
  const client = new Kafka({ brokers: [rig.brokers], logLevel: logLevel.NOTHING });
  const producer = client.producer({ transactionalId: 'marks', maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  for (const end of ['commit', 'abort'] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: 'marked', messages: events(50) });
    await transaction[end]();
  }
  await producer.disconnect();
  const ended = await replay(['--topic', 'marked', '--from', 'earliest']);
  expect(reportOf(ended)).toMatchObject({ complete: true, added: 50 });
  expect(await stored('marked')).toMatchObject({ total: 50, distinct: 50 });
});

describe('is an error that names the cause', () => {
  beforeAll(() => fill('refusals'));

  test.each([
    [['--from', 'yesterday'], /^--from must be a time \(ISO 8601, or an age such as 90m, 24h, 7d\), an offset/],
    [['--from', '0:1,0:2'], /^--from names partition 0 twice/],
    [['--from', '0:1,x'], /^--from: "x" is not partition:offset/],
    [['--from', '7:1'], /^--from: refusals has no partition 7, only 0 to 1/],
    [['--from', '0:0', '--to', '0:99999'], /^--to: partition 0 ends at offset \d+, before 99999/],
    [['--from', '1790000000000'], /^--from: every partition of refusals ends before offset 1790000000000/],
    [['--from', '100', '--to', '50'], /^--from must lie before --to/],
    [['--from', '2099-01-01'], /^--from is in the future/],
    [['--from', '1h', '--to', '2h'], /^--from must lie before --to/],
    [['--from', '0', '--topic', 'nothing'], /^--topic: Kafka has no topic nothing, only .*refusals/],
    [[], /^Give --from/],
  ])('%j', async (args, said) => {
    const { code, stderr } = await replay(args.includes('--topic') ? args : ['--topic', 'refusals', ...args]);
    expect(stderr).toMatch(said);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  test('two topics and no --topic, a wrong password, no Kafka, no ClickHouse', async () => {
    const from = ['--from', 'earliest'];
    const both = await replay(from, { KAFKA_TOPIC: 'live,refusals' });
    expect(both).toMatchObject({ code: 1, stderr: '--topic must name one of live, refusals\n' });
    const topic = { KAFKA_TOPIC: 'refusals' };
    const login = await replay(from, { ...topic, CLICKHOUSE_PASSWORD: 'wrong-5e88' });
    expect(login.stderr).toMatch(/ClickHouse error: .*Authentication failed/);
    expect(login.stderr).not.toContain('wrong-5e88');
    const away = await replay(from, { ...topic, CLICKHOUSE_URL: 'http://127.0.0.1:9' });
    expect(away.stderr).toContain('ClickHouse cannot be reached');
    expect([login.code, away.code]).toEqual([1, 1]);
    expect((await groups()).filter((group) => group.includes('-replay-'))).toEqual([]);
  });
});
