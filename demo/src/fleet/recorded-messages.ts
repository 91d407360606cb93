import { parseTimestampMs } from '@floorwatch/contract';
import { judgeLine } from './line.ts';
import type { FleetMessage } from './message.ts';
import { readRecording } from './recording.ts';
import { rewriteEvent, type Rewrite } from './rewrite.ts';
import { isPlausible, type RecordingSpan } from './span.ts';

export interface RecordedMessagesOptions {
  file: string;
  limit?: number | undefined;
  span: RecordingSpan;
  /** Null: every byte as recorded. */
  rewrite: Rewrite | null;
  /** Called with a text that names file, line and fault of each line that breaks the contract. */
  onBadLine?: ((text: string) => void) | undefined;
}

/** A recording's lines as messages, in the order of the file, each due as long after the first as it was recorded. */
export async function* recordedMessages({
  file,
  limit,
  span,
  rewrite,
  onBadLine,
}: RecordedMessagesOptions): AsyncGenerator<FleetMessage[], void> {
  const rewriteOne = rewrite && ((event: Record<string, unknown>) => rewriteEvent(event, rewrite));
  const shiftMs = rewrite?.shiftMs ?? 0;
  // A line without a believable time goes out together with the line before it.
  let offsetMs = 0;
  for await (const lines of readRecording(file, limit)) {
    yield lines.map((line) => {
      const { message, ts, faults } = judgeLine(line, rewriteOne, Date.now());
      for (const fault of faults) onBadLine?.(`${file}:${line.number}: ${fault}`);
      const tsMs = typeof ts === 'string' || typeof ts === 'number' ? parseTimestampMs(ts) : null;
      if (tsMs !== null && isPlausible(tsMs - shiftMs, span)) offsetMs = Math.max(0, tsMs - shiftMs - span.firstMs);
      return { ...message, offsetMs };
    });
  }
}
