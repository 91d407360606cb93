import { crc32c } from '@node-rs/crc32';
import compression from 'kafkajs/src/protocol/message/compression/index.js';
import { ByteReader } from './byte-reader.ts';
import { FetchedMessage, type BatchHead } from './fetched-message.ts';
import { InvalidBatchError } from './invalid-batch.ts';

/** Positions of the fields of a record batch (https://kafka.apache.org/documentation/#recordbatch). */
export const HEAD_BYTES = 61;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const FIRST_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const PRODUCER_ID_AT = 43;
const RECORD_COUNT_AT = 57;

const COMPRESSED = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** A producer's batch has at most about a tenth of this. */
const MAX_RECORDS = 500_000;
/** A record without key, value and headers: one byte per field. */
const MIN_RECORD_BYTES = 7;

export interface RecordBatch {
  lastOffset: number;
  producerId: number;
  isTransactional: boolean;
  /** It contains no messages but the end of a transaction. */
  isControl: boolean;
  messages: FetchedMessage[];
  /** Size of its records in memory. */
  plainBytes: number;
}

/**
 * @param bytes one whole batch of format 2
 * @throws InvalidBatchError if its checksum, compression or records are wrong
 */
export async function readRecordBatch(bytes: Buffer, arrivedAtMs: number): Promise<RecordBatch> {
  if (crc32c(bytes.subarray(ATTRIBUTES_AT)) !== bytes.readUInt32BE(CRC_AT)) {
    throw new InvalidBatchError('crc', 'its checksum is wrong');
  }
  const attributes = bytes.readInt16BE(ATTRIBUTES_AT);
  const at = (offset: number): number => new ByteReader(bytes, offset).int64();
  const head: BatchHead = {
    arrivedAtMs,
    firstOffset: at(0),
    firstTimestampMs: at(FIRST_TIMESTAMP_AT),
    appendTimestampMs: (attributes & LOG_APPEND_TIME) === 0 ? null : at(MAX_TIMESTAMP_AT),
  };
  const lastOffset = head.firstOffset + bytes.readInt32BE(LAST_OFFSET_DELTA_AT);
  const records = bytes.subarray(HEAD_BYTES);
  const isCompressed = (attributes & COMPRESSED) !== 0 && records.length > 0;
  const plain = isCompressed ? await decompress(records, attributes) : records;
  return {
    lastOffset,
    producerId: at(PRODUCER_ID_AT),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    messages: readRecords(plain, bytes.readInt32BE(RECORD_COUNT_AT), head, lastOffset),
    plainBytes: plain.length,
  };
}

/**
 * The last offset of a batch that cannot be read. Without a correct checksum, it is known only if two fields of the header agree.
 * Otherwise it is the first offset, and the next fetch returns the rest of the batch.
 */
export function lastOffsetOf(bytes: Buffer, firstOffset: number): number {
  if (bytes.length < HEAD_BYTES) return firstOffset;
  const delta = bytes.readInt32BE(LAST_OFFSET_DELTA_AT);
  const isReliable =
    crc32c(bytes.subarray(ATTRIBUTES_AT)) === bytes.readUInt32BE(CRC_AT) ||
    delta === bytes.readInt32BE(RECORD_COUNT_AT) - 1;
  return firstOffset + (isReliable ? Math.max(0, delta) : 0);
}

async function decompress(records: Buffer, attributes: number): Promise<Buffer> {
  try {
    const codec = compression.lookupCodecByAttributes(attributes);
    if (!codec) throw new Error(`codec ${attributes & COMPRESSED} does not exist`);
    return await codec.decompress(records);
  } catch (error) {
    throw new InvalidBatchError('compression', `it cannot be decompressed: ${(error as Error).message}`);
  }
}

function readRecords(records: Buffer, count: number, head: BatchHead, lastOffset: number): FetchedMessage[] {
  if (count < 0 || count > MAX_RECORDS || count * MIN_RECORD_BYTES > records.length) {
    throw new InvalidBatchError('records', `it claims ${count} records in ${records.length} bytes`);
  }
  const messages: FetchedMessage[] = [];
  const reader = new ByteReader(records);
  let previous = head.firstOffset - 1;
  for (let i = 0; i < count; i++) {
    const length = reader.varint();
    const end = reader.at + length;
    reader.at++; // Attributes, which no version of Kafka uses.
    const message = new FetchedMessage(head, reader);
    const isInOrder = message.offsetNumber > previous && message.offsetNumber <= lastOffset;
    if (!isInOrder || end > records.length || !endsAt(reader, end)) {
      throw new InvalidBatchError('records', `its record ${i + 1} of ${count} is malformed`);
    }
    previous = message.offsetNumber;
    messages.push(message);
  }
  if (reader.at !== records.length) throw new InvalidBatchError('records', 'bytes follow its last record');
  return messages;
}

/** Whether the key, value and headers from here on fill the record exactly. */
function endsAt(reader: ByteReader, end: number): boolean {
  if (!skipField(reader, -1, end) || !skipField(reader, -1, end)) return false;
  const headers = reader.varint();
  if (headers < 0 || headers > end - reader.at) return false;
  for (let i = 0; i < headers; i++) if (!skipField(reader, 0, end) || !skipField(reader, -1, end)) return false;
  return reader.at === end;
}

function skipField(reader: ByteReader, minLength: number, end: number): boolean {
  const length = reader.varint();
  if (length < minLength) return false;
  reader.at += Math.max(0, length);
  return reader.at <= end;
}
