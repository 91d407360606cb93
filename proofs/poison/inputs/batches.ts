import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { encodeRecords, FIELD_AT, recordBatch, sealed, varint } from '@floorwatch/servers/messages/record-batch';
import type { Codec, Input } from './input.ts';

const RECORDS = 3;
const carriers = Array.from({ length: RECORDS }, () => ({ value: '{"carrier":true}' }));
const MB = 1 << 20;

/** The broker has a batch of three messages, and the ingestor gets the altered one. */
function corrupt(name: string, edit: (batch: Buffer) => Buffer | undefined, more: Partial<Input> = {}): Input {
  const alter: Input['alter'] = (batch) => ({ bytes: edit(batch) ?? batch });
  return {
    ...{ name: `record batch: ${name}`, format: 'json', reason: 'batch_invalid', messages: carriers, alter },
    ...more,
  };
}

/** A field of the batch is changed, and the checksum is right if the field is covered by it. */
const field = (write: (batch: Buffer) => void) => (batch: Buffer) => {
  write(batch);
  return sealed(batch);
};
/** A field is changed after the checksum was computed. */
const damage = (write: (batch: Buffer) => void) => (batch: Buffer) => {
  write(batch);
  return batch;
};
/** Other records in a batch with a right checksum. */
const records =
  (content: Buffer, codec = 0, count = RECORDS) =>
  (batch: Buffer) =>
    recordBatch({
      ...{ firstOffset: Number(batch.readBigInt64BE(0)), records: content, count, attributes: codec },
      lastOffsetDelta: RECORDS - 1,
    });
const plain = encodeRecords(carriers.map(({ value }) => ({ value: Buffer.from(value) })));
const endless = Buffer.alloc(64, 0xff);

