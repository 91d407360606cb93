import compression from 'kafkajs/src/protocol/message/compression/index.js';
import { ByteReader } from './byte-reader.ts';
import { FetchedMessage, type BatchHead } from './fetched-message.ts';

/** Positions of the fields of a record batch (https://kafka.apache.org/documentation/#recordbatch). */
const HEAD_BYTES = 61;
const LENGTH_AT = 8;
const LENGTH_COUNTS_FROM = 12;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
const FIRST_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const RECORD_COUNT_AT = 57;

const MAGIC = 2;
const COMPRESSED = 0x07;
const LOG_APPEND_TIME = 0x08;
const CONTROL = 0x20;

/**
 * The messages of a record set in order; null when only kafkajs can read it: an old format, or control records.
 * @param arrivedAtMs when the response with the record set arrived
 */
export async function readRecordSet(bytes: Buffer, arrivedAtMs: number): Promise<FetchedMessage[] | null> {
  const messages: FetchedMessage[] = [];
  for (let start = 0; start + MAGIC_AT < bytes.length;) {
    // Check this before the length: a message of an old format is shorter than the header of a batch.
    if (bytes[start + MAGIC_AT] !== MAGIC) return null;
    if (start + HEAD_BYTES > bytes.length) break;
    const end = start + LENGTH_COUNTS_FROM + bytes.readInt32BE(start + LENGTH_AT);
    if (end > bytes.length) break; // Truncated by the size limit of the fetch. The next fetch begins with this batch.
    if (end < start + HEAD_BYTES) throw new Error(`a record batch of ${end - start} bytes is shorter than its header`);
    const attributes = bytes.readInt16BE(start + ATTRIBUTES_AT);
    if ((attributes & CONTROL) !== 0) return null;
    const at = (offset: number): number => new ByteReader(bytes, start + offset).int64();
    const head: BatchHead = {
      arrivedAtMs,
      firstOffset: at(0),
      firstTimestampMs: at(FIRST_TIMESTAMP_AT),
      appendTimestampMs: (attributes & LOG_APPEND_TIME) === 0 ? null : at(MAX_TIMESTAMP_AT),
    };
    const records = bytes.subarray(start + HEAD_BYTES, end);
    const isCompressed = (attributes & COMPRESSED) !== 0;
    const plain = isCompressed ? await decompress(records, attributes) : records;
    readRecords(plain, bytes.readInt32BE(start + RECORD_COUNT_AT), head, messages);
    start = end;
  }
  return messages;
}

async function decompress(records: Buffer, attributes: number): Promise<Buffer> {
  const codec = compression.lookupCodecByAttributes(attributes);
  if (!codec) throw new Error(`no codec for the compression of record batch attributes ${attributes}`);
  return codec.decompress(records);
}

function readRecords(records: Buffer, count: number, head: BatchHead, messages: FetchedMessage[]): void {
  const reader = new ByteReader(records);
  for (let left = count; left > 0; left--) {
    const length = reader.varint();
    const end = reader.at + length;
    reader.at++; // Attributes, which no version of Kafka uses.
    messages.push(new FetchedMessage(head, reader));
    reader.at = end;
  }
}
