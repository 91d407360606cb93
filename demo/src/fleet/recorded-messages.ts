import { parseTimestampMs } from '@floorwatch/contract';
import { validateLine } from './validate-line.ts';
import type { FleetMessage } from './message.ts';
import { readRecording } from './recording.ts';
import { rewriteEvent, type Rewrite } from './rewrite.ts';
import { isPlausible, type RecordingPeriod } from './recording-period.ts';

export interface RecordedMessagesOptions {
  file: string;
  limit?: number | undefined;
  period: RecordingPeriod;
  /** Null: keep every byte. */
  rewrite: Rewrite | null;
  /** Called for each invalid line with its file, line number and problem. */
  onBadLine?: ((text: string) => void) | undefined;
}

/** The lines of a recording as messages, in the order of the file, with the intervals at which they were recorded. */
export async function* recordedMessages({
  file,
  limit,
  period,
  rewrite,
  onBadLine,
}: RecordedMessagesOptions): AsyncGenerator<FleetMessage[], void> {
  const rewriteOne = rewrite && ((event: Record<string, unknown>) => rewriteEvent(event, rewrite));
  const shiftMs = rewrite?.shiftMs ?? 0;
  // A line without a plausible time is sent together with the line before it.
  let offsetMs = 0;
  for await (const lines of readRecording(file, limit)) {
    yield lines.map((line) => {
      const { message, ts, problems } = validateLine(line, rewriteOne, Date.now());
      for (const problem of problems) onBadLine?.(`${file}:${line.number}: ${problem}`);
      const tsMs = typeof ts === 'string' || typeof ts === 'number' ? parseTimestampMs(ts) : null;
      if (tsMs !== null && isPlausible(tsMs - shiftMs, period)) offsetMs = Math.max(0, tsMs - shiftMs - period.firstMs);
      return { ...message, offsetMs };
    });
  }
}