export function batchInputs(): Input[] {
  return [
    corrupt(
      'a flipped bit in a value',
      damage((b) => (b[b.length - 3] = b.readUInt8(b.length - 3) ^ 1)),
      { isShort: true }
    ),
    corrupt(
      'a wrong checksum',
      damage((b) => b.writeUInt32BE(0xdeadbeef, FIELD_AT.crc))
    ),
    corrupt(
      'a checksum of zero',
      damage((b) => b.writeUInt32BE(0, FIELD_AT.crc))
    ),
    corrupt(
      'a damaged timestamp',
      damage((b) => b.writeBigInt64BE(-1n, FIELD_AT.firstTimestamp))
    ),
    corrupt(
      'a damaged codec',
      damage((b) => b.writeInt16BE(3, FIELD_AT.attributes))
    ),
    corrupt(
      'a damaged last offset',
      damage((b) => b.writeInt32BE(2 ** 31 - 1, FIELD_AT.lastOffsetDelta)),
      { isShort: true }
    ),
    corrupt(
      'a damaged record count',
      damage((b) => b.writeInt32BE(2 ** 31 - 1, FIELD_AT.count))
    ),
    corrupt(
      'a first offset beyond the log',
      damage((b) => b.writeBigInt64BE(2n ** 62n, 0))
    ),
    corrupt(
      'a first offset before the request',
      damage((b) => b.writeBigInt64BE(0n, 0))
    ),
    corrupt(
      'a negative first offset',
      damage((b) => b.writeBigInt64BE(-7n, 0))
    ),
    corrupt(
      'a length of 2 GB',
      damage((b) => b.writeInt32BE(2 ** 31 - 1, FIELD_AT.length)),
      { isShort: true }
    ),
    corrupt(
      'a negative length',
      damage((b) => b.writeInt32BE(-12, FIELD_AT.length))
    ),
    corrupt(
      'a length of zero',
      damage((b) => b.writeInt32BE(0, FIELD_AT.length))
    ),
    corrupt(
      'a length that reaches into the next batch',
      damage((b) => b.writeInt32BE(b.length, FIELD_AT.length))
    ),
    corrupt(
      'format 0',
      damage((b) => (b[FIELD_AT.magic] = 0))
    ),
    corrupt(
      'format 1',
      damage((b) => (b[FIELD_AT.magic] = 1))
    ),
    corrupt(
      'format 127',
      damage((b) => (b[FIELD_AT.magic] = 127))
    ),
    corrupt('cut off in its header, at the end of every response', () => undefined, {
      alter: (batch) => ({ bytes: batch.subarray(0, 40), endsResponse: true }),
    }),
    corrupt('cut off in its records, at the end of every response', () => undefined, {
      alter: (batch) => ({ bytes: batch.subarray(0, batch.length - 5), endsResponse: true }),
      isShort: true,
    }),
    corrupt('bytes are missing in the middle', (b) => Buffer.concat([b.subarray(0, 70), b.subarray(80)])),
    corrupt('zeros instead of a batch', (b) => b.fill(0)),
    corrupt(
      'random bytes instead of its records',
      records(Buffer.from(Array.from({ length: 90 }, (_, i) => (i * 71) & 0xff)))
    ),
    corrupt(
      '2 billion records',
      field((b) => b.writeInt32BE(2 ** 31 - 1, FIELD_AT.count)),
      { isShort: true }
    ),
    corrupt(
      'a negative number of records',
      field((b) => b.writeInt32BE(-1, FIELD_AT.count))
    ),
    corrupt(
      'fewer records than it has',
      field((b) => b.writeInt32BE(1, FIELD_AT.count))
    ),
    corrupt('a record that is longer than the batch', records(Buffer.concat([varint(2 ** 30), plain]))),
    corrupt('a record of negative length', records(Buffer.concat([varint(-50), plain]))),
    corrupt('a varint without an end', records(endless)),
    corrupt('a key that is longer than its record', records(keyOf(5_000))),
    corrupt(
      'a value that is longer than its record',
      records(Buffer.concat([varint(8), Buffer.of(0, 0, 0, 1), varint(900), Buffer.alloc(2)]), 0, 1)
    ),
    corrupt(
      '2 billion headers',
      records(Buffer.concat([varint(11), Buffer.of(0, 0, 0, 1, 1), varint(2 ** 30), Buffer.alloc(1)]), 0, 1)
    ),
    corrupt(
      'offsets that do not ascend',
      records(encodeRecords([2, 1, 0].map((offsetDelta) => ({ value: Buffer.of(1), offsetDelta }))))
    ),
    corrupt(
      'an offset beyond the batch',
      records(encodeRecords([0, 1, 2_000].map((offsetDelta) => ({ value: Buffer.of(1), offsetDelta }))))
    ),
    corrupt('bytes after the last record', records(Buffer.concat([plain, Buffer.alloc(9)]))),
    corrupt('codec 5, which does not exist', records(plain, 5)),
    corrupt('gzip that is no gzip', records(plain, 1)),
    corrupt('snappy that is no snappy', records(endless, 2)),
    corrupt('lz4 that is no lz4', records(plain, 3)),
    corrupt('zstd that is no zstd', records(plain, 4)),
    corrupt('gzip that is cut off', records(gzipSync(plain).subarray(0, 20), 1)),
    corrupt('gzip with a wrong checksum', records(damagedEnd(gzipSync(plain)), 1)),
    corrupt('deflate instead of gzip', records(deflateRawSync(plain), 1)),
    corrupt('zstd that is cut off', records(zstdCompressSync(plain).subarray(0, 15), 4)),
    corrupt(
      'a snappy block that claims 4 GB',
      records(Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 0xff, 0x0f), plain]), 2)
    ),
    corrupt('a gzip bomb of 2 GB in 2 MB', records(gzipBomb(), 1), { isShort: true }),
    ...(['gzip', 'snappy', 'lz4', 'zstd'] as const).map(bomb),
    ...(['gzip', 'zstd'] as const).map(manyTombstones),
  ];
}

function keyOf(length: number): Buffer {
  return Buffer.concat([varint(8), Buffer.of(0, 0, 0), varint(length), Buffer.alloc(5)]);
}

function damagedEnd(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(1, bytes.length - 8);
  return bytes;
}

/** Gzip allows several members one after the other. */
function gzipBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * MB));
  return Buffer.concat(Array.from({ length: 32 }, () => member));
}

/** The broker accepts it, because only the compressed size is limited. */
function bomb(codec: Exclude<Codec, 'none'>): Input {
  return {
    ...{ name: `a message of 48 MB in a small ${codec} batch`, format: 'json', reason: 'batch_invalid', codec },
    messages: [{ value: Buffer.alloc(48 * MB, 0x20) }],
    ...(codec === 'zstd' && { isShort: true }),
  };
}

/** Small enough after decompression, but a million messages. */
function manyTombstones(codec: 'gzip' | 'zstd'): Input {
  const many = encodeRecords(Array.from({ length: 1_000_000 }, () => ({ value: null })));
  const compressed = codec === 'gzip' ? gzipSync(many) : zstdCompressSync(many);
  return corrupt(
    `a million messages in a small ${codec} batch`,
    records(compressed, codec === 'gzip' ? 1 : 4, 1_000_000)
  );
}
