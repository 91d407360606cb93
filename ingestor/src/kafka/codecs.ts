import { promisify } from 'node:util';
import { gzip, unzip, zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import snappy from 'kafkajs-snappy';
import { compressFrame, decompressFrame } from 'lz4-napi';
import { lz4PlainBytes, snappyPlainBytes } from './plain-size.ts';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

/**
 * Maximum size of a batch after decompression. Producers limit a batch to about 1 MB before compression. A small batch that
 * decompresses to gigabytes would end the process.
 */
const MAX_PLAIN_BYTES = 16 << 20;

const limited = { maxOutputLength: MAX_PLAIN_BYTES };
const [toGzip, fromGzip, toZstd, fromZstd] = [
  promisify(gzip),
  promisify<Buffer, object, Buffer>(unzip),
  promisify(zstdCompress),
  promisify<Buffer, object, Buffer>(zstdDecompress),
];
const xerialSnappy: Codec = snappy();

const CODECS: Record<'GZIP' | 'Snappy' | 'LZ4' | 'ZSTD', Codec> = {
  GZIP: {
    compress: ({ buffer }) => toGzip(buffer),
    decompress: (buffer) => fromGzip(buffer, limited),
  },
  Snappy: {
    compress: (encoder) => xerialSnappy.compress(encoder),
    decompress: async (buffer) => {
      checkSize(snappyPlainBytes(buffer));
      return xerialSnappy.decompress(buffer);
    },
  },
  LZ4: {
    compress: ({ buffer }) => compressFrame(buffer),
    decompress: async (buffer) => {
      checkSize(lz4PlainBytes(buffer));
      return decompressFrame(buffer);
    },
  },
  ZSTD: {
    compress: ({ buffer }) => toZstd(buffer),
    decompress: (buffer) => fromZstd(buffer, limited),
  },
};

function checkSize(bytes: number): void {
  if (bytes > MAX_PLAIN_BYTES) throw new Error(`it decompresses to ${bytes} bytes, the limit is ${MAX_PLAIN_BYTES}`);
}

/**
 * Adds the codecs that kafkajs lacks (it includes only gzip), and limits the output of all. Without them, a batch with another
 * compression stops the consumer. kafkajs stores codecs in a global, so one call per process is enough.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  for (const name of Object.keys(CODECS) as (keyof typeof CODECS)[]) {
    CompressionCodecs[CompressionTypes[name]] = () => CODECS[name];
  }
}
