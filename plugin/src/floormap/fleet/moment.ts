import type { TimeRange } from '@grafana/data';
import { readTimeMs } from './cell';
import type { FoundFields } from './fields';

/** Between a range's end and the last row that a query finds in it, when both are rounded. */
const SLACK_MS = 1_000;

/** When a range of time has ended, milliseconds since the epoch; NaN while it reaches up to now, however long ago it was asked. */
export function endedAtMs(timeRange: TimeRange, nowMs: number): number {
  const endMs = timeRange.to.valueOf();
  return reachesNow(timeRange) || endMs >= nowMs ? NaN : endMs;
}

/** Whether a range of time moves on with the clock. */
export function reachesNow({ raw }: TimeRange): boolean {
  return typeof raw.to === 'string' && /^now($|[+/])/.test(raw.to);
}

/**
 * The past moment that rows are about: the end of the dashboard's range, where their times keep to it. NaN for rows of now,
 * and where they do not say: a query may have nothing to do with the range.
 */
export function momentOfRows(fields: FoundFields, length: number, rangeEndMs: number): number {
  if (Number.isNaN(rangeEndMs) || fields.age || !fields.time) return NaN;
  let newestMs = NaN;
  for (let row = 0; row < length; row++) {
    const timeMs = readTimeMs(fields.time, row);
    if (!(timeMs <= newestMs) && !Number.isNaN(timeMs)) newestMs = timeMs;
  }
  return newestMs <= rangeEndMs + SLACK_MS ? rangeEndMs : NaN;
}
