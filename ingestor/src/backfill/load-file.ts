import type { ClickHouseClient } from '@clickhouse/client';
import { BinaryInsert } from '../clickhouse/binary-insert.ts';
import { decodeJson } from '../decode/json.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { SOURCE_BACKFILL } from '../rows/source.ts';
import { TELEMETRY_COLUMNS, writeTelemetryRow } from '../rows/telemetry-row.ts';
import { noteLoaded, type FileProgress } from './backfill-state.ts';
import { fileLines } from './file-lines.ts';
import type { Month } from './month.ts';

const LINES_AN_INSERT = 50_000;

export interface InputFile {
  file: string;
  /** SHA-256 of its bytes. */
  digest: string;
}

export interface LoadTarget {
  client: ClickHouseClient;
  month: Month;
  /** Null only counts and judges. */
  staging: string | null;
  timeoutMs: number;
  onRejected: (where: string, reason: string, detail: string) => void;
  onProgress: (file: string, progress: FileProgress) => void;
}

/**
 * Puts a file's events of the month into the staging table. Lines that `doneByDigest` counts are there already.
 * Invariant: lines are inserted before they are noted as loaded, and an insert is named by its file and first line, so one
 * that is repeated after a crash is dropped. An event without an id takes it from the file's content and its line.
 */
export async function loadFile(
  target: LoadTarget,
  { file, digest }: InputFile,
  doneByDigest: ReadonlyMap<string, FileProgress>
): Promise<FileProgress> {
  const done = doneByDigest.get(digest);
  const progress = done ? { ...done } : { lines: 0, rows: 0, rejected: 0, outside: 0 };
  const insert =
    target.staging === null
      ? null
      : new BinaryInsert(target.client, { name: target.staging, columns: TELEMETRY_COLUMNS }, target.timeoutMs);
  let rows = new RowBinaryWriter();
  let firstLine = progress.lines + 1;
  let line = 0;

  const flush = async (): Promise<void> => {
    if (line < firstLine) return;
    if (insert && rows.rows > 0) {
      await insert.run(rows.bytes(), `backfill:${digest}:${firstLine}`, new AbortController().signal);
    }
    if (insert) await noteLoaded(target.client, target.month.partition, digest, progress);
    target.onProgress(file, progress);
    rows = new RowBinaryWriter();
    firstLine = line + 1;
  };

  for await (const bytes of fileLines(file)) {
    line++;
    if (line < firstLine) continue;
    progress.lines = line;
    if (bytes.length > 0) addLine(rows, target, { file, digest, line, bytes }, progress);
    if (line - firstLine + 1 === LINES_AN_INSERT) await flush();
  }
  await flush();
  return progress;
}

function addLine(
  rows: RowBinaryWriter,
  { month, onRejected }: LoadTarget,
  { file, digest, line, bytes }: { file: string; digest: string; line: number; bytes: Buffer },
  progress: FileProgress
): void {
  const receivedAtMs = Date.now();
  const position = { topic: `file:${digest.slice(0, 16)}`, partition: 0, offset: line, part: 0, receivedAtMs };
  for (const outcome of decodeJson(bytes, receivedAtMs)) {
    if (!outcome.ok) {
      progress.rejected++;
      onRejected(`${file}:${line}`, outcome.reason, outcome.detail);
    } else if (outcome.event.tsMs < month.fromMs || outcome.event.tsMs >= month.toMs) {
      progress.outside++;
    } else {
      progress.rows++;
      writeTelemetryRow(rows, outcome.event, position, SOURCE_BACKFILL);
    }
    position.part++;
  }
}
