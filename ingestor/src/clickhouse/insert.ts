import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** Who writes, as query_log tells it by `log_comment`. What is written in batches adds which batch. */
export const WRITER_NAME = `ingestor ${hostname()}`;

export interface InsertRequest {
  /** Names the format of the values. */
  query: string;
  values: readonly (Buffer | string)[];
  abort_signal?: AbortSignal;
  clickhouse_settings?: ClickHouseSettings;
}

/** Sends values as they are and settles when they are inserted. Throws the client's error. */
export async function insertAndWait(client: ClickHouseClient, { values, ...request }: InsertRequest): Promise<void> {
  const { stream } = await client.exec({ ...request, values: Readable.from(values, { objectMode: false }) });
  await finished(stream.resume()); // An insert answers nothing, but its socket is free only once that has been read.
}
