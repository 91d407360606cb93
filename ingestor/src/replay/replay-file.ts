import { randomUUID } from 'node:crypto';
import type { TopicFormat } from '../decode/topic-format.ts';
import { CommandError } from '../errors/errors.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { BatchSink } from '../pipeline/batch-sink.ts';
import { reportBatch } from '../pipeline/batch-writer.ts';
import { Batch, type BatchLimits } from '../pipeline/batch.ts';
import { DuplicateWindow } from '../pipeline/duplicate-window.ts';
import { fileTopic, SOURCE_REPLAY } from '../rows/origin.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { fileDigest, fileLines } from './file-lines.ts';

const LINES_PER_INSERT = 50_000;
/** How long a running insert may take after the user has stopped the replay. */
const STOP_WITHIN_MS = 30_000;

/** Line numbers, starting at 1; `to` is excluded. */
export interface Lines {
  from: number;
  to: number;
}

export interface FileTarget {
  format: TopicFormat;
  /** Null: validate and count, without writing. */
  sink: BatchSink | null;
  metrics: Metrics;
  limits: Pick<BatchLimits, 'maxRows' | 'maxBytes'> & { duplicateWindowEvents: number };
  signal: AbortSignal;
  onRejected: (where: string, reason: string, detail: string) => void;
  /** Bytes of the current file on disk. */
  bytesRead: number;
}

/**
 * Sends a file through the pipeline's batches as if it were a partition: its content identifies the topic, its line is the offset.
 * @returns the line to continue from if the signal stopped it, otherwise null
 * @throws CommandError naming the flag or the file
 */
export async function replayFile(target: FileTarget, file: string, { from, to }: Lines): Promise<number | null> {
  const { format, sink, metrics, limits, signal } = target;
  const digest = await fileDigest(file);
  const of = { topic: fileTopic(digest), partition: 0 };
  const run = `replay-${randomUUID()}`;
  const window = new DuplicateWindow(limits.duplicateWindowEvents);
  const giveUp = patience(signal);
  const rows = new RowBinaryWriter();
  let line = 0;
  let batch: Batch | null = null;
  let goOnAt: number | null = null;

  const decode: TopicFormat['decode'] = function* (value, nowMs) {
    for (const outcome of format.decode(value, nowMs)) {
      if (!outcome.ok) target.onRejected(`${file}:${line}`, outcome.reason, outcome.detail);
      yield outcome;
    }
  };
  const open = (): Batch =>
    new Batch({
      ...{ of, first: line, validatedAsOfMs: Date.now(), rows, window, source: SOURCE_REPLAY },
      // A row that only ClickHouse rejects becomes a dead letter with its bytes. The batch is small enough to keep them.
      ...{ keepSources: sink !== null, fastPathExcept: format.fastPathExcept ?? null },
    });
  const write = async (done: Batch): Promise<void> => {
    const token = `${run}:${digest}:${done.first}-${done.last}`;
    // The token is unique to this run, so the sink always compares the batch with storage.
    const distrust = () => Promise.resolve();
    await sink?.write(done, { token, signal: giveUp, mustCompare: () => false, distrust });
    reportBatch(metrics, done);
    rows.clear();
    batch = null;
  };

  for await (const bytes of fileLines(file, target)) {
    line++;
    if (line >= to) break;
    if (line < from || isBlank(bytes)) continue;
    if (signal.aborted) {
      goOnAt = line;
      break;
    }
    batch ??= open();
    const arrivedAtMs = batch.validatedAsOfMs;
    const message = { offset: String(line), timestamp: String(arrivedAtMs), arrivedAtMs, key: null, value: bytes };
    batch.add(message, line, decode);
    if (batch.messages < Math.min(LINES_PER_INSERT, limits.maxRows) && batch.messageBytes < limits.maxBytes) continue;
    if (!(await untilGivenUp(write(batch), giveUp))) return batch.first;
  }
  if (from > 1 && line < from) throw new CommandError('replay', `--from ${from}: ${file} has ${line} lines`);
  return batch === null || (await untilGivenUp(write(batch), giveUp)) ? goOnAt : batch.first;
}

/** Aborts some time after the user has stopped the replay. */
function patience(signal: AbortSignal): AbortSignal {
  const giveUp = new AbortController();
  const begin = (): void => {
    setTimeout(() => {
      giveUp.abort();
    }, STOP_WITHIN_MS).unref();
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return giveUp.signal;
}

/** False when the write was cancelled. */
async function untilGivenUp(write: Promise<void>, giveUp: AbortSignal): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (giveUp.aborted) return false;
    throw error;
  }
}

function isBlank(line: Buffer): boolean {
  return line.length === 0 || (line.length === 1 && line[0] === 0x0d);
}
