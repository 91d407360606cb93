import { PlanError } from './plan-error.ts';

/** A grey image: one byte per pixel, rows from the top, 0 is black and 255 is white. */
export interface GreyImage {
  widthPixels: number;
  heightPixels: number;
  grey: Uint8Array<ArrayBuffer>;
}

/** Limit for images. Decoded to RGBA, a larger one would need too much memory for a panel in a browser tab. */
export const MAX_PLAN_PIXELS = 100_000_000;

/**
 * Decodes a portable grey map, binary (P5, 8 or 16 bit) or text (P2); values are scaled from maxval to 0–255.
 * @see https://netpbm.sourceforge.net/doc/pgm.html
 * @throws PlanError with the file
 */
export function decodePgm(bytes: Uint8Array, file: string): GreyImage {
  const header = new TokenReader(bytes);
  const magic = header.next();
  if (magic !== 'P5' && magic !== 'P2') throw new PlanError(file, 'is not a PGM image (it must start with P5 or P2)');
  const widthPixels = readCount(header, 'width', file);
  const heightPixels = readCount(header, 'height', file);
  const maxValue = readCount(header, 'maxval', file);
  if (maxValue > 65_535) throw new PlanError(file, `maxval must be at most 65535, it is ${maxValue}`);
  if (widthPixels * heightPixels > MAX_PLAN_PIXELS) {
    const limit = MAX_PLAN_PIXELS / 1e6;
    throw new PlanError(file, `${widthPixels} × ${heightPixels} pixels are more than the limit of ${limit} million`);
  }
  const pixels = widthPixels * heightPixels;
  header.skipComment();
  const grey =
    magic === 'P5' ? readBinary(bytes, header.position + 1, pixels, maxValue) : readText(header, pixels, maxValue);
  if (!grey) throw new PlanError(file, `is cut short or corrupt: ${pixels} values of 0 to ${maxValue} are expected`);
  return { widthPixels, heightPixels, grey };
}

/** Reads the tokens of the header and of a P2 body. White space separates tokens, and `#` starts a comment. */
class TokenReader {
  position = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next token, or '' at the end. Then `position` is the byte after the token. */
  next(): string {
    const bytes = this.#bytes;
    this.#skipSpace();
    const start = this.position;
    while (this.position < bytes.length && !endsToken(bytes[this.position] ?? 0)) this.position++;
    return String.fromCharCode(...bytes.subarray(start, Math.min(this.position, start + 16)));
  }

  /** The next token as a sample, without creating a string. −1 if it is not a whole number up to `maxValue`. */
  nextSample(maxValue: number): number {
    const bytes = this.#bytes;
    this.#skipSpace();
    if (this.position >= bytes.length) return -1;
    let sample = 0;
    for (; this.position < bytes.length; this.position++) {
      const byte = bytes[this.position] ?? 0;
      if (endsToken(byte)) break;
      const digit = byte - ZERO;
      if (digit < 0 || digit > 9) return -1;
      sample = sample * 10 + digit;
      if (sample > maxValue) return -1;
    }
    return sample;
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    while (this.position < bytes.length) {
      const byte = bytes[this.position] ?? 0;
      if (byte === HASH) this.skipComment();
      else if (isSpace(byte)) this.position++;
      else break;
    }
  }

  /** Skips a comment up to the end of its line, if there is one. */
  skipComment(): void {
    const bytes = this.#bytes;
    if (bytes[this.position] !== HASH) return;
    while (this.position < bytes.length && !isLineEnd(bytes[this.position] ?? 0)) this.position++;
  }
}

const HASH = 0x23;
const ZERO = 0x30;

function endsToken(byte: number): boolean {
  return byte === HASH || isSpace(byte);
}

function isLineEnd(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function readCount(header: TokenReader, name: string, file: string): number {
  const token = header.next();
  if (!/^0*[0-9]{1,9}$/.test(token) || Number(token) === 0)
    throw new PlanError(file, `the PGM header has no valid ${name}`);
  return Number(token);
}

function readBinary(
  bytes: Uint8Array,
  start: number,
  pixels: number,
  maxValue: number
): Uint8Array<ArrayBuffer> | null {
  const bytesPerPixel = maxValue > 255 ? 2 : 1;
  if (bytes.length < start + pixels * bytesPerPixel) return null;
  const grey = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const at = start + i * bytesPerPixel;
    // 16-bit samples have the most significant byte first.
    const sample = bytesPerPixel === 2 ? ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0) : (bytes[at] ?? 0);
    if (sample > maxValue) return null;
    grey[i] = Math.round((sample * 255) / maxValue);
  }
  return grey;
}

function readText(body: TokenReader, pixels: number, maxValue: number): Uint8Array<ArrayBuffer> | null {
  const grey = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const sample = body.nextSample(maxValue);
    if (sample < 0) return null;
    grey[i] = Math.round((sample * 255) / maxValue);
  }
  return grey;
}
