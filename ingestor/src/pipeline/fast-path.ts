import { isUtf8 } from 'node:buffer';
import { MAX_MESSAGE_BYTES } from '@floorwatch/contract';
import { ByteScanner } from '../decode/fast/byte-scanner.ts';
import { certainParts } from '../decode/fast/certain-parts.ts';
import { isKnownEventType } from '../decode/fast/known-event-types.ts';
import { scanEvent } from '../decode/fast/scan-event.ts';
import { ScannedEvent } from '../decode/fast/scanned-event.ts';
import type { Position } from '../rows/position.ts';
import type { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { ScannedRowWriter } from '../rows/scanned-row.ts';

/** Nothing of it outlives one message. */
const scanner = new ByteScanner();
const scanned = new ScannedEvent();

/** Turns plain JSON events into rows without parsing them, for one range; leaves everything unusual to the decoder. */
export class FastPath {
  readonly #rowWriter: ScannedRowWriter;
  readonly #nowMs: number;

  constructor(of: Omit<Position, 'offset' | 'part'>, source?: number) {
    this.#rowWriter = new ScannedRowWriter(of, source);
    this.#nowMs = of.receivedAtMs;
  }

  /** The events of a message that holds several for certain, each to be written or decoded alone; null for any other. */
  partsOf(message: Buffer): Buffer[] | null {
    return message.length > MAX_MESSAGE_BYTES ? null : certainParts(scanner, message);
  }

  /**
   * True when the value was one valid event and its row has been written.
   * @param part index of the event within its message
   */
  write(rows: RowBinaryWriter, value: Buffer, offset: number, part: number): boolean {
    if (value.length > MAX_MESSAGE_BYTES) return false;
    scanner.load(value);
    if (!scanEvent(scanner, this.#nowMs, scanned)) return false;
    if (scanner.sawNonAscii && !isUtf8(value)) return false;
    return this.#rowWriter.write(rows, value, scanned, offset, part);
  }

  /** Of the event written last: false when its type is one that the contract does not know. */
  get lastTypeIsKnown(): boolean {
    return isKnownEventType(scanner.bytes, scanned);
  }
}
