import { parseTimestampMs } from '@floorwatch/contract';
import { v5 as uuidV5 } from 'uuid';
import { isPlausible, type RecordingPeriod } from './recording-period.ts';

/** A UUID of any version, as the contract accepts it. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How the events of a recording become new data. */
export interface Rewrite {
  period: RecordingPeriod;
  /** Added to every time, milliseconds. */
  shiftMs: number;
  /** UUID namespace of the new event ids; different for each run. */
  runId: string;
}

/**
 * The same event with a new time and a new id. The id is UUID v5 of the old one, so that a duplicate stays a duplicate.
 * All other fields stay the same, also invalid ones, so that a dead letter has its own reason: a time outside the period of
 * the recording and an id that is not a UUID are not changed.
 */
export function rewriteEvent(
  event: Record<string, unknown>,
  { period, shiftMs, runId }: Rewrite
): Record<string, unknown> {
  const { ts, event_id: eventId } = event;
  const rewritten = { ...event };
  const tsMs = typeof ts === 'string' || typeof ts === 'number' ? parseTimestampMs(ts) : null;
  if (tsMs !== null && isPlausible(tsMs, period)) {
    rewritten['ts'] = typeof ts === 'number' ? tsMs + shiftMs : new Date(tsMs + shiftMs).toISOString();
  }
  if (typeof eventId === 'string' && UUID.test(eventId)) rewritten['event_id'] = uuidV5(eventId.toLowerCase(), runId);
  return rewritten;
}
