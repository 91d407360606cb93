import type { ClickHouseClient } from '@clickhouse/client';
import { BinaryInsert } from '../clickhouse/binary-insert.ts';
import { storedHeaders } from '../decode/stored-headers.ts';
import { SOURCE_BACKFILL } from '../rows/origin.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { TELEMETRY_COLUMNS, writeTelemetryRow } from '../rows/telemetry-row.ts';
import { noteLoaded, type LoadProgress } from './backfill-state.ts';
import type { EventSource, PlacedMessage } from './event-source.ts';
import type { Month } from './month.ts';

/** An insert is cut at whichever comes first. */
const MESSAGES_PER_INSERT = 50_000;
const BYTES_PER_INSERT = 32 << 20;

export interface LoadTarget {
  client: ClickHouseClient;
  month: Month;
  /** Null: validate and count, without writing. */
  staging: string | null;
  timeoutMs: number;
  onRejected: (where: string, reason: string, detail: string) => void;
  onProgress: (source: EventSource, progress: LoadProgress) => void;
}

/**
 * Inserts a source's events of the month into the staging table, starting after the place in `done`.
 * Invariant: messages are inserted before they are recorded as loaded, and the deduplication token names the source and the
 * places, so ClickHouse drops an insert that is repeated after a crash. (If the repeated insert has other limits, its events are
 * in the staging table twice; they have the same identity, so they become one row.)
 */
export async function loadSource(
  target: LoadTarget,
  source: EventSource,
  done: LoadProgress | undefined
): Promise<LoadProgress> {
  const { client, staging, month, timeoutMs } = target;
  const insert =
    staging === null ? null : new BinaryInsert(client, { name: staging, columns: TELEMETRY_COLUMNS }, timeoutMs);
  const progress = done ? { ...done } : { next: 0, messages: 0, rows: 0, rejected: 0, outside: 0 };
  let waiting: PlacedMessage[] = [];
  let bytes = 0;

  const flush = async (): Promise<void> => {
    const [first, last] = [waiting[0], waiting.at(-1)];
    if (!first || !last) return;
    const rows = await validateMessages(target, source, waiting, progress);
    if (insert && rows.rows > 0) {
      const token = `backfill:${source.id}:${first.place}-${last.place}`;
      await insert.run(rows.bytes(), token, new AbortController().signal);
    }
    progress.messages += waiting.length;
    progress.next = last.place + 1;
    if (insert) await noteLoaded(client, month.partition, source.id, progress);
    target.onProgress(source, progress);
    waiting = [];
    bytes = 0;
  };

  for await (const message of source.messages(progress.next)) {
    waiting.push(message);
    bytes += message.value?.length ?? 0;
    if (waiting.length === MESSAGES_PER_INSERT || bytes >= BYTES_PER_INSERT) await flush();
  }
  await flush();
  return progress;
}

async function validateMessages(
  { month, onRejected }: LoadTarget,
  { label, topic, partition, format }: EventSource,
  messages: readonly PlacedMessage[],
  progress: LoadProgress
): Promise<RowBinaryWriter> {
  const values = messages.map(({ value }) => value);
  if (format.preparation?.isReady(values) === false) await format.preparation.prepare(values);
  const rows = new RowBinaryWriter();
  const receivedAtMs = Date.now();
  for (const { place, value, message, invalidBatch } of messages) {
    if (invalidBatch) {
      progress.rejected++;
      onRejected(`${label}:${place}`, 'batch_invalid', invalidBatch.detail);
      continue;
    }
    const position = { topic, partition, offset: place, part: 0, receivedAtMs };
    const stored = format.storedHeaders ? storedHeaders(message?.headers, format.storedHeaders) : null;
    for (const outcome of format.decode(value, receivedAtMs, stored)) {
      if (!outcome.ok) {
        progress.rejected++;
        onRejected(`${label}:${place}`, outcome.reason, outcome.detail);
      } else if (outcome.value.tsMs < month.fromMs || outcome.value.tsMs >= month.toMs) {
        progress.outside++;
      } else {
        progress.rows++;
        writeTelemetryRow(rows, outcome.value, position, SOURCE_BACKFILL);
      }
      position.part++;
    }
  }
  return rows;
}
