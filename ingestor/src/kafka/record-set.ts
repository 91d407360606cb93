import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { KafkaMessage } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeMessages from 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js';
import { ByteReader } from './byte-reader.ts';
import type { FetchedMessage } from './fetched-message.ts';
import { InvalidBatchError, invalidMessages, type InvalidMessage } from './invalid-batch.ts';
import { HEAD_BYTES, lastOffsetOf, readRecordBatch, type RecordBatch } from './record-batch.ts';
import { SkipMarker } from './skip-marker.ts';

const LENGTH_AT = 8;
const LENGTH_COUNTS_FROM = 12;
const CRC_OF_OLD_AT = 12;
const MAGIC_AT = 16;
/** Messages before Kafka 0.11 have the formats 0 and 1. */
const MAGIC = 2;
/** A message of an old format without key and value. */
const MIN_OLD_BYTES = 26;
/** Brokers accept requests of up to 100 MB. */
const MAX_BATCH_BYTES = 128 << 20;

/** A batch may be damaged on its way from the broker. If it is still invalid after these attempts, it is so in the log. */
const ATTEMPTS = 3;
/** Time between them. */
export const RETRY_DELAY_MS = 200;

/** What the request and the response say about one record set. */
export interface RecordSetContext {
  /** Identifies the partition in the count of attempts. */
  key: string;
  /** When the response with the record set arrived. */
  arrivedAtMs: number;
  /** The requested offset; 0 when it is not known. */
  fetchOffset: number;
  highWatermark: number;
  /** By their first offset. */
  abortedTransactions: readonly { producerId: number; firstOffset: number }[];
  /** Bytes of decompressed records that the response may still have in memory. The last batch may exceed it. */
  budget: { bytes: number };
  /** No record set precedes it in the response, so the broker sends its first batch as a whole, whatever the size (KIP-74). */
  isFirst: boolean;
  /** Before an invalid batch is fetched again. */
  retryDelayMs: number;
}

export type RawMessage = FetchedMessage | InvalidMessage | SkipMarker | (KafkaMessage & { arrivedAtMs: number });

/** Attempts to read an invalid batch, by partition and offset. */
const attempts = new Map<string, number>();
const MAX_COUNTED = 10_000;

/**
 * The messages of a record set in order, without aborted transactions, and a marker if the last offset is not a message.
 * The next fetch begins after the last of them, so a batch may be left for it: it is truncated by the size limit of the fetch, it
 * is beyond the limit of memory, or it is invalid. An invalid batch is left until it is the first one and was fetched again
 * several times. Then each of its offsets is an `InvalidMessage`, and nothing follows, because the list of aborted transactions
 * may not be complete without it.
 */
export async function readRecordSet(bytes: Buffer, context: RecordSetContext): Promise<RawMessage[]> {
  const messages: RawMessage[] = [];
  const isAborted = abortedFilter(context.abortedTransactions);
  let next = context.fetchOffset;
  for (let start = 0; start < bytes.length && context.budget.bytes > 0;) {
    try {
      const end = endOf(bytes, start);
      if (end === null) {
        if (start > 0 || !context.isFirst) break;
        throw new InvalidBatchError('truncated', `only ${bytes.length} bytes of it arrived`);
      }
      const batch = bytes.subarray(start, end);
      checkOffset(batch, next, context);
      if (batch[MAGIC_AT] === MAGIC) {
        const read = await readRecordBatch(batch, context.arrivedAtMs);
        context.budget.bytes -= read.plainBytes;
        if (!isAborted(read)) for (const message of read.messages) messages.push(message);
        next = read.lastOffset + 1;
      } else {
        for (const message of await readOldMessage(batch, context)) {
          messages.push(message);
          next = Number(message.offset) + 1;
        }
      }
      start = end;
    } catch (error) {
      if (!(error instanceof InvalidBatchError)) throw error;
      if (start > 0) break;
      return await invalidBatch(bytes.subarray(0, endOf(bytes, 0, true) ?? bytes.length), error, context);
    }
  }
  const last = messages.at(-1);
  if (next > context.fetchOffset && Number(last?.offset ?? -1) !== next - 1) messages.push(new SkipMarker(next - 1));
  return messages;
}

/**
 * The end of the batch that begins at `start`; null if it is incomplete. Throws `InvalidBatchError` for an impossible length or format.
 * @param isTolerant returns null instead
 */
