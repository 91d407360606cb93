import { MAX_MESSAGE_BYTES } from '@floorwatch/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeJson, jsonReader } from '../decode/json.ts';
import { topicFormat, type TopicFormat } from '../decode/topic-format.ts';
import type { ConsumedMessage } from '../kafka/group-consumer.ts';
import { KeylessMessage } from '../kafka/keyless-message.ts';
import { parseMaskRules } from '../masking/mask-rules.ts';
import { maskedFormat } from '../masking/masked-format.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { DuplicateWindow } from './duplicate-window.ts';
import { Batch } from './batch.ts';

const NOW_MS = Date.UTC(2026, 5, 15, 12);

function batchOf(message: string | Buffer, isPlainJson: boolean): Batch {
  const batch = new Batch({
    ...{
      of: { topic: 'robot.telemetry', partition: 3 },
      first: 41,
      validatedAsOfMs: NOW_MS,
      fastPathExcept: isPlainJson ? [] : null,
    },
    ...{ keepSources: true, rows: new RowBinaryWriter(), window: new DuplicateWindow(100) },
  });
  const [key, value] = [Buffer.from('k'), Buffer.from(message)];
  batch.add({ offset: '41', timestamp: '0', arrivedAtMs: NOW_MS + 500, key, value }, 41, decodeJson);
  return batch;
}

/** All output of a batch. */
function contents({ rows, deadLetters, rejected, sources, unknownTypes, duplicates }: Batch) {
  const hex = (writer: RowBinaryWriter): string => writer.bytes().toString('hex');
  return { rows: hex(rows), deadLetters: hex(deadLetters), rejected, sources, unknownTypes, duplicates };
}

const ids = ['0b8e8f3c-5d2a-4b8e-9a55-0e4f6a1b2c3d', '1b8e8f3c-5d2a-4b8e-9a55-0e4f6a1b2c3d'];
const good = fc.record({
  event_id: fc.constantFrom(null, undefined, ...ids),
  robot_id: fc.constantFrom('amr-1', 'amr-ß', 'amr "7"'),
  ts: fc.integer({ min: NOW_MS - 1_000, max: NOW_MS }),
  event_type: fc.constantFrom('HEARTBEAT', 'NEW_TYPE', undefined),
  battery: fc.constantFrom(50, 1e-7, 300, undefined),
  meta: fc.constantFrom(undefined, { firmware: '1', list: [1, { a: 2 }] }),
});
const event = good.map((each) => JSON.stringify(each));
const text = fc.oneof(
  { weight: 12, arbitrary: event },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '{', '}', '[]', 'null', '5', '"a"', '{"robot_id":"a","ts":1', '\ufeff{}'),
  },
  { weight: 1, arbitrary: event.map((each) => `${each}${each}`) },
  { weight: 1, arbitrary: event.map((each) => each.replace(',', '\n,')) },
  { weight: 1, arbitrary: fc.array(event, { maxLength: 2 }).map((each) => `[${each.join()}]`) }
);
const texts = fc.array(text, { maxLength: 5 });
const messages = fc.oneof(
  fc.tuple(texts, fc.constantFrom('\n', '\r\n', '\n\n', ' ', ' \n ')).map(([each, between]) => each.join(between)),
  fc.tuple(texts, fc.constantFrom(',', ' ,\n', ',,', '\n')).map(([each, between]) => `[${each.join(between)}]`)
);

describe('messages of several events', () => {
  test('become the same rows and dead letters on the fast path and the general path', () => {
    let fast = 0;
    const check = (message: string): void => {
      const plain = batchOf(message, true);
      expect(contents(plain)).toEqual(contents(batchOf(message, false)));
      if (plain.rows.rows > 1) fast++;
    };
    fc.assert(fc.property(messages, check), { numRuns: 5_000 });
    expect(fast).toBeGreaterThan(500);
  });

  test('give the same result on both paths with one byte changed anywhere', () => {
    const lines = ids.map((id) => `{"event_id":"${id}","robot_id":"a","ts":${NOW_MS},"meta":{"k":[1,"é"]}}`);
    const edited = fc.tuple(
      fc.constantFrom(lines.join('\n'), `[${lines.join()}]`).map((each) => Buffer.from(each)),
      fc.nat(),
      fc.nat(255)
    );
    fc.assert(
      fc.property(edited, ([message, at, byte]) => {
        message[at % message.length] = byte;
        expect(contents(batchOf(message, true))).toEqual(contents(batchOf(message, false)));
      }),
      { numRuns: 10_000 }
    );
  });
});

