import { createRequire } from 'node:module';
import { crc32c } from '@node-rs/crc32';
import type { Batch, KafkaMessage } from 'kafkajs';
import fetchResponse from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerCodecs } from './codecs.ts';
import type { ConsumedMessage } from './group-consumer.ts';
import { decodeFetch } from './fetch-decoder.ts';
import { SkipMarker } from './skip-marker.ts';

interface Encoder {
  buffer: Buffer;
}
interface TestRecord {
  offsetDelta: number;
  timestampDelta: number;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Record<string, string | string[]>;
}
interface BatchOptions {
  compression?: number;
  firstOffset: number;
  firstTimestamp: number;
  maxTimestamp: number;
  producerId?: number;
  transactional?: boolean;
  records: Encoder[];
}

const require = createRequire(import.meta.url);
const kafkajs = (path: string): unknown => require(`kafkajs/src/${path}`);
const { RecordBatch } = kafkajs('protocol/recordBatch/v0/index.js') as {
  RecordBatch: (options: BatchOptions) => Promise<Encoder>;
};
const encodeRecord = kafkajs('protocol/recordBatch/record/v0/index.js') as (record: TestRecord) => Encoder;
const encodeOldMessage = kafkajs('protocol/message/v1/index.js') as (message: {
  timestamp: number;
  key: string;
  value: string;
}) => Encoder;
const KafkajsBatch = kafkajs('consumer/batch.js') as new (
  topic: string,
  fetchedOffset: string,
  partition: unknown
) => Batch;

const NOW_MS = 1_795_489_739_565;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;

beforeAll(registerCodecs);

async function batch(firstOffset: number, records: TestRecord[], options: Partial<BatchOptions> = {}): Promise<Buffer> {
  const { buffer } = await RecordBatch({
    ...{ firstOffset, firstTimestamp: NOW_MS, maxTimestamp: NOW_MS + 77 },
    ...options,
    records: records.map(encodeRecord),
  });
  // kafkajs's producer only writes records without gaps, and writes their number less one here.
  buffer.writeInt32BE(records.at(-1)?.offsetDelta ?? 0, LAST_OFFSET_DELTA_AT);
  return sealed(buffer);
}

/** With the right checksum. */
function sealed(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes.subarray(ATTRIBUTES_AT)), CRC_AT);
  return bytes;
}

/** The format of brokers before 0.11: offset, length and message, one after the other. */
function oldMessages(firstOffset: number, values: string[]): Buffer {
  const parts = values.flatMap((value, i) => {
    const { buffer } = encodeOldMessage({ timestamp: NOW_MS, key: 'k', value });
    const head = Buffer.alloc(12);
    head.writeBigInt64BE(BigInt(firstOffset + i));
    head.writeInt32BE(buffer.length, 8);
    return [head, buffer];
  });
  return Buffer.concat(parts);
}

function flagged(bytes: Buffer, attribute: number): Buffer {
  bytes.writeInt16BE(bytes.readInt16BE(ATTRIBUTES_AT) | attribute, ATTRIBUTES_AT);
  return sealed(bytes);
}

const record = (offsetDelta: number, value: string | null, rest: Partial<TestRecord> = {}): TestRecord => ({
  ...{ offsetDelta, timestampDelta: offsetDelta * 3, key: Buffer.from(`key-${offsetDelta}`) },
  value: value === null ? null : Buffer.from(value),
  ...rest,
});

/** A response of one topic and one partition, field by field as Kafka's protocol guide lists them. */
function response(recordSet: Buffer, aborted: { producerId: number; firstOffset: number }[] = []): Buffer {
  const int16 = (n: number): Buffer => Buffer.from(Uint8Array.of(n >> 8, n & 0xff));
  const int32 = (n: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(n);
    return bytes;
  };
  const int64 = (n: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(n));
    return bytes;
  };
  return Buffer.concat([
    ...[int32(0), int16(0), int32(0), int32(1), int16(5), Buffer.from('topic'), int32(1)],
    ...[int32(3), int16(0), int64(9_000_000_123), int64(9_000_000_120), int64(5)],
    ...[int32(aborted.length), ...aborted.flatMap((each) => [int64(each.producerId), int64(each.firstOffset)])],
    ...[int32(-1), int32(recordSet.length), recordSet],
  ]);
}

interface Decoded {
  responses: { topicName: string; partitions: PartitionData[] }[];
}
type PartitionData = Record<string, unknown>;

/** The messages for a consumer that requested an offset, and the other data of the response. */
async function consumed(decode: (bytes: Buffer) => Promise<unknown>, bytes: Buffer, fetchedOffset: string) {
  const { responses, ...rest } = (await decode(bytes)) as Decoded;
  const partition = responses[0]?.partitions[0];
  const given = new KafkajsBatch('topic', fetchedOffset, partition);
  const plain = ({ offset, timestamp, key, value, headers, attributes }: KafkaMessage) => ({
    ...{ offset, timestamp, key, value, headers, attributes },
  });
  return {
    // Our decoder leaves aborted transactions out itself.
    ...{ rest, topic: responses[0]?.topicName, head: { ...partition, messages: null, abortedTransactions: null } },
    ...{
      messages: given.messages.filter((message) => !(message instanceof SkipMarker)).map(plain),
      first: given.firstOffset(),
      last: given.lastOffset(),
      lag: given.offsetLag(),
    },
  };
}

const THREE = [
  record(0, '{"a":1}'),
  record(1, null, { key: null }),
  record(5, '', { headers: { h: 'x', m: ['y', 'z'] } }),
];
const LONG_AGO = [record(0, 'late', { timestampDelta: -4_000_000_000 }), record(1, 'x'.repeat(70_000))];

