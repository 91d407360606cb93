import { rollUpsOf, type ExpectedRollUp } from '../../reference/roll-ups.ts';
import type { SentEvent } from '../fleet/ledger.ts';
import { distinctByTime, isClockAhead } from './stored.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** A state holds no longer than this. */
const HOLD_MS = 60_000;

/** What a robot's minute or hour must hold, with what the roll-ups of `proofs/reference` leave out. */
export interface RobotPeriod extends ExpectedRollUp {
  site_id: string | null;
  map_id: string | null;
  /** Events dated into the future. Of a minute also the one before it whose state reaches into it: it marks what is not the fleet's. */
  clock_ahead_events: number;
  seconds_silent: number;
}

export const STATES = [
  ...['working', 'idle', 'charging', 'blocked', 'error', 'manual', 'maintenance', 'offline', 'unknown'],
] as const;

export function reportedSeconds(period: ExpectedRollUp): number {
  return STATES.reduce((sum, state) => sum + secondsIn(period, state), 0);
}

export function secondsIn(period: ExpectedRollUp, state: string): number {
  return period[`seconds_${state}` as 'seconds_working'];
}

/** @returns by the first millisecond of the period; @param sent one robot's events */
export function robotPeriods(sent: readonly SentEvent[], periodMs: number): Map<number, RobotPeriod> {
  const events = distinctByTime(sent);
  const inPeriod = Map.groupBy(events, ({ tsMs }) => Math.floor(tsMs / periodMs) * periodMs);
  const newest = (startMs: number, field: 'siteId' | 'mapId'): string | null =>
    inPeriod.get(startMs)?.findLast((event) => event[field] !== null)?.[field] ?? null;
  const siteBefore = (startMs: number): string | null => {
    const last = events.findLast(({ tsMs }) => tsMs < startMs);
    return last && last.tsMs > startMs - HOLD_MS ? last.siteId : null;
  };
  const reachingIn = (startMs: number): number => {
    const last = events.findLast(({ tsMs }) => tsMs < startMs);
    return last && last.tsMs > startMs - HOLD_MS && isClockAhead(last) ? 1 : 0;
  };
  return new Map(
    [...rollUpsOf(events, periodMs)].map(([startMs, period]) => [
      startMs,
      {
        ...period,
        // A period with only the rest of a state is at the site of the event before.
        site_id: newest(startMs, 'siteId') ?? siteBefore(startMs),
        map_id: newest(startMs, 'mapId'),
        clock_ahead_events: (inPeriod.get(startMs) ?? []).filter(isClockAhead).length + reachingIn(startMs),
        seconds_silent: Math.max(0, periodMs / 1000 - reportedSeconds(period)),
      },
    ])
  );
}

/**
 * When the last event was sent that a minute depends on: its own and those of the minute before.
 * The closing of a minute counts too: until then more may come.
 */
export function settledSinceMs(sent: readonly SentEvent[], startMs: number): number {
  let sinceMs = 0;
  for (const { tsMs, sentMs } of sent) {
    if (tsMs >= startMs - MINUTE_MS && tsMs < startMs + MINUTE_MS && sentMs > sinceMs) sinceMs = sentMs;
  }
  return sinceMs;
}
