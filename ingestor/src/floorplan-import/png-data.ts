import { inflateSync } from 'node:zlib';
import { PlanError } from '@floorwatch/floorplan/plan-error';

const SIGNATURE_BYTES = 8;
/** Length, type and checksum around the data of a chunk. */
const FRAME_BYTES = 12;
/** Samples per pixel by colour type: grey, RGB, palette, grey with alpha, RGB with alpha. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Adam7 stores up to seven partial images, each with its own rows. */
const PASSES = 7;
/** The chunks that the pixels need. Others can hold compressed data of any size, such as colour profiles and comments. */
const PIXEL_CHUNKS = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/**
 * The PNG with only the chunks that its pixels need, after a check that its data expand to what its size needs and not to
 * gigabytes: decoders allocate what the data say.
 * @throws PlanError with the file
 */
export function boundedPng(bytes: Uint8Array, file: string): Uint8Array {
  const chunks = [...chunksOf(bytes, file)].filter(({ type }) => PIXEL_CHUNKS.has(type));
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ content }) => content));
  const mostBytes = expandedBytes(bytes);
  try {
    inflateSync(data, { maxOutputLength: mostBytes });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) throw new PlanError(file, `its data expand to more than its size needs (${mostBytes} bytes)`);
    // Corrupt data: the decoder says what is wrong with them.
  }
  return Buffer.concat([bytes.subarray(0, SIGNATURE_BYTES), ...chunks.map(({ whole }) => whole)]);
}

/** The header was checked before: it is complete and has pixels. */
function expandedBytes(bytes: Uint8Array): number {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [header.getUint32(16), header.getUint32(20)];
  const bitsPerPixel = (bytes[24] ?? 8) * (SAMPLES[bytes[25] ?? 6] ?? 4);
  const rowBytes = 1 + Math.ceil((width * bitsPerPixel) / 8);
  const isInterlaced = bytes[28] === 1;
  return rowBytes * height + (isInterlaced ? 2 * PASSES * (width + height) : 0);
}

function* chunksOf(bytes: Uint8Array, file: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE_BYTES; at + FRAME_BYTES <= bytes.length;) {
    const end = at + FRAME_BYTES + view.getUint32(at);
    if (end > bytes.length) throw new PlanError(file, 'is not a readable PNG: it is cut short or corrupt');
    const whole = bytes.subarray(at, end);
    yield { type: String.fromCharCode(...whole.subarray(4, 8)), content: whole.subarray(8, -4), whole };
    at = end;
  }
}
