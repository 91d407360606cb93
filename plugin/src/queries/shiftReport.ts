import { cellRows } from './floorCells.ts';
import type { PageRange } from './floorAnalytics.ts';

const at = (ms: number) => `toDateTime(${Math.floor(ms / 1_000)}, 'UTC')`;
const HOUR_MS = 3_600_000;

/** The number of the range, from 0, that a time lies in; rows of no range are left out. */
function byRange(column: string, ranges: readonly PageRange[]) {
  const conditions = ranges.map(({ fromMs, toMs }) => `(${column} >= ${at(fromMs)} AND ${column} < ${at(toMs)})`);
  return {
    number: `multiIf(${conditions.map((condition, k) => `${condition}, ${k}`).join(', ')}, ${ranges.length})`,
    any: conditions.join(' OR '),
  };
}

/** The roll-up that shifts can be read from, and its column of time: hours where all of them begin with one, minutes elsewhere. */
function rollUpOf(shifts: readonly PageRange[]): [view: string, column: string] {
  const isWhole = shifts.every(({ fromMs, toMs }) => fromMs % HOUR_MS === 0 && toMs % HOUR_MS === 0);
  return isWhole ? ['v_robot_hours', 'hour'] : ['v_robot_minutes', 'minute'];
}

/**
 * What the fleet did in each shift, one row per shift that has data; `shift` is its number in `shifts`. Rows with an event from a
 * clock that is ahead are left out, as on the Fleet page.
 */
export function shiftFigures(shifts: readonly PageRange[]): string {
  const [view, column] = rollUpOf(shifts);
  const { number, any } = byRange(column, shifts);
  // The names of sums are not those of columns: ClickHouse would take one for the other.
  return `SELECT
  shift, robots, in_events AS events, in_completed AS tasks_completed, in_failed AS tasks_failed, in_metres AS distance_metres,
  in_errors AS errors, in_stops AS stops, in_working AS seconds_working, in_blocked AS seconds_blocked, in_error AS seconds_error,
  100 * in_working / nullIf(in_reported, 0) AS utilisation
FROM (
  SELECT
    ${number} AS shift, uniqExact(robot_id) AS robots, sum(events) AS in_events, sum(tasks_completed) AS in_completed,
    sum(tasks_failed) AS in_failed, sum(distance_metres) AS in_metres, sum(errors) AS in_errors, sum(stops) AS in_stops,
    sum(seconds_working) AS in_working, sum(seconds_blocked) AS in_blocked, sum(seconds_error) AS in_error,
    sum(seconds_working + seconds_idle + seconds_charging + seconds_blocked + seconds_error + seconds_manual
      + seconds_maintenance + seconds_offline + seconds_unknown) AS in_reported
  FROM warehouse.${view}
  WHERE (${any}) AND clock_ahead_events = 0
  GROUP BY shift
)
ORDER BY shift`;
}

/** Task times of each shift. */
export function shiftTasks(shifts: readonly PageRange[]): string {
  const { number, any } = byRange('ended_at', shifts);
  return `SELECT
  ${number} AS shift, avg(task_duration) AS mean_seconds, quantileExactInclusive(0.95)(task_duration) AS p95_seconds
FROM warehouse.v_task_ends
WHERE ${any}
GROUP BY shift
ORDER BY shift`;
}

/** The robots that were stuck or failed most in a shift. */
export function shiftRobots(range: PageRange): string {
  const [view, column] = rollUpOf([range]);
  return `SELECT
  robot_id, in_error AS seconds_error, in_blocked AS seconds_blocked, in_errors AS errors, in_failed AS tasks_failed
FROM (
  SELECT robot_id, sum(seconds_error) AS in_error, sum(seconds_blocked) AS in_blocked, sum(errors) AS in_errors, sum(tasks_failed) AS in_failed
  FROM warehouse.${view}
  WHERE ${column} >= ${at(range.fromMs)} AND ${column} < ${at(range.toMs)} AND clock_ahead_events = 0
  GROUP BY robot_id
)
WHERE in_error + in_blocked > 0 OR in_errors + in_failed > 0
ORDER BY in_error + in_blocked DESC, in_failed DESC, robot_id
LIMIT 10`;
}

/** The zones where robots waited most for each other. */
export function shiftZones(range: PageRange): string {
  return `SELECT
  any(if(z.name = '', z.zone_id, z.name)) AS zone, z.map_id AS map_id,
  sum(c.congested) AS seconds_congested, sum(c.waiting) AS seconds_waiting, sum(c.failures) AS errors
FROM warehouse.v_zones AS z
INNER JOIN (
  SELECT map_id, x, y, sum(waiting_seconds) AS waiting, sum(congested_seconds) AS congested, sum(errors) AS failures
  FROM (${cellRows(range)})
  GROUP BY map_id, x, y
) AS c ON c.map_id = z.map_id
WHERE pointInPolygon((c.x, c.y), z.polygon)
GROUP BY z.map_id, z.zone_id
HAVING seconds_waiting > 0 OR errors > 0
ORDER BY seconds_congested DESC, seconds_waiting DESC, zone
LIMIT 10`;
}

/** Failures of tasks by code. */
export function shiftFailures({ fromMs, toMs }: PageRange): string {
  return `SELECT ifNull(error_code, '') AS code, count() AS tasks, uniqExact(robot_id) AS robots
FROM warehouse.v_task_ends
WHERE ended_at >= ${at(fromMs)} AND ended_at < ${at(toMs)} AND outcome = 'failed'
GROUP BY code
ORDER BY tasks DESC, code
LIMIT 10`;
}
