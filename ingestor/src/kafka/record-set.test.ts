import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { encodeRecords, FIELD_AT, recordBatch, sealed, varint } from '@floorwatch/servers/messages/record-batch';
import fc from 'fast-check';
import snappy from 'kafkajs-snappy';
import { compressFrame } from 'lz4-napi';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerCodecs } from './codecs.ts';
import { InvalidMessage } from './invalid-batch.ts';
import { readRecordSet, type RawMessage, type RecordSetContext } from './record-set.ts';
import { SkipMarker } from './skip-marker.ts';

beforeAll(registerCodecs);

const MB = 1 << 20;
const CODEC = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;
const values = (...texts: string[]) => encodeRecords(texts.map((text) => ({ value: Buffer.from(text) })));
/** Offsets 10 to 12. */
const good = () => recordBatch({ firstOffset: 10, records: values('a', 'b', 'c'), count: 3 });
const after = () => recordBatch({ firstOffset: 13, records: values('d'), count: 1 });

let partition = 0;
/** Reads as often as it takes until a fetch returns something. */
async function read(recordSet: Buffer, context: Partial<RecordSetContext> = {}) {
  partition++;
  for (let fetches = 1; ; fetches++) {
    const messages = await readRecordSet(recordSet, {
      ...{ key: `t/${partition}`, arrivedAtMs: 1, fetchOffset: 10, highWatermark: 1_000 },
      ...{ abortedTransactions: [], budget: { bytes: 32 * MB }, isFirst: true, retryDelayMs: 0 },
      ...context,
    });
    if (messages.length > 0 || fetches === 10) return { messages, fetches };
  }
}
const offsets = (messages: RawMessage[]) => messages.map(({ offset }) => Number(offset));
const cause = ([first]: RawMessage[]) => (first instanceof InvalidMessage ? first.invalidBatch.cause : null);

function edited(edit: (batch: Buffer) => void, isSealed = true): Buffer {
  const batch = good();
  edit(batch);
  return isSealed ? sealed(batch) : batch;
}
const compressed = (codec: keyof typeof CODEC, records: Buffer, count = 3) =>
  recordBatch({ firstOffset: 10, records, count, attributes: CODEC[codec] });
const withRecords = (records: Buffer, count = 3) => recordBatch({ firstOffset: 10, records, count });
const zeros = encodeRecords([{ value: Buffer.alloc(40 * MB) }]);

