import { crc32 } from 'node:zlib';
import { EVENT_TYPES } from '@floorwatch/contract';
import type { DeadLetterReason, Decoder } from '../decode/outcome.ts';
import { storedHeaders } from '../decode/stored-headers.ts';
import {
  locateValue,
  locateWhole,
  type BytesOfValue,
  type ConsumedMessage,
  type TopicPartition,
} from '../kafka/group-consumer.ts';
import { bytesOf, type RejectedMessage } from './dead-letter-topic.ts';
import type { InvalidBatch } from '../kafka/invalid-batch.ts';
import { writeDeadLetterRow } from '../rows/dead-letter-row.ts';
import { EventIdentity } from '../rows/event-identity.ts';
import { SOURCE_INGESTOR, type Position } from '../rows/origin.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { writeTelemetryRow } from '../rows/telemetry-row.ts';
import type { LogMark } from './checkpoint-metadata.ts';
import type { DuplicateWindow } from './duplicate-window.ts';
import { FastPath } from './fast-path.ts';
import { receivedAtMs } from './received-at.ts';

const NO_BYTES = Buffer.alloc(0);
const KNOWN_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);
/** Shared by all rows: their content is valid for one row only. */
const identity = new EventIdentity();
const place: BytesOfValue = { bytes: NO_BYTES, start: 0, end: 0 };

/** The bytes and the place of a row's event, kept only if ClickHouse has rejected a row of the batch. */
export interface RowSource {
  raw: Buffer;
  key: Buffer | null;
  position: Position;
  message: ConsumedMessage;
}

/** A batch is complete when it reaches one of these. */
export interface BatchLimits {
  maxRows: number;
  /** Bytes of its messages. */
  maxBytes: number;
  /** Time since its first message arrived. */
  maxMs: number;
}

export interface BatchStart {
  of: TopicPartition;
  /** First offset of the batch. */
  first: number;
  /** When its first message arrived, or the time in the claim of an earlier attempt; milliseconds since the epoch. */
  validatedAsOfMs: number;
  /** `digest` of an earlier attempt to insert the batch; null or absent when this is the first. */
  claimedDigest?: string | null;
  /** Keep every row's bytes, so that a rejected row can become a dead letter. */
  keepSources: boolean;
  /** As in `TopicFormat`: most events without these keys are read without a parser. Null: none. */
  fastPathExcept: readonly string[] | null;
  /** As in `TopicFormat`. */
  storedHeaders?: readonly string[] | undefined;
  /** Keep rejected messages: as they are, or only what their dead letters have, because fields are masked. Absent: no. */
  rejectedMessages?: 'as they are' | 'masked' | null;
  /** Empty; the rows are written here. */
  rows: RowBinaryWriter;
  /** Events read before. A row with one of them is dropped. */
  window: DuplicateWindow;
  /** `source` of the rows, one of rows/origin.ts; those of the live path when absent. */
  source?: number | undefined;
}

/**
 * One partition's contiguous offsets as the rows of one insert.
 * Invariant: the same messages and the same `validatedAsOfMs` always give the same rows, in every process. (Exceptions: `received_at`
 * is the arrival at each process, and the duplicate window of another process may not remember an event.)
 */
