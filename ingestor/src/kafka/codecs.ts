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
 * Teaches kafkajs the codecs that it leaves out (it brings gzip alone). Without them a batch that a producer
 * compressed otherwise stops the consumer. kafkajs keeps them in a global, so once a process is enough.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
}
