import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** The writer in `log_comment` of query_log. Inserts of batches append the batch. */
export const WRITER_NAME = `ingestor ${hostname()}`;

export interface InsertRequest {
  /** The format of the values. */
  query: string;
  values: readonly (Buffer | string)[];
  abort_signal?: AbortSignal;
  clickhouse_settings?: ClickHouseSettings;
}

/** Sends values unchanged and resolves when they are inserted. Throws the client's error. */
export async function insertAndWait(client: ClickHouseClient, { values, ...request }: InsertRequest): Promise<void> {
  const { stream } = await client.exec({ ...request, values: Readable.from(values, { objectMode: false }) });
  await finished(stream.resume()); // The response is empty, but the socket is free only after it has been read.
}
