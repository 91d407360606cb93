import { stateOf, type ReferenceEvent } from './reference-event.ts';

/** What a robot's minute or hour must hold. Names are those of `telemetry_minute` and `telemetry_hour`. */
export interface ExpectedRollUp {
  events: number;
  distance_metres: number;
  speed_mean: number | null;
  speed_reports: number;
  battery_mean: number | null;
  battery_reports: number;
  battery_min: number | null;
  battery_first: number | null;
  battery_last: number | null;
  errors: number;
  stops: number;
  tasks_started: number;
  tasks_completed: number;
  tasks_failed: number;
  seconds_working: number;
  seconds_idle: number;
  seconds_charging: number;
  seconds_blocked: number;
  seconds_error: number;
  seconds_manual: number;
  seconds_maintenance: number;
  seconds_offline: number;
  seconds_unknown: number;
  max_gap_seconds: number;
}

const MINUTE_MS = 60_000;
/** A state holds, and a distance counts, no longer than this. */
const HOLD_MS = 60_000;
const STUCK: ReadonlySet<string> = new Set(['error', 'blocked', 'manual']);

interface Draft extends ExpectedRollUp {
  speeds: number[];
  batteries: number[];
}

/**
 * The rules of sql/views/roll_ups.sql, written a second time in another language on purpose: what both agree on
 * is not an accident of either. Hours are computed from the events too, not from minutes as ClickHouse does.
 * @param events one robot's events in the order of their time, no two at the same millisecond
 * @param periodMs a minute or an hour
 * @returns by the period's first millisecond
 */
export function rollUpsOf(events: readonly ReferenceEvent[], periodMs: number): Map<number, ExpectedRollUp> {
  const periods = new Map<number, Draft>();
  const periodAt = (timeMs: number): Draft => {
    const startMs = Math.floor(timeMs / periodMs) * periodMs;
    const known = periods.get(startMs);
    if (known) return known;
    const fresh = emptyPeriod();
    periods.set(startMs, fresh);
    return fresh;
  };
  let lastPlaced: ReferenceEvent | undefined;
  for (const [i, event] of events.entries()) {
    const period = periodAt(event.tsMs);
    count(period, event);
    const untilMs = Math.min(event.tsMs + HOLD_MS, events[i + 1]?.tsMs ?? Infinity);
    holdState(event, untilMs, (Math.floor(event.tsMs / periodMs) + 1) * periodMs, periodAt);

    const previous = events[i - 1];
    // The minute before an event's own is as far back as it looks, in an hour too.
    const horizonMs = Math.floor(event.tsMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
    const gapMs = event.tsMs - Math.max(previous?.tsMs ?? 0, horizonMs);
    period.max_gap_seconds = Math.max(period.max_gap_seconds, gapMs / 1000);
    const cameFromRunning = previous !== undefined && previous.tsMs >= horizonMs && !STUCK.has(stateOf(previous));
    if (cameFromRunning && STUCK.has(stateOf(event))) period.stops += 1;
    if (event.x !== null && event.y !== null) {
      if (lastPlaced && lastPlaced.mapId === event.mapId && event.tsMs - lastPlaced.tsMs <= HOLD_MS) {
        period.distance_metres += Math.hypot(event.x - (lastPlaced.x ?? 0), event.y - (lastPlaced.y ?? 0));
      }
      lastPlaced = event;
    }
  }
  return new Map([...periods].map(([startMs, draft]) => [startMs, finish(draft)]));
}

function count(period: Draft, event: ReferenceEvent): void {
  period.events += 1;
  if (event.eventType === 'ERROR') period.errors += 1;
  if (event.eventType === 'TASK_STARTED') period.tasks_started += 1;
  if (event.eventType === 'TASK_COMPLETED') period.tasks_completed += 1;
  if (event.eventType === 'TASK_FAILED') period.tasks_failed += 1;
  if (event.speed !== null) period.speeds.push(event.speed);
  if (event.battery !== null) period.batteries.push(event.battery);
}

function holdState(event: ReferenceEvent, untilMs: number, endMs: number, periodAt: (timeMs: number) => Draft): void {
  const column = `seconds_${stateOf(event)}` as 'seconds_working';
  periodAt(event.tsMs)[column] += (Math.min(untilMs, endMs) - event.tsMs) / 1000;
  if (untilMs > endMs) periodAt(endMs)[column] += (untilMs - endMs) / 1000;
}

function finish({ speeds, batteries, ...period }: Draft): ExpectedRollUp {
  const mean = (numbers: number[]): number | null =>
    numbers.length === 0 ? null : numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  return {
    ...period,
    speed_mean: mean(speeds),
    speed_reports: speeds.length,
    battery_mean: mean(batteries),
    battery_reports: batteries.length,
    battery_min: batteries.length === 0 ? null : batteries.reduce((least, n) => Math.min(least, n)),
    battery_first: batteries[0] ?? null,
    battery_last: batteries.at(-1) ?? null,
  };
}

function emptyPeriod(): Draft {
  return {
    ...{ events: 0, distance_metres: 0, errors: 0, stops: 0, tasks_started: 0, tasks_completed: 0, tasks_failed: 0 },
    ...{ speed_mean: null, speed_reports: 0, battery_mean: null, battery_reports: 0 },
    ...{ battery_min: null, battery_first: null, battery_last: null },
    ...{ seconds_working: 0, seconds_idle: 0, seconds_charging: 0, seconds_blocked: 0, seconds_error: 0 },
    ...{ seconds_manual: 0, seconds_maintenance: 0, seconds_offline: 0, seconds_unknown: 0 },
    ...{ max_gap_seconds: 0, speeds: [], batteries: [] },
  };
}
