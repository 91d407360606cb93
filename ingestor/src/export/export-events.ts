import { createWriteStream } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';
import { CommandError } from '../errors/errors.ts';

export interface ExportOptions {
  /** Event times: included, excluded. */
  fromMs: number;
  toMs: number;
  robot?: string | undefined;
  /** A file, or `-` for standard output. */
  out: string;
  /** Replace an existing file. */
  overwrite: boolean;
}

export interface ExportReport {
  file: string;
  events: number;
  bytes: number;
}

/** The first and last bytes of a Parquet file. A file that was cut off ends with others. */
const MAGIC = 'PAR1';

/**
 * Writes the events of a time range as Parquet, as readers see them (v_events): without the personal keys of meta.
 *
 * Invariant: the file appears under its name only when it is complete. Until then it has another name, in the same folder.
 * @throws CommandError
 */
export async function exportEvents(client: ClickHouseClient, options: ExportOptions): Promise<ExportReport> {
  const { fromMs, toMs, robot, out } = options;
  if (fromMs >= toMs) throw new CommandError('export', '--from must be before --to.');
  const where = `WHERE e.ts >= fromUnixTimestamp64Milli({from:Int64}) AND e.ts < fromUnixTimestamp64Milli({to:Int64})
    ${robot === undefined ? '' : 'AND e.robot_id = {robot:String}'}`;
  const params = { from: fromMs, to: toMs, ...(robot === undefined ? {} : { robot }) };
  if (out !== '-' && !options.overwrite && (await exists(out))) {
    throw new CommandError('export', `${out} exists. Give another --out, or --overwrite to replace it.`);
  }
  const [counted] = await selectRows<{ events: number }>(
    client,
    `SELECT count() AS events FROM warehouse.v_events AS e ${where}`,
    params
  );
  if (!counted?.events) {
    const range = `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
    throw new CommandError(
      'export',
      `There are no events from ${range}${robot === undefined ? '' : ' of this robot'}.`
    );
  }
  const { stream } = await client.exec({
    query: `SELECT e.* REPLACE(toString(e.event_id) AS event_id) FROM warehouse.v_events AS e ${where}
            ORDER BY e.robot_id, e.ts, e.event_id FORMAT Parquet`,
    query_params: params,
    clickhouse_settings: {
      output_format_parquet_compression_method: 'zstd',
      max_bytes_before_external_sort: '1000000000',
      // An error ends the connection, and is not written into the file.
      http_write_exception_in_output_format: 0,
    },
  });
  const bytes = out === '-' ? await copy(stream) : await writeFile(stream, out);
  return { file: out, events: counted.events, bytes };
}

async function copy(stream: Readable): Promise<number> {
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await pipeline(stream, process.stdout, { end: false });
  return bytes;
}

async function writeFile(stream: Readable, out: string): Promise<number> {
  const partial = `${out}.partial-${process.pid}`;
  try {
    await pipeline(stream, createWriteStream(partial, { flags: 'wx' }));
    const bytes = await completeSize(partial);
    await rename(partial, out);
    return bytes;
  } catch (error) {
    stream.destroy();
    await rm(partial, { force: true });
    if (error instanceof CommandError) throw error;
    throw new CommandError('export', `${out} was not written: ${(error as Error).message}. Nothing is left of it.`, {
      cause: error,
    });
  }
}

/** @throws CommandError when the file does not end as Parquet does */
async function completeSize(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, Math.max(0, size - MAGIC.length));
    if (buffer.toString('latin1') === MAGIC) return size;
  } finally {
    await file.close();
  }
  throw new CommandError(
    'export',
    'ClickHouse ended the export before its end: see its log, and run the command again.'
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  );
}
