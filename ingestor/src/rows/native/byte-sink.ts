import { newBuffer, resized } from '../row-binary-writer.ts';

/** A buffer that bytes are appended to. Its memory is reused. */
export class ByteSink {
  bytes: Buffer<ArrayBuffer>;
  length = 0;

  constructor(initialBytes = 4_096) {
    this.bytes = newBuffer(initialBytes);
  }

  clear(): void {
    this.length = 0;
  }

  /** Makes room for this many more bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    this.bytes = resized(this.bytes, Math.max(this.bytes.length * 2, this.length + more));
  }

  /** Appends `from` to `to` (exclusive) of the source. Byte by byte: a native copy costs more at these lengths. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.reserve(to - from);
    const { bytes } = this;
    let at = this.length;
    for (let i = from; i < to; i++) bytes[at++] = source[i] ?? 0;
    this.length = at;
  }

  push(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  zeros(count: number): void {
    this.reserve(count);
    this.bytes.fill(0, this.length, this.length + count);
    this.length += count;
  }

  /** The appended bytes; valid until the next use. */
  contents(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