test.each([true, false])('each message of a batch has its own received_at (fast path: %s)', (isPlainJson) => {
  const batch = new Batch({
    ...{
      of: { topic: 'robot.telemetry', partition: 3 },
      first: 0,
      validatedAsOfMs: NOW_MS,
      fastPathExcept: isPlainJson ? [] : null,
    },
    ...{ keepSources: false, rows: new RowBinaryWriter(), window: new DuplicateWindow(0) },
  });
  const good = JSON.stringify({ robot_id: 'a', ts: NOW_MS });
  const arrivals = [0, 120, 4_000].map((afterMs) => NOW_MS + afterMs);
  for (const [offset, arrivedAtMs] of arrivals.entries()) {
    const value = Buffer.from(`${good}\nbad\n${good}`);
    batch.add({ offset: String(offset), timestamp: '0', arrivedAtMs, key: null, value }, offset, decodeJson);
  }
  // `received_at` is before source, topic, partition and offset, and is the last but one column of a dead letter.
  const inRow = (row: Buffer) => Number(row.readBigInt64LE(row.length - 8 - 4 - 16 - 1 - 8));
  const inDeadLetter = (row: Buffer) => Number(row.readBigInt64LE(row.length - 1 - 8));
  const all = (writer: RowBinaryWriter) => Array.from({ length: writer.rows }, (_, i) => writer.rowBytes(i, i + 1));
  expect(all(batch.rows).map(inRow)).toEqual(arrivals.flatMap((each) => [each, each]));
  expect(all(batch.deadLetters).map(inDeadLetter)).toEqual(arrivals);
});

test.each([true, false])(
  'events with the same id of different robots or times are different events (fast path: %s)',
  (isPlainJson) => {
    const event_id = '00000000-0000-0000-0000-000000000000';
    const robots = ['a', 'b', 'c', 'd', 'e'].map((robot_id) => ({ event_id, robot_id, ts: NOW_MS }));
    const events = [...robots, { ...robots[0], ts: NOW_MS - 1 }, robots[0]];
    const { rows, duplicates } = batchOf(events.map((event) => JSON.stringify(event)).join('\n'), isPlainJson);
    expect([rows.rows, duplicates]).toEqual([6, 1]);
  }
);

test('the digest of a batch is that of its events and dead letters, not of their arrival, and differs when one of them does', () => {
  const first = JSON.stringify({ event_id: ids[0], robot_id: 'a', ts: NOW_MS });
  const second = JSON.stringify({ event_id: ids[1], robot_id: 'a', ts: NOW_MS });
  const digest = (...messages: string[]) => batchOf(messages.join('\n'), true).digest;
  const whole = digest(first, second, 'bad');
  expect(batchOf(`${first}\n${second}\nbad`, false).digest).toBe(whole);
  const others = [
    digest(first, 'bad'),
    digest(first, second),
    digest(first, first, 'bad'),
    digest(first, second, 'bad', 'bad'),
  ];
  expect(new Set([whole, ...others]).size).toBe(5);
  expect(digest(first, second.replace('"a"', '"b"'), 'bad')).not.toBe(whole);
});

test('a valid event in a message that is too large is a dead letter also on the fast path', () => {
  const message = JSON.stringify({ robot_id: 'a', ts: NOW_MS, meta: { note: 'n'.repeat(MAX_MESSAGE_BYTES) } });
  expect(batchOf(message, true).rejected).toEqual(new Map([['message_too_large', 1]]));
  expect(batchOf(`${message}\n${message}`, true).rejected).toEqual(new Map([['message_too_large', 1]]));
});

