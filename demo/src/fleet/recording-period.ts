import { parseTimestampMs } from '@floorwatch/contract';
import { InputError } from '@floorwatch/servers/errors';
import { readRecording } from './recording.ts';

/** First and last event time of a recording, milliseconds since the epoch. */
export interface RecordingPeriod {
  firstMs: number;
  lastMs: number;
}

/** An event time that is farther than this from the others is a wrong clock and does not extend the period. */
const MAX_STEP_MS = 24 * 3_600_000;
/** Number of lines whose median time is taken as the time of the recording, even if some clocks are wrong. */
const SAMPLE_LINES = 1_001;

/**
 * Reads a recording for its period and its number of lines.
 * @throws InputError with the file when none of its first lines has a time
 */
export async function measureRecording(file: string, limit: number): Promise<RecordingPeriod & { lines: number }> {
  const sample: number[] = [];
  let period: RecordingPeriod | undefined;
  let lines = 0;
  for await (const batch of readRecording(file, limit)) {
    for (const { bytes } of batch) {
      lines += 1;
      const tsMs = timestampOf(bytes.toString());
      if (tsMs === null) continue;
      if (period) period = extend(period, tsMs);
      else if (sample.push(tsMs) === SAMPLE_LINES) period = periodOf(sample, file);
    }
  }
  return { ...(period ?? periodOf(sample, file)), lines };
}

function periodOf(sample: readonly number[], file: string): RecordingPeriod {
  const middleMs = sample.toSorted((a, b) => a - b)[sample.length >> 1];
  if (middleMs === undefined) throw new InputError(`${file}: no line has a ts, so there is nothing to publish`);
  return sample.reduce(extend, { firstMs: middleMs, lastMs: middleMs });
}

function extend(period: RecordingPeriod, tsMs: number): RecordingPeriod {
  if (!isPlausible(tsMs, period)) return period;
  return { firstMs: Math.min(period.firstMs, tsMs), lastMs: Math.max(period.lastMs, tsMs) };
}

/** False for an event of a robot whose clock is at 1970 or a year ahead. */
export function isPlausible(tsMs: number, { firstMs, lastMs }: RecordingPeriod): boolean {
  return tsMs >= firstMs - MAX_STEP_MS && tsMs <= lastMs + MAX_STEP_MS;
}

/** The `ts` of a line, or null. Does not parse the whole line, because every line is read twice. */
function timestampOf(line: string): number | null {
  const ts = /"ts"\s*:\s*(?:"([^"]*)"|(-?\d+(?:\.\d+)?))/.exec(line);
  return ts ? parseTimestampMs(ts[1] ?? Number(ts[2])) : null;
}
