import { isUtf8 } from 'node:buffer';
import { ByteScanner } from '../decode/fast/byte-scanner.ts';
import { EventSpans } from '../decode/fast/event-spans.ts';
import { isKnownEventType } from '../decode/fast/known-event-types.ts';
import { scanEvent } from '../decode/fast/scan-event.ts';
import type { Position } from '../rows/position.ts';
import type { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { SpansRowWriter } from '../rows/spans-row.ts';

/** Nothing of it outlives one message. */
const scanner = new ByteScanner();
const spans = new EventSpans();

/** Turns plain JSON events into rows without parsing them, for one range; leaves everything unusual to the decoder. */
export class FastPath {
  readonly #rowWriter: SpansRowWriter;
  readonly #nowMs: number;

  constructor(of: Omit<Position, 'offset' | 'part'>, source?: number) {
    this.#rowWriter = new SpansRowWriter(of, source);
    this.#nowMs = of.receivedAtMs;
  }

  /** True when the value was one valid event and its row has been written. */
  write(rows: RowBinaryWriter, value: Buffer, offset: number): boolean {
    scanner.load(value);
    if (!scanEvent(scanner, this.#nowMs, spans)) return false;
    if (scanner.sawNonAscii && !isUtf8(value)) return false;
    return this.#rowWriter.write(rows, value, spans, offset);
  }

  /** Of the event written last: false when its type is one that the contract does not know. */
  get lastTypeIsKnown(): boolean {
    return isKnownEventType(scanner.bytes, spans);
  }
}
