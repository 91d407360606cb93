import { crc32c } from '@node-rs/crc32';

/** Positions of the fields of a record batch (https://kafka.apache.org/documentation/#recordbatch). */
export const FIELD_AT = {
  firstOffset: 0,
  length: 8,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  firstSequence: 53,
  count: 57,
  records: 61,
} as const;

export interface PlainRecord {
  key?: Buffer | null;
  value: Buffer | null;
  headers?: readonly (readonly [name: string, value: Buffer])[];
  /** Default: its index. */
  offsetDelta?: number;
}

export interface BatchFields {
  firstOffset: number;
  /** Encoded records, compressed if `attributes` says so. */
  records: Buffer;
  count: number;
  /** Default: `count` less one. */
  lastOffsetDelta?: number;
  attributes?: number;
  producerId?: number;
}

/** One record batch of format 2 with the right checksum, for tests that need bytes which no client writes. */
export function recordBatch(fields: BatchFields): Buffer {
  const { firstOffset, records, count, lastOffsetDelta = count - 1, attributes = 0, producerId = -1 } = fields;
  const bytes = Buffer.alloc(FIELD_AT.records + records.length);
  bytes.writeBigInt64BE(BigInt(firstOffset), FIELD_AT.firstOffset);
  bytes.writeInt32BE(bytes.length - FIELD_AT.magic + 4, FIELD_AT.length);
  bytes.writeUInt8(2, FIELD_AT.magic);
  bytes.writeInt16BE(attributes, FIELD_AT.attributes);
  bytes.writeInt32BE(lastOffsetDelta, FIELD_AT.lastOffsetDelta);
  bytes.writeBigInt64BE(BigInt(Date.now()), FIELD_AT.firstTimestamp);
  bytes.writeBigInt64BE(BigInt(Date.now()), FIELD_AT.maxTimestamp);
  bytes.writeBigInt64BE(BigInt(producerId), FIELD_AT.producerId);
  bytes.writeInt16BE(producerId < 0 ? -1 : 0, FIELD_AT.producerEpoch);
  bytes.writeInt32BE(producerId < 0 ? -1 : 0, FIELD_AT.firstSequence);
  bytes.writeInt32BE(count, FIELD_AT.count);
  records.copy(bytes, FIELD_AT.records);
  return sealed(bytes);
}

/** The same batch with the right checksum. */
export function sealed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(FIELD_AT.attributes)), FIELD_AT.crc);
  return batch;
}

export function encodeRecords(records: readonly PlainRecord[]): Buffer {
  return Buffer.concat(records.map((record, index) => encodeRecord(record, index)));
}

function encodeRecord({ key = null, value, headers = [], offsetDelta }: PlainRecord, index: number): Buffer {
  const body = Buffer.concat([
    Buffer.of(0),
    varint(0),
    varint(offsetDelta ?? index),
    field(key),
    field(value),
    varint(headers.length),
    ...headers.flatMap(([name, content]) => [field(Buffer.from(name)), field(content)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function field(content: Buffer | null): Buffer {
  return content === null ? varint(-1) : Buffer.concat([varint(content.length), content]);
}

/** A zigzag varint of up to 32 bits. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
