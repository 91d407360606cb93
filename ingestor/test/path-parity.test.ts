import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REJECT_REASONS } from '@floorwatch/contract';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka as KafkaClient, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeJson } from '../src/decode/json.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, writeServerConfig, type TestServer } from './clickhouse.ts';
import { generatedMessages } from './generated-messages.ts';
import { hostileMessages } from './hostile-messages.ts';
import { inOrder, storedByEngine, toVerdict, type Verdict } from './verdict.ts';

const TOPIC = 'robot.telemetry';
const nowMs = Date.now();
const hostile = hostileMessages(nowMs);
const generated = generatedMessages(nowMs, 4_000);
const LAST = Buffer.from(JSON.stringify({ robot_id: 'last', ts: nowMs }));
const messages = [...hostile.map(({ value }) => value), ...generated];

let kafka: Kafka;
let clickhouse: TestServer;
let actual: Map<number, Verdict[]>;
const kafkaDir = mkdtempSync(join(tmpdir(), 'floorwatch-parity-'));

beforeAll(async () => {
  kafka = await startKafka({ dataDir: kafkaDir });
  await createTopic({
    brokers: kafka.brokers,
    topic: TOPIC,
    partitions: 1,
    config: { 'max.message.bytes': '8000000' },
  });
  // Before path A exists: a new group starts at the oldest message, also on a server that says `latest` for all its tables.
  await produce([...messages, null, Buffer.alloc(0), LAST]);
  const { configDir } = writeServerConfig(join(kafkaDir, 'config'), []);
  mkdirSync(join(configDir, 'config.d'));
  const latest = '<kafka><auto_offset_reset>latest</auto_offset_reset></kafka>';
  writeFileSync(join(configDir, 'config.d/latest.xml'), `<clickhouse>${latest}</clickhouse>`);
  clickhouse = await startTestServer({ KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPIC }, { configDir });
  await migrate(clickhouse.as('owner'), { ingestPath: 'engine' });
  await engineHasCommitted(messages.length + 3);
  actual = await storedByEngine(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
  await kafka.stop();
  rmSync(kafkaDir, { recursive: true, force: true });
});

describe('the Kafka engine validates like the contract', () => {
  test.each(hostile.map(({ name, value }, offset) => ({ name, value, offset })))('$name', ({ value, offset }) => {
    expect(actual.get(offset)).toEqual(expected(value, offset));
  });

  test(`${generated.length} generated messages`, () => {
    for (const [i, value] of generated.entries()) {
      const offset = hostile.length + i;
      expect(actual.get(offset), value.toString()).toEqual(expected(value, offset));
    }
  });
});

test('the corpus breaks every rule of the contract, and contains enough valid events', () => {
  const reasons = [...actual.values()].flat().map(({ reason }) => reason);
  const missing = REJECT_REASONS.filter((reason) => reason !== 'tombstone' && !reasons.includes(reason));
  expect(missing).toEqual([]);
  expect(reasons.filter((reason) => reason === '').length).toBeGreaterThan(generated.length / 4);
});

// The profile of floorwatch_definer says so. The server's own default profile does not, and stays as it is.
test('equal events of one block are deduplicated by the merge and not by the insert, which saves CPU', async () => {
  const owner = clickhouse.as('owner');
  await owner.command({ query: 'SYSTEM STOP MERGES warehouse.telemetry_raw' });
  const event = Buffer.from(JSON.stringify({ robot_id: 'twin', ts: nowMs, event_id: crypto.randomUUID() }));
  await produce([event, event]);
  await engineHasCommitted(messages.length + 5);
  const count = (final: string): string =>
    `SELECT count() AS n FROM warehouse.telemetry_raw ${final} WHERE robot_id = 'twin'`;
  expect(await rows(owner, count(''))).toEqual([{ n: 2 }]);
  expect(await rows(owner, count('FINAL'))).toEqual([{ n: 1 }]);
});

// Known limit of ClickHouse: the engine skips messages without a value, with no row and no error.
// The ingestor that runs beside it writes their dead letters (ingest.test.ts).
test('the Kafka engine skips a tombstone, and continues after it', () => {
  expect(actual.get(messages.length)).toBeUndefined();
  expect(actual.get(messages.length + 1)).toBeUndefined();
  expect(actual.get(messages.length + 2)).toHaveLength(1);
});

test('no message caused an exception in the engine, and v_pipeline shows its consumers', async () => {
  expect(
    await rows(
      clickhouse.as('reader'),
      `SELECT consumers, assigned_partitions, lag_messages, exceptions, last_exception, missing_dependencies,
         dateDiff('second', last_poll_time, now()) < 60 AS polls, dateDiff('second', last_commit_time, now()) < 600 AS commits
       FROM warehouse.v_pipeline WHERE path = 'engine'`
    )
  ).toEqual([
    {
      ...{ consumers: 2, assigned_partitions: 1, lag_messages: null, exceptions: 0, last_exception: '' },
      ...{ missing_dependencies: 0, polls: 1, commits: 1 },
    },
  ]);
});

function expected(value: Buffer, offset: number): Verdict[] {
  return inOrder(
    [...decodeJson(value, nowMs)].map((outcome, part) =>
      toVerdict(outcome, { topic: TOPIC, partition: 0, offset, part })
    )
  );
}

async function produce(values: readonly (Buffer | null)[]): Promise<void> {
  const client = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.ERROR });
  const producer = client.producer({ maxInFlightRequests: 1 });
  await producer.connect();
  for (let i = 0; i < values.length; i += 500) {
    const batch = values.slice(i, i + 500).map((value) => ({ value, partition: 0 }));
    const large = batch.filter(({ value }) => (value?.length ?? 0) > 500_000).length > 0;
    // One request contains one batch of messages. Large messages are sent alone, in order.
    for (const group of large ? batch.map((message) => [message]) : [batch]) {
      await producer.send({ topic: TOPIC, messages: group });
    }
  }
  await producer.disconnect();
}

/** The engine commits a message only after its rows are stored, in every monthly partition that they belong to. */
async function engineHasCommitted(count: number): Promise<void> {
  const admin = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    await vi.waitUntil(
      async () => {
        // While the coordinator of a new group loads, it answers with an error.
        const [topic] = await admin.fetchOffsets({ groupId: 'floorwatch-engine', topics: [TOPIC] }).catch(() => []);
        return Number(topic?.partitions[0]?.offset) === count;
      },
      { timeout: 170_000, interval: 500 }
    );
  } finally {
    await admin.disconnect();
  }
}
