import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '@floorwatch/servers/errors';

/** One line of a recording, as bytes, because a recording can contain invalid UTF-8. */
export interface RecordedLine {
  /** Starts at 1. */
  number: number;
  bytes: Buffer;
}

/** A longer line is not an event. The limit bounds memory, because a line is read as a whole. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Reads a JSONL file, or a gzipped one (`.gz`), in batches of lines. Skips empty lines.
 * @throws InputError with the file when it cannot be read, is truncated or has a line above 16 MiB
 */
export async function* readRecording(file: string, limit = Infinity): AsyncGenerator<RecordedLine[], void> {
  let number = 0;
  let taken = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;

  const take = (bytes: Buffer, batch: RecordedLine[]) => {
    number += 1;
    const line = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
    if (line.length === 0 || taken >= limit) return;
    taken += 1;
    batch.push({ number, bytes: line });
  };

  for await (const chunk of open(file)) {
    const batch: RecordedLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      take(Buffer.concat([...rest, chunk.subarray(start, end)]), batch);
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > MAX_LINE_BYTES)
      throw new InputError(`${file}:${number + 1}: the line is longer than ${MAX_LINE_BYTES} bytes`);
    yield batch;
    if (taken >= limit) return;
  }
  const last: RecordedLine[] = [];
  if (restBytes > 0) take(Buffer.concat(rest), last);
  yield last;
}

/** @throws InputError with the file when its first line cannot be read */
export async function checkRecording(file: string): Promise<void> {
  await readRecording(file, 1).next();
}

async function* open(file: string): AsyncGenerator<Buffer, void> {
  const stream = createReadStream(file);
  // pipeline() passes an error of the file to the reader of the last stream, so the callback does nothing.
  const bytes = file.endsWith('.gz') ? pipeline(stream, createGunzip(), () => undefined) : stream;
  try {
    for await (const chunk of bytes) yield chunk as Buffer;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem =
      code === 'Z_DATA_ERROR' ? `the file name ends in .gz, but the content is not valid gzip (${message})` : message;
    throw new InputError(`${file}: ${problem}`, { cause: error });
  } finally {
    stream.destroy();
  }
}
