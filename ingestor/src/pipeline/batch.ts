import { EVENT_TYPES } from '@floorwatch/contract';
import type { DeadLetterReason, Decoder } from '../decode/outcome.ts';
import type { ConsumedMessage, TopicPartition } from '../kafka/group-consumer.ts';
import type { InvalidBatch } from '../kafka/invalid-batch.ts';
import { writeDeadLetterRow } from '../rows/dead-letter-row.ts';
import { SOURCE_INGESTOR, type Position } from '../rows/origin.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { writeTelemetryRow } from '../rows/telemetry-row.ts';
import type { DuplicateWindow } from './duplicate-window.ts';
import { FastPath } from './fast-path.ts';
import { receivedAtMs } from './received-at.ts';

const NO_BYTES = Buffer.alloc(0);
const KNOWN_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);

/** The bytes and the place of a row's event, kept only if ClickHouse has rejected a row of the batch. */
export interface RowSource {
  raw: Buffer;
  key: Buffer | null;
  position: Position;
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
  /** Keep every row's bytes, so that a rejected row can become a dead letter. */
  keepSources: boolean;
  /** The messages are JSON with the contract's fields: the fast path reads most of them without a parser. */
  isPlainJson: boolean;
  /** Empty; the rows are written here. */
  rows: RowBinaryWriter;
  /** Event ids read before. A row with one of them is dropped. */
  window: DuplicateWindow;
  /** `source` of the rows, one of rows/origin.ts; those of the live path when absent. */
  source?: number | undefined;
}

/**
 * One partition's contiguous offsets as the rows of one insert.
 * Invariant: the same messages and the same `validatedAsOfMs` always give the same rows, in every process. (Exceptions: `received_at`
 * is the arrival at each process, and the duplicate window of another process may not remember an id.)
 */
export class Batch {
  readonly of: TopicPartition;
  readonly first: number;
  /** The clock for the rules "too old" and "too far ahead". */
  readonly validatedAsOfMs: number;
  /** `source` of its rows, one of rows/origin.ts. */
  readonly source: number;
  readonly rows: RowBinaryWriter;
  readonly deadLetters = new RowBinaryWriter(256);
  readonly rejected = new Map<DeadLetterReason, number>();
  readonly sources: RowSource[] | null;
  last: number;
  messages = 0;
  messageBytes = 0;
  readonly openedAtMs = Date.now();
  /** When its last message was decoded. */
  closedAtMs = 0;
  /** W3C Trace Context of the first message's producer. */
  traceParent: string | null = null;
  unknownTypes = 0;
  /** Rows dropped because their event id was read before. */
  duplicates = 0;
  /** Kafka timestamp of the first message, in milliseconds since the epoch. */
  oldestMs = Infinity;
  readonly #fastPath: FastPath | null;
  readonly #window: DuplicateWindow;
  /** The place of the message that is being added. */
  #receivedAtMs = 0;

  constructor(start: BatchStart) {
    this.of = start.of;
    this.rows = start.rows;
    this.first = start.first;
    this.last = start.first - 1;
    this.validatedAsOfMs = start.validatedAsOfMs;
    this.sources = start.keepSources ? [] : null;
    this.source = start.source ?? SOURCE_INGESTOR;
    this.#fastPath = start.isPlainJson ? new FastPath(start.of, start.validatedAsOfMs, this.source) : null;
    this.#window = start.window;
  }

  get bufferedBytes(): number {
    return this.rows.byteLength + this.deadLetters.byteLength;
  }

  /** @param offset of the message, as a number */
  add(message: ConsumedMessage, offset: number, decode: Decoder): void {
    const { value, timestampMs = Number(message.timestamp) } = message;
    this.#receivedAtMs = receivedAtMs(message.arrivedAtMs, timestampMs);
    if (message.invalidBatch) this.#rejectBatch(message.invalidBatch, offset);
    else if (value === null || !this.#addPlain(value, message, offset, 0)) this.#addParts(message, offset, decode);
    if (this.messages === 0) {
      this.oldestMs = timestampMs;
      this.traceParent = message.headers?.['traceparent']?.toString() ?? null;
    }
    this.last = offset;
    this.messages++;
    this.messageBytes += value?.length ?? 0;
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
      const isPlain = this.#addPlain(bytes, message, offset, part);
      part = isPlain ? part + 1 : this.#decode(bytes, message, offset, part, decode);
    }
  }

  /** True when the fast path has read one valid event and added it. */
  #addPlain(bytes: Buffer, message: ConsumedMessage, offset: number, part: number): boolean {
    if (!this.#fastPath?.write(this.rows, bytes, offset, part, this.#receivedAtMs)) return false;
    const isKept = this.#keepUnlessRepeated(!this.#fastPath.lastTypeIsKnown);
    if (isKept && this.sources) this.#keepSource(bytes, message, this.#position(offset, part));
    return true;
  }

  /** Returns the next part. */
  #decode(bytes: Buffer | null, message: ConsumedMessage, offset: number, part: number, decode: Decoder): number {
    const position = this.#position(offset, part);
    for (const outcome of decode(bytes, this.validatedAsOfMs)) {
      if (outcome.ok) {
        writeTelemetryRow(this.rows, outcome.value, position, this.source);
        const { eventType } = outcome.value;
        const isKept = this.#keepUnlessRepeated(eventType !== '' && !KNOWN_TYPES.has(eventType));
        if (isKept) this.#keepSource(outcome.raw, message, position);
      } else {
        this.reject(outcome.reason, outcome.detail, { raw: outcome.raw, key: message.key, position });
      }
      position.part++;
    }
    return position.part;
  }

  /** The first dead letter of a record batch has its bytes. */
  #rejectBatch({ detail, firstOffset, bytes }: InvalidBatch, offset: number): void {
    const raw = offset === firstOffset ? bytes : NO_BYTES;
    this.reject('batch_invalid', detail, { raw, key: null, position: this.#position(offset, 0) });
  }

  #keepSource(raw: Buffer, { key }: ConsumedMessage, position: Position): void {
    this.sources?.push({ raw, key, position: { ...position } });
  }

  /** Drops the last row if its event was read before. */
  #keepUnlessRepeated(isUnknownType: boolean): boolean {
    const { rows } = this;
    if (this.#window.sees(rows.buffer, rows.lastRowStart)) {
      rows.dropLastRow();
      this.duplicates++;
      return false;
    }
    if (isUnknownType) this.unknownTypes++;
    return true;
  }

  #position(offset: number, part: number): Position {
    return { ...this.of, offset, part, receivedAtMs: this.#receivedAtMs };
  }

  reject(reason: DeadLetterReason, detail: string, { raw, key, position }: RowSource): void {
    writeDeadLetterRow(this.deadLetters, { reason, detail, raw, key }, position, this.source);
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
  }
}
