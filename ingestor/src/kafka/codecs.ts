import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import snappy from 'kafkajs-snappy';
import { compressFrame, decompressFrame } from 'lz4-napi';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const toZstd = promisify(zstdCompress);
const fromZstd = promisify(zstdDecompress);

const lz4: Codec = {
  compress: ({ buffer }) => compressFrame(buffer),
  decompress: (buffer) => decompressFrame(buffer),
};
const zstd: Codec = {
  compress: ({ buffer }) => toZstd(buffer),
  decompress: (buffer) => fromZstd(buffer),
};

/**
 * Adds the codecs that kafkajs lacks (it includes only gzip). Without them, a batch with another compression stops the
 * consumer. kafkajs stores codecs in a global, so one call per process is enough.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
}
