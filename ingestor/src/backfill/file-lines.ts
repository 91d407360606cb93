import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BackfillError } from './backfill-error.ts';

const NEWLINE = 0x0a;

/** The lines of a file, their bytes as they are, without the line end; `.gz` is unpacked. @throws BackfillError */
export async function* fileLines(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const bytes = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  source.once('error', (error) => bytes.destroy(error));
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        const line = chunk.subarray(start, end);
        yield rest.length > 0 ? Buffer.concat([rest, line]) : line;
        rest = Buffer.alloc(0);
        start = end + 1;
      }
      rest = Buffer.concat([rest, chunk.subarray(start)]);
    }
  } catch (error) {
    throw new BackfillError(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (rest.length > 0) yield rest;
}

/** SHA-256 of the file's bytes: its name in the state of a backfill, so that a renamed file is the same file. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw new BackfillError(`${file} cannot be read: ${(error as Error).message}`);
  }
  return hash.digest('hex');
}
