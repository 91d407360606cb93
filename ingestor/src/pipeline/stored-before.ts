import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { feedViewsAgain } from '../clickhouse/feed-views.ts';
import { isPlainMergeTree, storedDeadLetters, storedEvents, type StoredEvent } from '../clickhouse/stored-rows.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import type { Batch } from './batch.ts';
import { CLOCK_TOLERANCE_MS } from './received-at.ts';

export interface OffsetRange {
  first: number;
  last: number;
}

/** The rows of a batch that ClickHouse already has, so that they are not inserted again. */
export interface StoredBefore {
  /** Compare every batch, not only those whose token ClickHouse may have forgotten. */
  isAlwaysAsked: boolean;
  /**
   * Passes the stored events of the batch from `first` to `last` through the views again, because the insert that stored them may have
   * ended before the views had them.
   */
  feedViews(batch: Batch, offsets: OffsetRange, signal: AbortSignal): Promise<void>;
  /**
   * Whether the table logs the token of an insert before it has the rows, so that a killed server may have the token alone. It is false for
   * replicated tables: Keeper gets both at once, and another replica may get the rows later, so that they only seem to be missing.
   */
  isTokenLoggedFirst(table: string, signal: AbortSignal): Promise<boolean>;
  /** By the keys of `eventKey`. */
  events(batch: Batch, signal: AbortSignal): Promise<ReadonlyMap<string, StoredEvent>>;
  /** Like `events` and `deadLetters`, stored by any path: of two rows with one identity, a merge leaves one. */
  anyEvents(batch: Batch, signal: AbortSignal): Promise<ReadonlyMap<string, StoredEvent>>;
  anyDeadLetters(batch: Batch, signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** When they arrived, by the keys of `deadLetterKey`; milliseconds since the epoch. */
  deadLetters(batch: Batch, signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
}

/**
 * Earlier attempts to insert the same batch. Its offsets, the source and the rows' identities show them. `received_at` does not, because
 * each attempt stores its own arrival time.
 */
export function earlierAttempts(client: ClickHouseClient, timeoutMs: number): StoredBefore {
  return {
    isAlwaysAsked: false,
    isTokenLoggedFirst: (table, signal) => isPlainMergeTree(client, table, signal),
    feedViews: (batch, { first, last }, signal) => {
      const { of, source } = batch;
      return feedViewsAgain(client, { of, source, first, last, times: timesOf(batch), newestMs: 0 }, timeoutMs, signal);
    },
    events: (batch, signal) => storedEvents(client, batch, signal, { source: batch.source, times: timesOf(batch) }),
    deadLetters: (batch, signal) => storedDeadLetters(client, batch, signal, batch.source),
    anyEvents: (batch, signal) => storedEvents(client, batch, signal, { times: timesOf(batch) }),
    anyDeadLetters: (batch, signal) => storedDeadLetters(client, batch, signal),
  };
}

/** What ClickHouse has of a batch. */
export interface StoredBatch {
  events: ReadonlyMap<string, StoredEvent>;
  letters: ReadonlyMap<string, number>;
}

/**
 * Rows `from` to `to` that are not stored.
 *
 * If the batch differs from the claimed one, what was a dead letter at the first attempt may be an event now, and the other way round.
 * What was stored first counts: an event of a message is stored once, as a row or as a dead letter. (A message of several events does
 * not tell which of them became rows, so there the number counts.)
 */
export function missingRows(batch: Batch, from: number, to: number, { events, letters }: StoredBatch): RowBinaryWriter {
  if (events.size === 0 && (letters.size === 0 || !batch.differs)) return batch.rows.slice(from, to);
  const others = new Counts();
  if (batch.differs) {
    const own = new Set(keysOf(batch.deadLetters, placeOf));
    for (const place of placesOf(batch, letters)) if (!own.has(place)) others.add(offsetOfKey(place));
  }
  return filtered(batch.rows, from, to, (row) => !events.has(eventKey(row)) && !others.take(String(offsetOf(row))));
}

/** The dead letters that are not stored; see `missingRows`. */
export function missingLetters(
  batch: Batch,
  from: number,
  to: number,
  { events, letters }: StoredBatch
): RowBinaryWriter {
  const { deadLetters } = batch;
  if (letters.size === 0 && !batch.differs) return deadLetters.slice(from, to);
  const others = new Counts();
  const places = new Set<string>();
  if (batch.differs) {
    const own = new Set(keysOf(batch.rows, eventKey));
    const sinceMs = batch.validatedAsOfMs - CLOCK_TOLERANCE_MS;
    for (const [key, { offset, receivedAtMs }] of events) {
      if (!own.has(key) && receivedAtMs >= sinceMs) others.add(offset);
    }
    for (const place of placesOf(batch, letters)) places.add(place);
  }
  return filtered(deadLetters, from, to, (row) => {
    if (letters.has(deadLetterKey(row)) || places.has(placeOf(row))) return false;
    return !others.take(String(row.readBigInt64LE(0)));
  });
}

/** `offset/part` of the stored dead letters of this log: those of an earlier one of the same name arrived before the batch was claimed. */
function placesOf({ validatedAsOfMs }: Batch, letters: ReadonlyMap<string, number>): Set<string> {
  const own = [...letters].filter(([, receivedAtMs]) => receivedAtMs >= validatedAsOfMs - CLOCK_TOLERANCE_MS);
  return new Set(own.map(([key]) => placeOfKey(key)));
}

/** How many stored events of an offset are not accounted for. */
class Counts {
  readonly #left = new Map<string, number>();

  add(offset: string): void {
    this.#left.set(offset, (this.#left.get(offset) ?? 0) + 1);
  }

  /** True, and one less is left. */
  take(offset: string): boolean {
    const left = this.#left.get(offset) ?? 0;
    if (left > 0) this.#left.set(offset, left - 1);
    return left > 0;
  }
}

/** Those of the rows `from` to `to` that are kept. */
export function filtered(
  rows: RowBinaryWriter,
  from: number,
  to: number,
  isKept: (row: Buffer) => boolean
): RowBinaryWriter {
  const kept = new RowBinaryWriter();
  for (let i = from; i < to; i++) {
    const row = rows.rowBytes(i, i + 1);
    if (!isKept(row)) continue;
    kept.beginRow();
    kept.raw(row);
  }
  return kept;
}

export function keysOf(rows: RowBinaryWriter, keyOf: (row: Buffer) => string): string[] {
  return Array.from({ length: rows.rows }, (_, i) => keyOf(rows.rowBytes(i, i + 1)));
}

/** First and last event time. Null: any time, because another version may have read another one. */
function timesOf({ rows, differs }: Batch): { fromMs: number; toMs: number } | null {
  if (differs) return null;
  let [fromMs, toMs] = [Infinity, -Infinity];
  for (let i = 0; i < rows.rows; i++) {
    const row = rows.rowBytes(i, i + 1);
    const tsMs = Number(row.readBigInt64LE(textAt(row, UUID_BYTES).end));
    fromMs = Math.min(fromMs, tsMs);
    toMs = Math.max(toMs, tsMs);
  }
  return fromMs <= toMs ? { fromMs, toMs } : { fromMs: 0, toMs: 0 };
}

const UUID_BYTES = 16;
const OFFSET_AND_PART_BYTES = 12;
const PARTITION_BYTES = 4;
const OFFSET_BYTES = 8;

/** The identity of a `telemetry_raw` row, in the format of `storedEvents`. Its first columns are event_id, robot_id and ts. */
export function eventKey(row: Buffer): string {
  const robotId = textAt(row, UUID_BYTES);
  return `${uuidText(row)}/${row.readBigInt64LE(robotId.end)}/${robotId.text}`;
}

/** The offsets of the rows `from` to `to`. Those of the whole batch include offsets without a row. */
export function offsetsOf({ rows, first, last }: Batch, from: number, to: number): OffsetRange {
  const at = (row: number): number => Number(offsetOf(rows.rowBytes(row, row + 1)));
  return { first: from === 0 ? first : at(from), last: to === rows.rows ? last : at(to - 1) };
}

/** `telemetry_raw` ends with received_at, source, topic, partition and offset. */
function offsetOf(row: Buffer): bigint {
  return row.readBigInt64LE(row.length - OFFSET_BYTES);
}

/**
 * The place, the reason and the content of a `dead_letters` row, in the format of `storedDeadLetters`.
 * Its first columns are offset, part, topic, partition, reason, detail, raw and key.
 */
export function deadLetterKey(row: Buffer): string {
  const topic = textAt(row, OFFSET_AND_PART_BYTES);
  const reason = textAt(row, topic.end + PARTITION_BYTES);
  const raw = textAt(row, textAt(row, reason.end).end);
  const key = textAt(row, raw.end);
  const hash = createHash('md5').update(row.subarray(key.start, key.end)).update('\0');
  const content = hash.update(row.subarray(raw.start, raw.end)).digest().readBigUInt64LE(0);
  return `${placeOf(row)}/${reason.text}/${content}`;
}

/** `offset/part` of a `dead_letters` row. */
function placeOf(row: Buffer): string {
  return `${row.readBigInt64LE(0)}/${row.readUInt32LE(8)}`;
}

function placeOfKey(key: string): string {
  return key.split('/', 2).join('/');
}

function offsetOfKey(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function uuidText(row: Buffer): string {
  const half = (at: number): string => row.readBigUInt64LE(at).toString(16).padStart(16, '0');
  const hex = half(0) + half(8);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A RowBinary string: its length as a varint, then its bytes. */
function textAt(row: Buffer, at: number): { text: string; start: number; end: number } {
  let length = 0;
  let start = at;
  for (let shift = 0; ; shift += 7) {
    const byte = row.readUInt8(start++);
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const end = start + length;
  return { text: row.toString('utf8', start, end), start, end };
}
