import type { PlannedEvent } from './plan.ts';

/** What a robot's minute must hold, computed from the events alone. Names are those of `telemetry_minute`. */
export interface MinuteTruth {
  events: number;
  distance_metres: number;
  speed_mean: number | null;
  battery_mean: number | null;
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
  seconds_unknown: number;
  max_gap_seconds: number;
}

const MINUTE_MS = 60_000;
/** A state holds, and a distance counts, no longer than this. */
const HOLD_MS = 60_000;
const STUCK: ReadonlySet<string> = new Set(['error', 'blocked', 'manual']);

interface Draft extends MinuteTruth {
  speeds: number[];
  batteries: number[];
}

/**
 * The rules of sql/migrations/0008_rollups.sql, written a second time in another language on purpose: what both agree on
 * is not an accident of either.
 * @param events one robot's events in the order of their time, no two at the same millisecond
 * @returns by the minute's first millisecond
 */
export function minutesOf(events: readonly PlannedEvent[]): Map<number, MinuteTruth> {
  const minutes = new Map<number, Draft>();
  const minuteAt = (startMs: number): Draft => {
    const known = minutes.get(startMs);
    if (known) return known;
    const fresh = emptyMinute();
    minutes.set(startMs, fresh);
    return fresh;
  };
  let lastPlaced: PlannedEvent | undefined;
  for (const [i, event] of events.entries()) {
    const startMs = Math.floor(event.tsMs / MINUTE_MS) * MINUTE_MS;
    const minute = minuteAt(startMs);
    count(minute, event);
    holdState(event, Math.min(HOLD_MS, (events[i + 1]?.tsMs ?? Infinity) - event.tsMs), startMs, minuteAt);

    const previous = events[i - 1];
    const gapFromMs = Math.max(previous?.tsMs ?? 0, startMs - MINUTE_MS);
    minute.max_gap_seconds = Math.max(minute.max_gap_seconds, (event.tsMs - gapFromMs) / 1000);
    const cameFromRunning =
      previous !== undefined && previous.tsMs >= startMs - MINUTE_MS && !STUCK.has(stateOf(previous));
    if (cameFromRunning && STUCK.has(stateOf(event))) minute.stops += 1;
    if (event.x !== null && event.y !== null) {
      if (lastPlaced && event.tsMs - lastPlaced.tsMs <= HOLD_MS) {
        minute.distance_metres += Math.hypot(event.x - (lastPlaced.x ?? 0), event.y - (lastPlaced.y ?? 0));
      }
      lastPlaced = event;
    }
  }
  return new Map([...minutes].map(([startMs, draft]) => [startMs, finish(draft)]));
}

export function stateOf(event: PlannedEvent): string {
  if (event.state !== null) return event.state;
  const underWay = event.taskId !== null && event.eventType !== 'TASK_COMPLETED' && event.eventType !== 'TASK_FAILED';
  return underWay ? 'working' : 'unknown';
}

function count(minute: Draft, event: PlannedEvent): void {
  minute.events += 1;
  if (event.eventType === 'ERROR') minute.errors += 1;
  if (event.eventType === 'TASK_STARTED') minute.tasks_started += 1;
  if (event.eventType === 'TASK_COMPLETED') minute.tasks_completed += 1;
  if (event.eventType === 'TASK_FAILED') minute.tasks_failed += 1;
  if (event.speed !== null) minute.speeds.push(event.speed);
  if (event.battery !== null) minute.batteries.push(event.battery);
}

function holdState(event: PlannedEvent, heldMs: number, startMs: number, minuteAt: (ms: number) => Draft): void {
  const column = `seconds_${stateOf(event)}` as 'seconds_working';
  const ownMs = Math.min(heldMs, startMs + MINUTE_MS - event.tsMs);
  minuteAt(startMs)[column] += ownMs / 1000;
  if (heldMs > ownMs) minuteAt(startMs + MINUTE_MS)[column] += (heldMs - ownMs) / 1000;
}

function finish({ speeds, batteries, ...minute }: Draft): MinuteTruth {
  const mean = (numbers: number[]): number | null =>
    numbers.length === 0 ? null : numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  return {
    ...minute,
    speed_mean: mean(speeds),
    battery_mean: mean(batteries),
    battery_min: batteries.length === 0 ? null : Math.min(...batteries),
    battery_first: batteries[0] ?? null,
    battery_last: batteries.at(-1) ?? null,
  };
}

function emptyMinute(): Draft {
  return {
    ...{ events: 0, distance_metres: 0, errors: 0, stops: 0, tasks_started: 0, tasks_completed: 0, tasks_failed: 0 },
    ...{ speed_mean: null, battery_mean: null, battery_min: null, battery_first: null, battery_last: null },
    ...{
      seconds_working: 0,
      seconds_idle: 0,
      seconds_charging: 0,
      seconds_blocked: 0,
      seconds_error: 0,
      seconds_unknown: 0,
    },
    ...{ max_gap_seconds: 0, speeds: [], batteries: [] },
  };
}
