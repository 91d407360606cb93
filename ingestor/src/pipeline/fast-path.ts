import { isUtf8 } from 'node:buffer';
import { MAX_MESSAGE_BYTES } from '@floorwatch/contract';
import { ByteScanner } from '../decode/fast/byte-scanner.ts';
import { isKnownEventType, scanEvent } from '../decode/fast/scan-event.ts';
import { ScannedEvent } from '../decode/fast/scanned-event.ts';
import { splitEvents } from '../decode/fast/split-events.ts';
import type { BytesOfValue, TopicPartition } from '../kafka/group-consumer.ts';
import type { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { ScannedRowWriter } from '../rows/scanned-row.ts';

/** Shared by all messages: its content is valid for one message only. */
const scanner = new ByteScanner();
const scanned = new ScannedEvent();

interface FastPathOptions {
  of: TopicPartition;
  validatedAsOfMs: number;
  except: readonly string[];
  source: number;
}

/** Writes rows from plain JSON events of one batch without parsing them. The decoder handles all other messages. */
export class FastPath {
  readonly #rowWriter: ScannedRowWriter;
  readonly #nowMs: number;
  readonly #except: readonly Buffer[];

  /**
   * @param validatedAsOfMs the clock for validation
   * @param except leaves events with one of these keys, at any depth, to the decoder
   */
  constructor({ of, validatedAsOfMs, except, source }: FastPathOptions) {
    this.#rowWriter = new ScannedRowWriter(of, source);
    this.#nowMs = validatedAsOfMs;
    // The scanner reads no text with escapes, so a key is always written like this.
    this.#except = except.map((key) => Buffer.from(JSON.stringify(key)));
  }

  /** The events of a message that certainly contains several, to be written or decoded one by one; null for any other message. */
  partsOf(message: Buffer): Buffer[] | null {
    return message.length > MAX_MESSAGE_BYTES ? null : splitEvents(scanner, message);
  }

  /**
   * True when the text is one valid event and its row was written.
   * @param part index of the event within its message
   */
  write(
    rows: RowBinaryWriter,
    { bytes, start, end }: BytesOfValue,
    offset: number,
    part: number,
    receivedAtMs: number
  ): boolean {
    if (end - start > MAX_MESSAGE_BYTES) return false;
    scanner.load(bytes, start, end);
    if (!scanEvent(scanner, this.#nowMs, scanned)) return false;
    if (scanner.sawNonAscii && !isUtf8(bytes.subarray(start, end))) return false;
    if (this.#except.length > 0 && this.#hasExcepted(bytes.subarray(start, end))) return false;
    return this.#rowWriter.write(rows, bytes, end - start, scanned, offset, part, receivedAtMs);
  }

  #hasExcepted(text: Buffer): boolean {
    for (const key of this.#except) if (text.includes(key)) return true;
    return false;
  }

  /** False when the type of the last event is not in the contract. */
  get lastTypeIsKnown(): boolean {
    return isKnownEventType(scanner.bytes, scanned);
  }
}
