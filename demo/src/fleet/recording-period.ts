import { parseTimestampMs } from '@floorwatch/contract';
import { InputError } from './input-error.ts';
import { readRecording } from './recording.ts';

/** When a recording begins and ends in its own time, milliseconds since the epoch. */
export interface RecordingSpan {
  firstMs: number;
  lastMs: number;
}

/** A clock that is this far from the rest of the recording is wrong, and must not stretch it. */
const MAX_STEP_MS = 24 * 3_600_000;
/** Lines whose middle time tells what the recording's clock is, though some robot's clock be wrong. */
const SAMPLE_LINES = 1_001;

/**
 * Reads a recording once for its span and its number of lines.
 * @throws when none of its first lines has a time, naming the file
 */
export async function measureRecording(file: string, limit: number): Promise<RecordingSpan & { lines: number }> {
  const sample: number[] = [];
  let span: RecordingSpan | undefined;
  let lines = 0;
  for await (const batch of readRecording(file, limit)) {
    for (const { bytes } of batch) {
      lines += 1;
      const tsMs = timestampOf(bytes.toString());
      if (tsMs === null) continue;
      if (span) span = extend(span, tsMs);
      else if (sample.push(tsMs) === SAMPLE_LINES) span = spanOf(sample, file);
    }
  }
  return { ...(span ?? spanOf(sample, file)), lines };
}

function spanOf(sample: readonly number[], file: string): RecordingSpan {
  const middleMs = sample.toSorted((a, b) => a - b)[sample.length >> 1];
  if (middleMs === undefined) throw new InputError(`${file}: no line has a ts, so there is nothing to replay`);
  return sample.reduce(extend, { firstMs: middleMs, lastMs: middleMs });
}

function extend(span: RecordingSpan, tsMs: number): RecordingSpan {
  if (!isPlausible(tsMs, span)) return span;
  return { firstMs: Math.min(span.firstMs, tsMs), lastMs: Math.max(span.lastMs, tsMs) };
}

/** False for a robot whose clock stands at 1970 or a year ahead. */
export function isPlausible(tsMs: number, { firstMs, lastMs }: RecordingSpan): boolean {
  return tsMs >= firstMs - MAX_STEP_MS && tsMs <= lastMs + MAX_STEP_MS;
}

/** The `ts` of a line without parsing all of it, since every line is read twice; null when there is none. */
function timestampOf(line: string): number | null {
  const ts = /"ts"\s*:\s*(?:"([^"]*)"|(-?\d+(?:\.\d+)?))/.exec(line);
  return ts ? parseTimestampMs(ts[1] ?? Number(ts[2])) : null;
}