describe('our decoder returns the same messages as kafkajs', () => {
  test.each<[string, () => Promise<Buffer>]>([
    ['plain records', () => batch(100, THREE)],
    ['offsets beyond 32 bits', () => batch(9_000_000_100, THREE)],
    ['times before the first record', () => batch(100, LONG_AGO)],
    ['gzip', () => batch(100, THREE, { compression: 1 })],
    ['snappy', () => batch(100, THREE, { compression: 2 })],
    ['lz4', () => batch(100, THREE, { compression: 3 })],
    ['zstd', () => batch(100, THREE, { compression: 4 })],
    ['the time of the broker', async () => flagged(await batch(100, THREE), 0x08)],
    ['several batches', async () => Buffer.concat([await batch(100, THREE), await batch(106, LONG_AGO)])],
    [
      'a batch cut off',
      async () => Buffer.concat([await batch(100, THREE), (await batch(106, THREE)).subarray(0, 70)]),
    ],
    [
      'an old format, shorter than the head of a batch',
      () => Promise.resolve(oldMessages(100, ['a', 'b']).subarray(0, 36)),
    ],
    ['several messages of an old format', () => Promise.resolve(oldMessages(100, ['a', 'b', 'c']))],
    ['less than the head of a batch', async () => Buffer.concat([await batch(100, THREE), Buffer.alloc(20)])],
    ['nothing', () => Promise.resolve(Buffer.alloc(0))],
    ['a committed transaction', () => batch(100, THREE, { transactional: true, producerId: 7 })],
    [
      'a marker of a transaction',
      async () => Buffer.concat([await batch(100, THREE), flagged(await batch(106, [record(0, 'c')]), 0x30)]),
    ],
  ])('%s', async (_name, recordSet) => {
    const bytes = response(await recordSet());
    for (const fetchedOffset of ['0', '100', '101', '103', '105', '106', '107', '9000000101', '9000000200']) {
      expect(await consumed(decodeFetch, bytes, fetchedOffset)).toEqual(
        await consumed(fetchResponse.decode, bytes, fetchedOffset)
      );
    }
  });

  test('an aborted transaction', async () => {
    const marker = flagged(await batch(106, [record(0, 'v', { key: Buffer.of(0, 0, 0, 0) })], { producerId: 7 }), 0x30);
    const recordSet = Buffer.concat([
      await batch(100, THREE, { transactional: true, producerId: 7 }),
      marker,
      await batch(107, THREE),
    ]);
    const bytes = response(recordSet, [{ producerId: 7, firstOffset: 100 }]);
    const given = await consumed(decodeFetch, bytes, '100');
    expect(given.messages).toEqual((await consumed(fetchResponse.decode, bytes, '100')).messages);
    expect(given.messages.map(({ offset }) => offset)).toEqual(['107', '108', '112']);
  });

  test('messages of an old format are returned, even short ones', async () => {
    const { messages } = await consumed(decodeFetch, response(oldMessages(100, ['a'])), '100');
    expect(messages.map(({ offset, value }) => [offset, value?.toString()])).toEqual([['100', 'a']]);
  });

  test.each<[string, () => Promise<Buffer>]>([
    ['the records of a batch', () => batch(100, THREE)],
    ['messages of an old format, which kafkajs reads', () => Promise.resolve(oldMessages(100, ['a', 'b', 'c']))],
  ])('%s have the arrival time of their response, and their timestamp as a number', async (_name, recordSet) => {
    const bytes = response(await recordSet());
    const beforeMs = Date.now();
    const decoded = (await decodeFetch(bytes)) as unknown as Decoded;
    const afterMs = Date.now();
    const given = new KafkajsBatch('topic', '100', decoded.responses[0]?.partitions[0]);
    expect(given.messages).toHaveLength(3);
    for (const message of given.messages as (KafkaMessage & ConsumedMessage)[]) {
      expect(message.arrivedAtMs).toBeGreaterThanOrEqual(beforeMs);
      expect(message.arrivedAtMs).toBeLessThanOrEqual(afterMs);
      expect(message.timestampMs ?? Number(message.timestamp)).toBe(Number(message.timestamp));
    }
  });

  test('headers with the names of properties of any object are headers, unlike in kafkajs', async () => {
    const text = 'x';
    const named = ['constructor', 'toString', 'hasOwnProperty'];
    const headers = Object.fromEntries(named.map((name) => [name, text]));
    const decoded = (await decodeFetch(
      response(await batch(100, [record(0, 'v', { headers })]))
    )) as unknown as Decoded;
    const given = new KafkajsBatch('topic', '100', decoded.responses[0]?.partitions[0]);
    const read = (given.messages[0] as unknown as ConsumedMessage).headers ?? {};
    expect(named.map((name) => read[name])).toEqual(named.map(() => Buffer.from(text)));
  });

  test('100,000 values of one header are read in a moment, in their order', async () => {
    const values = Array.from({ length: 100_000 }, (_, i) => String(i));
    const bytes = response(await batch(100, [record(0, 'v', { headers: { hop: values, gateway: ['a', 'b'] } })]));
    const decoded = (await decodeFetch(bytes)) as unknown as Decoded;
    const given = new KafkajsBatch('topic', '100', decoded.responses[0]?.partitions[0]);
    const { hop, gateway } = (given.messages[0] as unknown as ConsumedMessage).headers ?? {};
    expect(String(hop)).toBe(String(values));
    expect(gateway).toEqual([Buffer.from('a'), Buffer.from('b')]);
  });

  test('the comparison is not vacuous: there are messages, with offsets as numbers too', async () => {
    const { messages } = await consumed(decodeFetch, response(await batch(100, THREE)), '101');
    expect(messages.map(({ offset, value }) => [offset, value?.toString()])).toEqual([
      ['101', undefined],
      ['105', ''],
    ]);
  });
});