function endOf(bytes: Buffer, start: number, isTolerant = false): number | null {
  if (start + MAGIC_AT >= bytes.length) return null;
  const magic = bytes.readUInt8(start + MAGIC_AT);
  const length = LENGTH_COUNTS_FROM + bytes.readInt32BE(start + LENGTH_AT);
  const minimum = magic === MAGIC ? HEAD_BYTES : MIN_OLD_BYTES;
  const isPlausible = magic <= MAGIC && length >= minimum && length <= MAX_BATCH_BYTES;
  if (!isPlausible && !isTolerant) throw new InvalidBatchError('format', `format ${magic}, ${length} bytes`);
  return isPlausible && start + length <= bytes.length ? start + length : null;
}

/** The first offset is not covered by the checksum. */
function checkOffset(batch: Buffer, next: number, { highWatermark }: RecordSetContext): void {
  const first = new ByteReader(batch).int64();
  const last = batch[MAGIC_AT] === MAGIC ? first + batch.readInt32BE(23) : first;
  if (last < next || last >= highWatermark || last < first) {
    throw new InvalidBatchError('offset', `it has the offsets ${first} to ${last}, expected from ${next} on`);
  }
}

async function readOldMessage(
  bytes: Buffer,
  { arrivedAtMs }: RecordSetContext
): Promise<(KafkaMessage & { arrivedAtMs: number })[]> {
  if (crc32(bytes.subarray(MAGIC_AT)) !== bytes.readUInt32BE(CRC_OF_OLD_AT)) {
    throw new InvalidBatchError('crc', 'its checksum is wrong');
  }
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  try {
    const decoded = await decodeMessages(new Decoder(Buffer.concat([size, bytes])));
    return decoded.map((message) => Object.assign(message, { arrivedAtMs }));
  } catch (error) {
    throw new InvalidBatchError('records', (error as Error).message);
  }
}

async function invalidBatch(
  bytes: Buffer,
  error: InvalidBatchError,
  { key, fetchOffset, arrivedAtMs, highWatermark, retryDelayMs }: RecordSetContext
): Promise<RawMessage[]> {
  const firstOffset = fetchOffset;
  const lastOffset = error.kind === 'offset' ? fetchOffset : lastInvalidOffset(bytes, fetchOffset, highWatermark);
  const place = `${key}/${firstOffset}`;
  const attempt = (attempts.get(place) ?? 0) + 1;
  if (attempt < ATTEMPTS) {
    if (attempts.size >= MAX_COUNTED) attempts.clear();
    attempts.set(place, attempt);
    await sleep(retryDelayMs);
    return [];
  }
  attempts.delete(place);
  const messages: RawMessage[] = invalidMessages(bytes, { firstOffset, lastOffset }, error, arrivedAtMs);
  if (messages.at(-1)?.offset !== String(lastOffset)) messages.push(new SkipMarker(lastOffset));
  return messages;
}

/** Only the requested offset, if the offsets in the batch do not fit the request: the next fetch returns the batch again. */
function lastInvalidOffset(bytes: Buffer, fetchOffset: number, highWatermark: number): number {
  const first = bytes.length < LENGTH_AT ? fetchOffset : new ByteReader(bytes).int64();
  const last = lastOffsetOf(bytes, first);
  return first <= fetchOffset && last > fetchOffset && last < highWatermark ? last : fetchOffset;
}

/** Key of a control record that ends an aborted transaction: version 0, type 0. */
const ABORT = Buffer.of(0, 0, 0, 0);

/**
 * Whether the messages of a batch are to be left out, for batches in order: control records, and batches of an aborted
 * transaction. Source: `fetchRecords` of Kafka's Java consumer.
 */
function abortedFilter(transactions: RecordSetContext['abortedTransactions']): (batch: RecordBatch) => boolean {
  const waiting = transactions.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const aborted = new Set<number>();
  return ({ lastOffset, producerId, isTransactional, isControl, messages }) => {
    for (let first = waiting[0]; first && first.firstOffset <= lastOffset; first = waiting[0]) {
      aborted.add(first.producerId);
      waiting.shift();
    }
    if (isControl && messages[0]?.key?.subarray(0, ABORT.length).equals(ABORT)) aborted.delete(producerId);
    return isControl || (isTransactional && aborted.has(producerId));
  };
}
