/** Upper limits of the size of compressed data, read from its headers without decompressing it. */

const XERIAL_HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER_BYTES = 16;
const SIZE_BYTES = 4;

/**
 * Bytes after decompression of a Snappy block, or of the blocks of Snappy's Java stream format (xerial). Each block begins with
 * its size. Throws when a block is cut off.
 */
export function snappyPlainBytes(bytes: Buffer): number {
  if (!bytes.subarray(0, XERIAL_HEADER.length).equals(XERIAL_HEADER)) return snappyBlockBytes(bytes);
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length;) {
    const start = at + SIZE_BYTES;
    const end = start + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new Error('a Snappy block is cut off');
    total += snappyBlockBytes(bytes.subarray(start, end));
    at = end;
  }
  return total;
}

function snappyBlockBytes(block: Buffer): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block.readUInt8(i);
    size += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return size;
  }
  throw new Error('the size of a Snappy block is invalid');
}

const LZ4_MAGIC = 0x184d2204;
const LZ4_MAX_RATIO = 255;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY_ID = 0x01;
const UNCOMPRESSED = 0x8000_0000;

/**
 * Maximum bytes after decompression of an LZ4 frame: each of its blocks has a maximum size, and LZ4 has a maximum ratio.
 * Throws when the frame is malformed or bytes follow it.
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
export function lz4PlainBytes(bytes: Buffer): number {
  if (bytes.readUInt32LE(0) !== LZ4_MAGIC) throw new Error('it is not an LZ4 frame');
  const flags = bytes.readUInt8(4);
  const maxBlockBytes = 2 ** (8 + 2 * ((bytes.readUInt8(5) >> 4) & 0x07));
  let at = 7 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8) + ((flags & DICTIONARY_ID) === 0 ? 0 : 4);
  let total = 0;
  for (;;) {
    const size = bytes.readUInt32LE(at);
    at += SIZE_BYTES;
    if (size === 0) break;
    const stored = size % UNCOMPRESSED;
    total += size >= UNCOMPRESSED ? stored : Math.min(maxBlockBytes, stored * LZ4_MAX_RATIO);
    at += stored + ((flags & BLOCK_CHECKSUM) === 0 ? 0 : SIZE_BYTES);
  }
  if (at + ((flags & CONTENT_CHECKSUM) === 0 ? 0 : SIZE_BYTES) !== bytes.length) {
    throw new Error('the LZ4 frame has another size than the batch');
  }
  return total;
}
