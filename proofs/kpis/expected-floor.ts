import { expectedTasks, referenceEvent, type Figures } from './expected.ts';
import type { Fixture, FixtureEvent, FixtureZone } from './fixture.ts';
import { rollUpsOf, type ExpectedRollUp } from '../reference/roll-ups.ts';

/** The figures of the Floor analytics page and of the shift report, computed from the raw events and by no SQL. */

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
/** A state and a place hold no longer than this. */
const HOLD_MS = 60_000;

/** Figures of each zone in which a robot was or a task ended, by the name of the zone. */
export function expectedZones({ events, zones, range }: Fixture): Map<string, Figures> {
  const inRange = placed(events.filter(({ tsMs }) => tsMs >= range.fromMs && tsMs < range.toMs));
  const seconds = (range.toMs - range.fromMs) / 1_000;
  const tasks = expectedTasks(events, zones, range);
  return new Map(
    zones.flatMap((zone): [string, Figures][] => {
      let [dwell, waiting, congested] = [0, 0, 0];
      for (const own of Map.groupBy(inRange, ({ robot_id: robot }) => robot).values()) {
        own.forEach((event, k) => {
          if (!isInside(event, zone)) return;
          const held = Math.min(HOLD_MS, (own[k + 1]?.tsMs ?? Infinity) - event.tsMs, range.toMs - event.tsMs) / 1_000;
          dwell += held;
          if (event.state !== 'blocked') return;
          waiting += held;
          if (inRange.some((other) => isCompany(event, other))) congested += held;
        });
      }
      const ended = tasks.filter(({ place }) => place.endsWith(` ${zone.name}`)).length;
      if (dwell === 0 && ended === 0) return [];
      const hours = seconds / 3_600;
      return [
        [
          zone.name,
          {
            Robots: dwell / seconds,
            Waiting: dwell === 0 ? null : (100 * waiting) / dwell,
            Congestion: congested / hours,
            'Tasks per hour': ended / hours,
          },
        ],
      ];
    })
  );
}

/** Silences of more than 60 s, by the square metre of the last place: how many, of how many robots, and how long together. */
export function expectedSilences({ events, range }: Fixture): Map<string, Figures> {
  const found: { robot: string; cell: string; seconds: number }[] = [];
  const inRange = events.filter(({ tsMs }) => tsMs >= range.fromMs && tsMs < range.toMs);
  for (const [robot, own] of Map.groupBy(inRange, ({ robot_id: id }) => id)) {
    own.forEach(({ tsMs, state, x, y }, k) => {
      const seconds = ((own[k + 1]?.tsMs ?? range.toMs) - tsMs) / 1_000;
      if (seconds <= 60 || x === null || y === null || state === 'offline' || state === 'maintenance') return;
      found.push({ robot, seconds, cell: `${Math.floor(x) + 0.5}, ${Math.floor(y) + 0.5}` });
    });
  }
  return new Map(
    [...Map.groupBy(found, ({ cell }) => cell)].map(([cell, all]) => [
      cell,
      {
        Silences: all.length,
        Robots: new Set(all.map(({ robot }) => robot)).size,
        Total: all.reduce((sum, { seconds }) => sum + seconds, 0),
        Longest: Math.max(...all.map(({ seconds }) => seconds)),
      },
    ])
  );
}

/** The figures of a shift that is as long as the range, or of the one a week before. */
export function expectedShift({ events, range }: Fixture, weeksAgo: 0 | 1): Figures {
  const [fromMs, toMs] = [range.fromMs - weeksAgo * WEEK_MS, range.toMs - weeksAgo * WEEK_MS];
  const robots = [...Map.groupBy(events, ({ robot_id: robot }) => robot).values()].map((own) =>
    [...rollUpsOf(own.map(referenceEvent), MINUTE_MS)].flatMap(([minute, row]) =>
      minute >= fromMs && minute < toMs ? [row] : []
    )
  );
  const minutes = robots.flat();
  const sum = (column: keyof ExpectedRollUp): number => minutes.reduce((all, row) => all + (row[column] ?? 0), 0);
  const reported = Object.keys(minutes[0] ?? {}).filter((column) => column.startsWith('seconds_'));
  const all = reported.reduce((total, column) => total + sum(column as keyof ExpectedRollUp), 0);
  return {
    robots: robots.filter((rows) => rows.length > 0).length,
    events: sum('events'),
    tasks_completed: sum('tasks_completed'),
    tasks_failed: sum('tasks_failed'),
    stops: sum('stops'),
    seconds_working: sum('seconds_working'),
    seconds_blocked: sum('seconds_blocked'),
    seconds_error: sum('seconds_error'),
    utilisation: (100 * sum('seconds_working')) / all,
  };
}

interface PlacedEvent extends FixtureEvent {
  x: number;
  y: number;
}

function placed(events: readonly FixtureEvent[]): PlacedEvent[] {
  return events.filter((event): event is PlacedEvent => event.x !== null && event.y !== null);
}

/** A cell belongs to a zone when its middle does. */
function isInside({ x, y }: PlacedEvent, { from, to }: FixtureZone): boolean {
  const [middleX, middleY] = [Math.floor(x) + 0.5, Math.floor(y) + 0.5];
  return middleX > from && middleX < to && middleY > from && middleY < to;
}

/** Another robot in the same minute, in the same cell or one beside it. */
function isCompany(event: PlacedEvent, other: PlacedEvent): boolean {
  return (
    other.robot_id !== event.robot_id &&
    Math.floor(other.tsMs / MINUTE_MS) === Math.floor(event.tsMs / MINUTE_MS) &&
    Math.abs(Math.floor(other.x) - Math.floor(event.x)) <= 1 &&
    Math.abs(Math.floor(other.y) - Math.floor(event.y)) <= 1
  );
}
