import { isUtf8 } from 'node:buffer';
import { MAX_MESSAGE_BYTES } from '@floorwatch/contract';
import { ByteScanner } from '../decode/fast/byte-scanner.ts';
import { isKnownEventType, scanEvent } from '../decode/fast/scan-event.ts';
import { ScannedEvent } from '../decode/fast/scanned-event.ts';
import { splitEvents } from '../decode/fast/split-events.ts';
import type { TopicPartition } from '../kafka/group-consumer.ts';
import type { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { ScannedRowWriter } from '../rows/scanned-row.ts';

/** Nothing of it outlives one message. */
const scanner = new ByteScanner();
const scanned = new ScannedEvent();

/** Turns plain JSON events into rows without parsing them, for one batch; leaves everything unusual to the decoder. */
export class FastPath {
  readonly #rowWriter: ScannedRowWriter;
  readonly #nowMs: number;

  /** @param nowMs the clock that events are validated by */
  constructor(of: TopicPartition, nowMs: number, source: number) {
    this.#rowWriter = new ScannedRowWriter(of, source);
    this.#nowMs = nowMs;
  }

  /** The events of a message that holds several for certain, each to be written or decoded alone; null for any other. */
  partsOf(message: Buffer): Buffer[] | null {
    return message.length > MAX_MESSAGE_BYTES ? null : splitEvents(scanner, message);
  }

  /**
   * True when the value was one valid event and its row has been written.
   * @param part index of the event within its message
   */
  write(rows: RowBinaryWriter, value: Buffer, offset: number, part: number, receivedAtMs: number): boolean {
    if (value.length > MAX_MESSAGE_BYTES) return false;
    scanner.load(value);
    if (!scanEvent(scanner, this.#nowMs, scanned)) return false;
    if (scanner.sawNonAscii && !isUtf8(value)) return false;
    return this.#rowWriter.write(rows, value, scanned, offset, part, receivedAtMs);
  }

  /** Of the event written last: false when its type is one that the contract does not know. */
  get lastTypeIsKnown(): boolean {
    return isKnownEventType(scanner.bytes, scanned);
  }
}