test('a batch that keeps rejected messages counts their headers, however many, as memory', () => {
  const batch = new Batch({
    ...{ of: { topic: 't', partition: 3 }, first: 41, validatedAsOfMs: NOW_MS, fastPathExcept: [], keepSources: false },
    ...{ rejectedMessages: 'as they are', rows: new RowBinaryWriter(), window: new DuplicateWindow(0) },
  });
  const add = (offset: number, headers: ConsumedMessage['headers']): number => {
    const before = batch.bufferedBytes;
    const message = { offset: String(offset), timestamp: '0', arrivedAtMs: NOW_MS, key: null, value: Buffer.from('{') };
    batch.add({ ...message, headers }, offset, decodeJson);
    return batch.bufferedBytes - before;
  };
  expect(add(41, { note: Buffer.alloc(1_000_000) })).toBeGreaterThan(1_000_000);
  expect(add(42, { hop: Array.from({ length: 100_000 }, () => Buffer.alloc(0)) })).toBeGreaterThan(1_000_000);
});

describe('STORE_HEADERS', () => {
  const masking = { rules: parseMaskRules('meta.kafka_headers.operator=hash') ?? [], salt: 'sixteen characters' };
  const message = (value: string, headers?: ConsumedMessage['headers']): ConsumedMessage => ({
    ...{ offset: '41', timestamp: '0', arrivedAtMs: NOW_MS, key: Buffer.from('k'), value: Buffer.from(value), headers },
  });
  const read = (format: TopicFormat, ...messages: ConsumedMessage[]): Batch => {
    const batch = new Batch({
      ...{ of: { topic: 't', partition: 3 }, first: 41, validatedAsOfMs: NOW_MS, keepSources: false },
      ...{ fastPathExcept: format.fastPathExcept ?? null, storedHeaders: format.storedHeaders },
      ...{ rows: new RowBinaryWriter(), window: new DuplicateWindow(0) },
    });
    for (const each of messages) {
      batch.add(format.hidesKeys ? new KeylessMessage(each, format.storedHeaders) : each, 41, format.decode);
    }
    return batch;
  };
  const storedHeaders = ['gateway', 'operator'];
  const headers = { gateway: Buffer.from('gw-3'), operator: Buffer.from('Ada'), secret: Buffer.from('hunter2') };
  const plain = JSON.stringify({ event_id: ids[0], robot_id: 'a', ts: NOW_MS, meta: { firmware: 'v2' } });

  test('stores the named headers in meta of each event, and nothing of the others', () => {
    const two = [{}, { meta: null }].map((fields) => JSON.stringify({ ...JSON.parse(plain), ...fields }));
    const { rows } = read(topicFormat(jsonReader, { storedHeaders }), message(two.join('\n'), headers));
    const text = rows.bytes().toString();
    expect(rows.rows).toBe(2);
    expect(text).toContain('{"firmware":"v2","kafka_headers":{"gateway":"gw-3","operator":"Ada"}}');
    expect(text).toContain('{"kafka_headers":{"gateway":"gw-3","operator":"Ada"}}');
    expect(text).not.toContain('hunter2');
  });

  test('an event without the headers, and every event without the setting, is stored byte for byte as before', () => {
    const before = contents(read(topicFormat(jsonReader), message(plain)));
    const other = { secret: Buffer.from('x') };
    expect(contents(read(topicFormat(jsonReader, { storedHeaders }), message(plain, other)))).toEqual(before);
    expect(contents(read(topicFormat(jsonReader), message(plain, headers)))).toEqual(before);
  });

  test('headers change neither the identity of an event nor what is invalid, and are not in dead letters', () => {
    const format = topicFormat(jsonReader, { storedHeaders });
    const invalid = JSON.stringify({ robot_id: 'a', ts: NOW_MS, battery: 300 });
    const whole = read(format, message(plain, headers), message(invalid, headers), message('{', headers));
    expect(whole.digest).toBe(read(format, message(plain), message(invalid), message('{')).digest);
    expect([...whole.rejected.keys()]).toEqual(['battery_out_of_range', 'invalid_json']);
    expect(whole.deadLetters.bytes().toString()).not.toContain('gw-3');
  });

  test('a rule of MASK_FIELDS masks a stored header, and other headers of a masked topic stay hidden', () => {
    const format = maskedFormat(jsonReader, masking, { storedHeaders });
    const { rows, traceParent } = read(format, message(plain, { ...headers, traceparent: Buffer.from('00-1-2-03') }));
    const text = rows.bytes().toString();
    expect(text).toMatch(/"kafka_headers":\{"gateway":"gw-3","operator":"[0-9a-f]{32}"\}/);
    expect(text).not.toMatch(/Ada|hunter2/);
    expect(traceParent).toBeNull();
  });
});