describe('an invalid batch becomes a message for each of its offsets after three fetches', () => {
  test.each<[string, string, () => Promise<Buffer> | Buffer]>([
    ['crc', 'a changed byte', () => edited((b) => (b[b.length - 2] = 0xff), false)],
    ['crc', 'changed attributes', () => edited((b) => b.writeInt16BE(1, FIELD_AT.attributes), false)],
    ['compression', 'an unknown codec', () => edited((b) => b.writeInt16BE(6, FIELD_AT.attributes))],
    ['compression', 'gzip that is none', () => edited((b) => b.writeInt16BE(1, FIELD_AT.attributes))],
    ['compression', 'snappy that is none', () => compressed('snappy', Buffer.alloc(20, 0xff))],
    ['compression', 'lz4 that is none', () => compressed('lz4', Buffer.alloc(20, 0x22))],
    ['compression', 'zstd that is none', () => compressed('zstd', Buffer.alloc(20, 0x33))],
    [
      'compression',
      'a gzip stream that is cut off',
      () => compressed('gzip', gzipSync(values('a', 'b', 'c')).subarray(0, 15)),
    ],
    ['compression', 'deflate without a header', () => compressed('gzip', deflateRawSync(values('a', 'b', 'c')))],
    ['compression', 'a bomb in gzip', () => compressed('gzip', gzipSync(zeros), 1)],
    [
      'compression',
      'a bomb in snappy',
      async () => compressed('snappy', await snappy().compress({ buffer: zeros }), 1),
    ],
    ['compression', 'a bomb in lz4', async () => compressed('lz4', await compressFrame(zeros), 1)],
    ['compression', 'a bomb in zstd', () => compressed('zstd', zstdCompressSync(zeros), 1)],
    [
      'compression',
      'a snappy block that claims 4 GB',
      () => compressed('snappy', Buffer.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0)),
    ],
    ['records', 'more records than bytes', () => edited((b) => b.writeInt32BE(2 ** 31 - 1, FIELD_AT.count))],
    ['records', 'a negative number of records', () => edited((b) => b.writeInt32BE(-5, FIELD_AT.count))],
    ['records', 'fewer records than it has', () => edited((b) => b.writeInt32BE(2, FIELD_AT.count))],
    [
      'records',
      'a record that is longer than the batch',
      () => withRecords(Buffer.concat([varint(500), Buffer.alloc(40)])),
    ],
    ['records', 'a record of negative length', () => withRecords(Buffer.concat([varint(-9), Buffer.alloc(40)]))],
    ['records', 'zero bytes', () => withRecords(Buffer.alloc(64))],
    ['records', 'an endless varint', () => withRecords(Buffer.alloc(64, 0xff))],
    [
      'records',
      'offsets that do not ascend',
      () => withRecords(encodeRecords([1, 1, 2].map((offsetDelta) => ({ value: null, offsetDelta })))),
    ],
    [
      'records',
      'an offset beyond the batch',
      () => withRecords(encodeRecords([0, 1, 9].map((offsetDelta) => ({ value: null, offsetDelta })))),
    ],
    ['format', 'format 7', () => edited((b) => (b[FIELD_AT.magic] = 7), false)],
    ['crc', 'format 1', () => edited((b) => (b[FIELD_AT.magic] = 1), false)],
    ['format', 'a negative length', () => edited((b) => b.writeInt32BE(-12, FIELD_AT.length), false)],
    ['format', 'a length of 2 GB', () => edited((b) => b.writeInt32BE(2 ** 31 - 1, FIELD_AT.length), false)],
    ['truncated', 'a batch that stays cut off', () => good().subarray(0, 70)],
    ['truncated', 'a length beyond the response', () => edited((b) => b.writeInt32BE(9_000, FIELD_AT.length), false)],
  ])('%s: %s', async (expected, _name, batch) => {
    const bytes = await batch();
    const { messages, fetches } = await read(bytes);
    expect(cause(messages)).toBe(expected);
    expect(fetches).toBe(3);
    const claimed = bytes.length > FIELD_AT.records ? bytes.readInt32BE(FIELD_AT.lastOffsetDelta) : 2;
    expect(offsets(messages)).toEqual(Array.from({ length: claimed + 1 }, (_, i) => 10 + i));
    expect(messages[0]).toMatchObject({ invalidBatch: { firstOffset: 10, lastOffset: 10 + claimed } });
  });

  test('messages before it are returned first, and those after it next', async () => {
    const invalid = edited((b) => (b[b.length - 2] = 0xff), false);
    invalid.writeBigInt64BE(13n, FIELD_AT.firstOffset);
    const set = Buffer.concat([good(), invalid, recordBatch({ firstOffset: 16, records: values('e'), count: 1 })]);
    expect(offsets((await read(set)).messages)).toEqual([10, 11, 12]);
    const { messages } = await read(set.subarray(good().length), { fetchOffset: 13 });
    expect(cause(messages)).toBe('crc');
    expect(offsets(messages)).toEqual([13, 14, 15]);
  });

  test('it is only about the requested offsets, and about those whose number is reliable', async () => {
    const wrong = () => edited((b) => b.writeInt32BE(500, FIELD_AT.lastOffsetDelta), false);
    expect(offsets((await read(wrong())).messages)).toEqual([10]);
    expect(offsets((await read(wrong(), { fetchOffset: 12 })).messages)).toEqual([12]);
    const beyondTheLog = edited((b) => b.writeInt16BE(6, FIELD_AT.attributes));
    expect(offsets((await read(beyondTheLog, { highWatermark: 12 })).messages)).toEqual([10]);
    const compacted = recordBatch({
      ...{ firstOffset: 10, records: Buffer.alloc(9), count: 1 },
      lastOffsetDelta: 900_000,
    });
    const { messages } = await read(compacted, { highWatermark: 2_000_000 });
    expect(offsets(messages)).toEqual([10, 900_010]);
    expect(messages[1]).toBeInstanceOf(SkipMarker);
  });

  test('a first offset that was not requested, which no checksum covers, is the dead letter of the requested one', async () => {
    for (const offset of [3n, 5_000n, -1n, 2n ** 60n]) {
      const { messages } = await read(edited((b) => b.writeBigInt64BE(offset, FIELD_AT.firstOffset)));
      expect(cause(messages)).toBe('offset');
      expect(offsets(messages)).toEqual([10]);
    }
  });

  test('a batch that is complete at the next fetch is read as usual', async () => {
    const context = {
      key: 'again',
      arrivedAtMs: 1,
      fetchOffset: 10,
      highWatermark: 99,
      abortedTransactions: [],
      isFirst: true,
      retryDelayMs: 0,
    };
    const budget = { bytes: MB };
    expect(await readRecordSet(good().subarray(0, 80), { ...context, budget })).toEqual([]);
    expect(offsets(await readRecordSet(good(), { ...context, budget }))).toEqual([10, 11, 12]);
  });
});

test('a batch that the size limit of the fetch cut off is no invalid batch', async () => {
  expect(offsets((await read(Buffer.concat([good(), after().subarray(0, 64)]))).messages)).toEqual([10, 11, 12]);
  expect(await read(good().subarray(0, 70), { isFirst: false })).toEqual({ messages: [], fetches: 10 });
});

test('a response is decoded only up to its limit of memory', async () => {
  const budget = { bytes: 1 };
  const set = Buffer.concat([good(), after()]);
  expect(offsets((await read(set, { budget })).messages)).toEqual([10, 11, 12]);
  expect((await read(set, { budget })).messages).toEqual([]);
});

test('records that are not messages end with a marker, so that their offsets can be committed', async () => {
  const commit = recordBatch({
    ...{ firstOffset: 13, count: 1, attributes: 0x30, producerId: 7 },
    records: encodeRecords([{ key: Buffer.of(0, 0, 0, 1), value: Buffer.alloc(6) }]),
  });
  const { messages } = await read(Buffer.concat([good(), commit]));
  expect(offsets(messages)).toEqual([10, 11, 12, 13]);
  expect(messages[3]).toBeInstanceOf(SkipMarker);
  const emptied = recordBatch({ ...{ firstOffset: 10, count: 0, records: Buffer.alloc(0) }, lastOffsetDelta: 4 });
  expect(offsets((await read(emptied)).messages)).toEqual([14]);
});

test('any bytes are either read or an invalid batch, and reading always moves on', { timeout: 120_000 }, async () => {
  const bytes = fc.uint8Array({ minLength: 17, maxLength: 200 }).map((array) => Buffer.from(array));
  const changed = fc.tuple(fc.nat(200), fc.nat(255), fc.boolean()).map(([at, byte, isSealed]) => {
    const batch = good();
    batch[at % batch.length] = byte;
    return isSealed ? sealed(batch) : batch;
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, changed), async (recordSet) => {
      const { messages } = await read(recordSet);
      expect(Number(messages.at(-1)?.offset)).toBeGreaterThanOrEqual(10);
      expect(Number(messages.at(-1)?.offset)).toBeLessThan(1_000);
    }),
    { numRuns: 1_000 }
  );
});