export class Batch {
  readonly of: TopicPartition;
  readonly first: number;
  /** The clock for the rules "too old" and "too far ahead". */
  readonly validatedAsOfMs: number;
  /** `source` of its rows, one of rows/origin.ts. */
  readonly source: number;
  readonly rows: RowBinaryWriter;
  readonly claimedDigest: string | null;
  readonly deadLetters = new RowBinaryWriter(256);
  readonly rejected = new Map<DeadLetterReason, number>();
  readonly sources: RowSource[] | null;
  /** One for each message with a dead letter, in order; empty when they are not kept. */
  readonly rejectedMessages: RejectedMessage[] = [];
  #rejectedBytes = 0;
  readonly #rejectedMessages: BatchStart['rejectedMessages'];
  last: number;
  messages = 0;
  messageBytes = 0;
  readonly openedAtMs = Date.now();
  /** When its last message was decoded. */
  closedAtMs = 0;
  /** W3C Trace Context of the first message's producer. */
  traceParent: string | null = null;
  unknownTypes = 0;
  /** It contains something else than the batch that was claimed. */
  differs = false;
  /** Its last message, as far as known. */
  mark: LogMark | null = null;
  /** Rows dropped because their event was read before. */
  duplicates = 0;
  /** Kafka timestamp of the first message, in milliseconds since the epoch. */
  oldestMs = Infinity;
  readonly #fastPath: FastPath | null;
  readonly #window: DuplicateWindow;
  readonly #storedHeaders: readonly string[] | undefined;
  /** Sums over its rows and dead letters, in any order; 32 bits each. */
  #digestHigh = 0;
  #digestLow = 0;
  /** The place of the message that is being added. */
  #receivedAtMs = 0;

  constructor(start: BatchStart) {
    this.of = start.of;
    this.rows = start.rows;
    this.first = start.first;
    this.last = start.first - 1;
    this.validatedAsOfMs = start.validatedAsOfMs;
    this.claimedDigest = start.claimedDigest ?? null;
    this.sources = start.keepSources ? [] : null;
    this.source = start.source ?? SOURCE_INGESTOR;
    this.#fastPath =
      start.fastPathExcept && new FastPath({ ...start, except: start.fastPathExcept, source: this.source });
    this.#window = start.window;
    this.#storedHeaders = start.storedHeaders;
    this.#rejectedMessages = start.rejectedMessages;
  }

  /**
   * What the batch contains: the identities of its events, and the places and reasons of its dead letters, as a hash. It differs when
   * the same offsets give something else: messages vanished from the log, or another version, format, mask or schema reads them.
   */
  get digest(): string {
    return hex(this.#digestHigh) + hex(this.#digestLow);
  }

  get bufferedBytes(): number {
    return this.rows.byteLength + this.deadLetters.byteLength + this.#rejectedBytes;
  }

  /** @param offset of the message, as a number */
  add(message: ConsumedMessage, offset: number, decode: Decoder): void {
    const { timestampMs = Number(message.timestamp) } = message;
    this.#receivedAtMs = receivedAtMs(message.arrivedAtMs, timestampMs);
    const hasValue = locateValue(message, place);
    const bytes = hasValue ? place.end - place.start : 0;
    const headers = this.#storedHeaders ? storedHeaders(message.headers, this.#storedHeaders) : null;
    if (message.invalidBatch) this.#rejectBatch(message, message.invalidBatch, offset);
    // The fast path copies `meta` as it is, so it cannot add headers.
    else if (headers !== null) this.#decode(message.value, message, offset, 0, decode, headers);
    else if (!hasValue || !this.#addPlain(message, offset, 0)) this.#addParts(message, offset, decode);
    if (this.messages === 0) {
      this.oldestMs = timestampMs;
      this.traceParent = message.headers?.['traceparent']?.toString() ?? null;
    }
    this.last = offset;
    this.messages++;
    this.messageBytes += bytes;
  }

  /** Adds a message that is not a single event of the fast path. */
  #addParts(message: ConsumedMessage, offset: number, decode: Decoder): void {
    const { value } = message;
    const parts = value && this.#fastPath?.partsOf(value);
    if (!parts) {
      this.#decode(value, message, offset, 0, decode);
      return;
    }
    let part = 0;
    for (const bytes of parts) {
      locateWhole(bytes, place);
      const isPlain = this.#addPlain(message, offset, part);
      part = isPlain ? part + 1 : this.#decode(bytes, message, offset, part, decode);
    }
  }

  /** True when the fast path has read one valid event at `place` and added it. */
  #addPlain(message: ConsumedMessage, offset: number, part: number): boolean {
    if (!this.#fastPath?.write(this.rows, place, offset, part, this.#receivedAtMs)) return false;
    const isKept = this.#keepUnlessRepeated(!this.#fastPath.lastTypeIsKnown);
    if (isKept && this.sources) {
      const raw = place.bytes.subarray(place.start, place.end);
      this.#keepSource(raw, message, this.#position(offset, part));
    }
    return true;
  }

  /** Returns the next part. */
  #decode(
    bytes: Buffer | null,
    message: ConsumedMessage,
    offset: number,
    part: number,
    decode: Decoder,
    headers: object | null = null
  ): number {
    const position = this.#position(offset, part);
    for (const outcome of decode(bytes, this.validatedAsOfMs, headers)) {
      if (outcome.ok) {
        writeTelemetryRow(this.rows, outcome.value, position, this.source);
        const { eventType } = outcome.value;
        const isKept = this.#keepUnlessRepeated(eventType !== '' && !KNOWN_TYPES.has(eventType));
        if (isKept) this.#keepSource(outcome.raw, message, position);
      } else {
        this.reject(outcome.reason, outcome.detail, { raw: outcome.raw, key: message.key, position, message });
      }
      position.part++;
    }
    return position.part;
  }

