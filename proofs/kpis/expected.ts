import { rollUpsOf, type ExpectedRollUp } from '../reference/roll-ups.ts';
import { runsOf } from '../reference/task-runs.ts';
import type { Fixture, FixtureEvent, FixtureZone } from './fixture.ts';

/** The figures of docs/reference/kpis.md, computed from the raw events by its formulas and by no SQL. */

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
/** The page's question of a past moment looks this far back for what a robot last said. */
const LOOK_BACK_MS = 15 * MINUTE_MS;
const SILENT_MS = 60_000;
const LOW_BATTERY_PERCENT = 20;
const STATES = [
  'working',
  'idle',
  'charging',
  'blocked',
  'error',
  'manual',
  'maintenance',
  'offline',
  'unknown',
] as const;

export type Figures = Readonly<Record<string, number | null>>;

export interface ExpectedTask {
  robot: string;
  seconds: number;
  endedMs: number;
  failed: boolean;
  code: string;
  /** Floor and zone as the page has them, such as `hall Dock`; `hall none` in no zone. */
  place: string;
}

/** Counts of the fleet by status, of robots that are not placed and of low batteries. */
export function expectedCounts(
  { events, registered, range }: Fixture,
  { atMs, isNow }: { atMs: number; isNow: boolean }
): Figures {
  const robots = byRobot(events.filter(({ tsMs }) => (isNow || tsMs >= range.fromMs) && tsMs <= atMs));
  const counts: Record<string, number> = { robots: robots.size, low_battery: 0, not_placed: 0, silent: 0 };
  for (const state of STATES) counts[state] = 0;
  const lasts: number[] = [];
  for (const own of robots.values()) {
    const lastMs = own.at(-1)?.tsMs ?? 0;
    lasts.push(lastMs);
    // Now, the last report of a robot counts, however old it is; at a past moment, those of the 15 minutes before.
    const known = isNow || lastMs > atMs - LOOK_BACK_MS ? own : [];
    const state = known.findLast((event) => event.state !== null)?.state ?? null;
    const isSilent = atMs - lastMs > SILENT_MS;
    const status = state === 'offline' ? 'offline' : isSilent ? 'silent' : (state ?? 'unknown');
    counts[status] = (counts[status] ?? 0) + 1;
    if ((known.findLast(({ battery }) => battery !== null)?.battery ?? 100) < LOW_BATTERY_PERCENT)
      counts['low_battery'] = (counts['low_battery'] ?? 0) + 1;
    if (!known.some(({ x }) => x !== null)) counts['not_placed'] = (counts['not_placed'] ?? 0) + 1;
  }
  const online = robots.size - (counts['silent'] ?? 0) - (counts['offline'] ?? 0);
  const expected = new Set([...byRobot(events).keys(), ...registered]).size;
  return { ...counts, online, expected, data_age_seconds: (atMs - Math.max(...lasts)) / 1_000 };
}

/** The trend of the range, or of the same time a week before: the last minute, and the figures of the whole range. */
export function expectedTrend({ events, range }: Fixture, weeksAgo: 0 | 1): Figures {
  const [fromMs, toMs] = [range.fromMs - weeksAgo * WEEK_MS, range.toMs - weeksAgo * WEEK_MS];
  const robots = [...byRobot(events).values()].map((own) =>
    [...rollUpsOf(own.map(referenceEvent), MINUTE_MS)].filter(([minute]) => minute >= fromMs && minute < toMs)
  );
  const minutes = robots.flatMap((rows) => rows.map(([, row]) => row));
  const newest = Math.max(...robots.flatMap((rows) => rows.map(([minute]) => minute)));
  const last = robots.flatMap((rows) => rows.filter(([minute]) => minute === newest).map(([, row]) => row));
  const inLast = Object.fromEntries(STATES.map((state) => [state, sum(last, `seconds_${state}`) / 60]));
  const reporting = STATES.reduce((all, state) => all + (inLast[state] ?? 0), 0);
  const reported = STATES.reduce((all, state) => all + sum(minutes, `seconds_${state}`), 0);
  return {
    ...inLast,
    silent: robots.filter((rows) => rows.length > 0).length - reporting,
    online: reporting - (inLast['offline'] ?? 0),
    low_battery: last.filter(({ battery_last: battery }) => battery !== null && battery < LOW_BATTERY_PERCENT).length,
    events_per_second: sum(last, 'events') / 60,
    tasks_per_hour: sum(minutes, 'tasks_completed') / ((toMs - fromMs) / 3_600_000),
    utilisation: (100 * sum(minutes, 'seconds_working')) / reported,
    p95_task_seconds: percentile(
      0.95,
      expectedTasks(events, [], { fromMs, toMs }).map(({ seconds }) => seconds)
    ),
  };
}

/** Tasks that ended in the range, with the smallest zone that each ended in. */
export function expectedTasks(
  events: readonly FixtureEvent[],
  zones: readonly FixtureZone[],
  { fromMs, toMs }: { fromMs: number; toMs: number }
): ExpectedTask[] {
  const bySize = [...zones].sort((a, b) => a.to - a.from - (b.to - b.from));
  return [...byRobot(events)].flatMap(([robot, own]) =>
    runsOf(own.map(referenceEvent)).flatMap(({ startedMs, endedMs, outcome }): ExpectedTask[] => {
      if (endedMs === null || endedMs < fromMs || endedMs > toMs) return [];
      const end = own.find(({ tsMs, task_id: task }) => tsMs === endedMs && task !== null);
      const { x = null, y = null } = end ?? {};
      const isIn = ({ from, to }: FixtureZone): boolean =>
        x !== null && y !== null && x > from && x < to && y > from && y < to;
      return [
        {
          ...{ robot, endedMs, seconds: (endedMs - startedMs) / 1_000, failed: outcome === 'failed' },
          ...{ code: end?.error_code ?? '', place: `${end?.map_id ?? 'none'} ${bySize.find(isIn)?.name ?? 'none'}` },
        },
      ];
    })
  );
}

export function expectedTaskTimes(tasks: readonly ExpectedTask[]): Figures {
  const seconds = tasks.map((task) => task.seconds);
  const failed = tasks.filter((task) => task.failed).length;
  return {
    tasks: tasks.length,
    failed,
    completed: tasks.length - failed,
    mean_seconds: seconds.length === 0 ? null : seconds.reduce((all, one) => all + one, 0) / seconds.length,
    p50_seconds: percentile(0.5, seconds),
    p95_seconds: percentile(0.95, seconds),
    max_seconds: seconds.length === 0 ? null : Math.max(...seconds),
  };
}

/** Between the two values around the rank, in proportion: the rank of the q-th of n values is q × (n − 1), from 0. */
export function percentile(q: number, values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)];
  const high = sorted[Math.ceil(rank)];
  return low === undefined || high === undefined ? null : low + (rank - Math.floor(rank)) * (high - low);
}

function byRobot(events: readonly FixtureEvent[]): Map<string, FixtureEvent[]> {
  return Map.groupBy(events, ({ robot_id: robot }) => robot);
}

export function referenceEvent(event: FixtureEvent) {
  const { tsMs, event_type: eventType, task_id: taskId, map_id: mapId, x, y, battery, state } = event;
  return { tsMs, eventType, taskId, mapId, x, y, battery, state, speed: null };
}

function sum(rows: readonly ExpectedRollUp[], column: string): number {
  return rows.reduce((all, row) => all + row[column as 'events'], 0);
}
