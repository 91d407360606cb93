import { parseTimestampMs } from '@floorwatch/contract';
import { v5 as uuidV5 } from 'uuid';
import { isPlausible, type RecordingSpan } from './span.ts';

/** What the contract takes for a UUID, whatever its version. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How a replay makes new data of a recording. */
export interface Rewrite {
  span: RecordingSpan;
  /** Added to every time, milliseconds. */
  shiftMs: number;
  /** Namespace of the renewed event ids: a UUID, new for each run. */
  runId: string;
}

/**
 * The same event, at a new time and with a new id: UUID v5 of the old one, so that a duplicate stays a duplicate.
 * Everything else stays, also what breaks the contract, so that it is dead-lettered for its own fault:
 * a time that the rest of the recording contradicts, and an id that is no UUID, are left as they are.
 */
export function rewriteEvent(
  event: Record<string, unknown>,
  { span, shiftMs, runId }: Rewrite
): Record<string, unknown> {
  const { ts, event_id: eventId } = event;
  const rewritten = { ...event };
  const tsMs = typeof ts === 'string' || typeof ts === 'number' ? parseTimestampMs(ts) : null;
  if (tsMs !== null && isPlausible(tsMs, span)) {
    rewritten['ts'] = typeof ts === 'number' ? tsMs + shiftMs : new Date(tsMs + shiftMs).toISOString();
  }
  if (typeof eventId === 'string' && UUID.test(eventId)) rewritten['event_id'] = uuidV5(eventId.toLowerCase(), runId);
  return rewritten;
}
