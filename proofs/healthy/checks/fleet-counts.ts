import { matchMoment } from '../compare/moment.ts';
import type { Reading, Row, ViewCheck } from '../compare/reading.ts';
import { isInside, MAP_ID, ZONES } from '../fleet/floor.ts';
import type { Ledger } from '../fleet/ledger.ts';
import { FleetStates, isHeard, statusOf, type NowState } from '../reference/now-states.ts';
import { NOW_ALLOWED_MS, SILENCE_ALLOWED_SECONDS } from './fleet-now.ts';

interface KnownRobot {
  state: NowState;
  status: string;
  isHeard: boolean;
}

interface FleetQuestion {
  view: string;
  query: string;
  /** What the view must say about these robots, as rows. */
  answer: (robots: readonly KnownRobot[]) => Row[];
  /** What depends on more than the robots' state. */
  alsoWrong?: (rows: readonly Row[], reading: Reading, robots: readonly KnownRobot[]) => string[];
}

const STATUSES = [
  ...['working', 'idle', 'charging', 'blocked', 'error', 'manual', 'maintenance', 'offline', 'silent', 'unknown'],
];
const countIf = <Item>(items: readonly Item[], has: (item: Item) => boolean): number => items.filter(has).length;
const isIn =
  (...statuses: string[]) =>
  ({ status }: KnownRobot): boolean =>
    statuses.includes(status);

const QUESTIONS: readonly FleetQuestion[] = [
  {
    view: 'v_fleet_summary',
    query: 'SELECT * FROM v_fleet_summary',
    answer: (robots) => [
      {
        robots: robots.length,
        online: countIf(robots, (robot) => !isIn('silent', 'offline')(robot)),
        ...Object.fromEntries(STATUSES.map((status) => [status, countIf(robots, isIn(status))])),
        placed: countIf(robots, ({ state }) => state.placed !== null),
        not_placed: countIf(robots, ({ state }) => state.placed === null),
      },
    ],
  },
  {
    view: 'v_fleet_status',
    query: 'SELECT status, robots FROM v_fleet_status',
    answer: (robots) =>
      [...Map.groupBy(robots, ({ status }) => status)].map(([status, of]) => ({ status, robots: of.length })),
  },
  {
    view: 'v_battery_distribution',
    query: 'SELECT from_percent, to_percent, robots, charging FROM v_battery_distribution',
    answer: (robots) => {
      const charged = robots.filter(({ state }) => state.battery !== null);
      const step = ({ state }: KnownRobot): number => 10 * Math.min(9, Math.floor((state.battery ?? 0) / 10));
      return [...Map.groupBy(charged, step)].map(([from_percent, of]) => ({
        ...{ from_percent, to_percent: from_percent + 10, robots: of.length, charging: countIf(of, isIn('charging')) },
      }));
    },
  },
  {
    view: 'v_zone_occupancy',
    query: 'SELECT map_id, zone_id, robots, stuck FROM v_zone_occupancy',
    answer: (robots) =>
      ZONES.map((zone) => {
        const inside = robots.filter(
          (robot) =>
            robot.isHeard && robot.state.placed && isInside(zone, robot.state.placed.x ?? 0, robot.state.placed.y ?? 0)
        );
        const stuck = countIf(inside, isIn('blocked', 'error'));
        return { map_id: MAP_ID, zone_id: zone.zoneId, robots: inside.length, stuck };
      }),
  },
  {
    view: 'v_fleet_dropoff',
    query: 'SELECT robots, silent_robots, silent_seconds FROM v_fleet_dropoff',
    answer: (robots) =>
      robots.length === 0 ? [] : [{ robots: robots.length, silent_robots: countIf(robots, isIn('silent')) }],
    alsoWrong: (rows, { askedMs, answeredMs }, robots) => {
      const lastSentMs = Math.max(...robots.map(({ state }) => state.lastSentMs));
      const [least, most] = [(askedMs - lastSentMs) / 1000 - SILENCE_ALLOWED_SECONDS, (answeredMs - lastSentMs) / 1000];
      const silent = Number(rows[0]?.['silent_seconds']);
      const isRight = robots.length === 0 || (silent >= least && silent <= Math.max(0, most) + NOW_ALLOWED_MS / 1000);
      return isRight ? [] : [`the fleet is silent for ${silent} s, not ${least} to ${most} s`];
    },
  },
];

/** Counts of the whole fleet: right when they are what was so at one moment. */
export function fleetCountChecks(ledger: Ledger): ViewCheck[] {
  const states = new FleetStates();
  const robotsAt = (sentUntilMs: number, silenceAtMs: number): KnownRobot[] =>
    [...ledger.robots].flatMap(([robotId, sent]) => {
      const state = states.of(robotId, sent).at(sentUntilMs);
      return state ? [{ state, status: statusOf(state, silenceAtMs), isHeard: isHeard(state, silenceAtMs) }] : [];
    });
  return QUESTIONS.map(({ view, query, answer, alsoWrong }) => ({
    view,
    query,
    allowedMs: NOW_ALLOWED_MS,
    compare(rows, reading) {
      const columns = Object.keys(answer(robotsAt(Infinity, 0))[0] ?? {});
      const actual = canonical(rows.map((row) => Object.fromEntries(columns.map((name) => [name, row[name]]))));
      const match = matchMoment(ledger.ticks, reading, NOW_ALLOWED_MS, actual, (sentUntilMs, silenceAtMs) =>
        canonical(answer(robotsAt(sentUntilMs, silenceAtMs)))
      );
      const mismatches = match.found ? [] : [`${actual}, not ${match.expectedNow}`];
      mismatches.push(...(alsoWrong?.(rows, reading, robotsAt(reading.answeredMs, reading.answeredMs)) ?? []));
      return { compared: Math.max(rows.length, 1), mismatches, delayMs: match.delayMs };
    },
  }));
}

/** The same text for the same rows, in whatever order rows and columns come. */
function canonical(rows: readonly Row[]): string {
  const text = (row: Row): string =>
    JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
  return rows.map(text).sort().join('\n');
}