  /** The first dead letter of a record batch has its bytes. */
  #rejectBatch(message: ConsumedMessage, { detail, firstOffset, bytes }: InvalidBatch, offset: number): void {
    const raw = offset === firstOffset ? bytes : NO_BYTES;
    this.reject('batch_invalid', detail, { raw, key: null, position: this.#position(offset, 0), message });
  }

  #keepSource(raw: Buffer, message: ConsumedMessage, position: Position): void {
    this.sources?.push({ raw, key: message.key, position: { ...position }, message });
  }

  /** Drops the last row if its event was read before. */
  #keepUnlessRepeated(isUnknownType: boolean): boolean {
    const { rows } = this;
    if (this.#window.sees(identity.read(rows.buffer, rows.lastRowStart))) {
      rows.dropLastRow();
      this.duplicates++;
      return false;
    }
    this.#digest(identity.a ^ identity.c, identity.b ^ identity.d);
    if (isUnknownType) this.unknownTypes++;
    return true;
  }

  #position(offset: number, part: number): Position {
    return { ...this.of, offset, part, receivedAtMs: this.#receivedAtMs };
  }

  reject(reason: DeadLetterReason, detail: string, { raw, key, position, message }: RowSource): void {
    if (this.#rejectedMessages) this.#keepRejected(reason, detail, raw, position.offset, message);
    writeDeadLetterRow(this.deadLetters, { reason, detail, raw, key }, position, this.source);
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
    const where = `${position.offset}/${position.part}/${reason}`;
    this.#digest(crc32(where), crc32(where, 1));
  }

  /** Bytes are copied, because those of a message keep its whole fetch in memory. A batch that cannot be read is one message. */
  #keepRejected(
    reason: DeadLetterReason,
    detail: string,
    raw: Buffer,
    offset: number,
    { key, value, headers, invalidBatch }: ConsumedMessage
  ): void {
    if (this.rejectedMessages.at(-1)?.offset === offset || (invalidBatch && invalidBatch.firstOffset !== offset))
      return;
    const isMasked = this.#rejectedMessages === 'masked';
    const bytes = isMasked || invalidBatch ? raw : value;
    const rejected: RejectedMessage = {
      ...{ of: this.of, offset, reason, detail },
      key: key && Buffer.from(key),
      value: bytes && Buffer.from(bytes),
      headers: isMasked ? undefined : copyOf(headers),
    };
    this.rejectedMessages.push(rejected);
    this.#rejectedBytes += bytesOf(rejected);
  }

  #digest(high: number, low: number): void {
    this.#digestHigh = (this.#digestHigh + high) | 0;
    this.#digestLow = (this.#digestLow + low) | 0;
  }
}

function copyOf(headers: ConsumedMessage['headers']): ConsumedMessage['headers'] {
  const copy = (value: Buffer | string): Buffer => Buffer.from(value);
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      name,
      value === undefined ? value : Array.isArray(value) ? value.map(copy) : copy(value),
    ])
  );
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
