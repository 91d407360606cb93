import { fieldIndex } from '@floorwatch/contract';
import { eventIdFor } from '@floorwatch/contract/event-id';
import type { ScannedEvent } from '../decode/fast/scanned-event.ts';
import type { TopicPartition } from '../kafka/group-consumer.ts';
import { CELL, CELLS } from './cells.ts';
import { SOURCE_INGESTOR } from './origin.ts';
import { DASHES, HEX_PAIRS, NIBBLES, NO_HEX, RowBinaryWriter, UUID_BYTES } from './row-binary-writer.ts';

/** Maximum bytes of a row without its texts: per field at most 8 bytes of a number, or a NULL flag and a length; and the offset. */
const FIXED_BYTES = CELLS.length * 10 + 32;
const EVENT_ID = fieldIndex('event_id');
const FLOAT = new Float32Array(1);
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer);

/**
 * Writes rows of `telemetry_raw` directly from the bytes of their messages, for one batch.
 * Invariant: the row is byte for byte equal to the row of `writeTelemetryRow` for the same event, except that `meta` has the
 * original text of the message.
 */
export class ScannedRowWriter {
  readonly #of: TopicPartition;
  /** The bytes between `received_at` and `offset`, which are the same in every row of the batch. */
  readonly #afterReceivedAt: Buffer;
  #bytes: Uint8Array = new Uint8Array();
  #target: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(of: TopicPartition, source = SOURCE_INGESTOR) {
    this.#of = of;
    const writer = new RowBinaryWriter(256);
    writer.uint8(source);
    writer.string(of.topic);
    writer.int32(of.partition);
    this.#afterReceivedAt = writer.bytes();
  }

  /**
   * Returns false, without a row, when the event id is not a UUID. The rest of the event is already validated.
   * @param length of the event's text in `bytes`
   */
  write(
    writer: RowBinaryWriter,
    bytes: Uint8Array,
    length: number,
    event: ScannedEvent,
    offset: number,
    part: number,
    receivedAtMs: number
  ): boolean {
    this.#at = writer.roomForRow(length + this.#afterReceivedAt.length + FIXED_BYTES);
    this.#target = writer.buffer;
    this.#bytes = bytes;
    if (!this.#eventId(event.starts[EVENT_ID] ?? -1, offset, part)) return false;
    this.#cells(event);
    this.#int64(receivedAtMs);
    this.#copy(this.#afterReceivedAt, 0, this.#afterReceivedAt.length);
    this.#int64(offset);
    writer.endRow(this.#at);
    return true;
  }

  #cells({ numbers, starts, ends }: ScannedEvent): void {
    for (let field = 0; field < CELLS.length; field++) {
      switch (CELLS[field]) {
        case CELL.nullableString:
          this.#nullableString(starts[field] ?? -1, ends[field] ?? 0);
          break;
        case CELL.nullableFloat32:
          this.#nullableFloat(numbers[field] ?? NaN);
          break;
        case CELL.string:
          this.#string(starts[field] ?? -1, ends[field] ?? 0);
          break;
        case CELL.milliseconds:
          this.#int64(numbers[field] ?? 0);
          break;
      }
    }
  }

  #eventId(start: number, offset: number, part: number): boolean {
    if (start < 0) {
      const id = eventIdFor(this.#of.topic, this.#of.partition, offset, part);
      return this.#uuid(Buffer.from(id, 'latin1'), 0);
    }
    return this.#uuid(this.#bytes, start);
  }

  #uuid(text: Uint8Array, start: number): boolean {
    for (const dash of DASHES) if (text[start + dash] !== 0x2d) return false;
    let worst = 0;
    for (let i = 0; i < UUID_BYTES; i++) {
      const at = start + (HEX_PAIRS[i] ?? 0);
      const high = NIBBLES[text[at] ?? 0] ?? NO_HEX;
      const low = NIBBLES[text[at + 1] ?? 0] ?? NO_HEX;
      worst |= high | low;
      this.#target[this.#at + i] = (high << 4) | low;
    }
    this.#at += UUID_BYTES;
    return worst < NO_HEX;
  }

  #string(start: number, end: number): void {
    if (start < 0) {
      this.#target[this.#at++] = 0;
      return;
    }
    let length = end - start;
    while (length >= 0x80) {
      this.#target[this.#at++] = (length & 0x7f) | 0x80;
      length >>>= 7;
    }
    this.#target[this.#at++] = length;
    this.#copy(this.#bytes, start, end);
  }

  #nullableString(start: number, end: number): void {
    this.#target[this.#at++] = start < 0 ? 1 : 0;
    if (start >= 0) this.#string(start, end);
  }

  #nullableFloat(value: number): void {
    const isNull = Number.isNaN(value);
    this.#target[this.#at++] = isNull ? 1 : 0;
    if (isNull) return;
    FLOAT[0] = value;
    this.#copy(FLOAT_BYTES, 0, 4);
  }

  #int64(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    this.#uint32(value - high * 0x1_0000_0000);
    this.#uint32(high);
  }

  #uint32(value: number): void {
    const target = this.#target;
    const at = this.#at;
    target[at] = value;
    target[at + 1] = value >>> 8;
    target[at + 2] = value >>> 16;
    target[at + 3] = value >>> 24;
    this.#at = at + 4;
  }

  /** Copies byte by byte: for these lengths, a native copy is slower. */
  #copy(source: Uint8Array, start: number, end: number): void {
    const target = this.#target;
    let at = this.#at;
    for (let i = start; i < end; i++) target[at++] = source[i] ?? 0;
    this.#at = at;
  }
}
