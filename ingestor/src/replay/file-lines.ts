import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { CommandError } from '../errors/errors.ts';

const NEWLINE = 0x0a;
/** Far above the length of any event. A file with a longer line is not a file of events. */
const MAX_LINE_BYTES = 64 << 20;

/**
 * The lines of a file as unchanged bytes, without the line end; `.gz` and `.zst` are decompressed.
 * @param progress receives how many bytes of the file on disk were read
 * @throws CommandError
 */
export async function* fileLines(file: string, progress?: { bytesRead: number }): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const bytes = unpacked(file, source);
  source.once('error', (error) => bytes.destroy(error));
  // The beginning of a line that goes on in the next chunk. Joined once per line: joining at each chunk would copy a long line
  // thousands of times.
  let rest: Buffer[] = [];
  let restBytes = 0;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      if (progress) progress.bytesRead = source.bytesRead;
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        const line = chunk.subarray(start, end);
        yield rest.length > 0 ? Buffer.concat([...rest, line]) : line;
        rest = [];
        restBytes = 0;
        start = end + 1;
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
      restBytes += chunk.length - start;
      if (restBytes > MAX_LINE_BYTES) throw new Error(`a line is longer than ${MAX_LINE_BYTES} bytes`);
    }
  } catch (error) {
    throw new CommandError('file', `${file} cannot be read: ${(error as Error).message}`);
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

function unpacked(file: string, source: ReadStream): NodeJS.ReadableStream & { destroy(error: Error): unknown } {
  if (file.endsWith('.gz')) return source.pipe(createGunzip());
  return file.endsWith('.zst') ? source.pipe(createZstdDecompress()) : source;
}

/** SHA-256 of the file's bytes, which identifies the file in the state of a backfill even after it is renamed. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw new CommandError('file', `${file} cannot be read: ${(error as Error).message}`);
  }
  return hash.digest('hex');
}
