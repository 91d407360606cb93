import { sqlText } from '@floorwatch/contract/sql-text';
import { filterConditions, type PageFilters } from './pageFilters.ts';

/** The finest step of the distribution; the page joins steps to wider ones. */
export const STEP_SECONDS = 5;
/** Two hours: longer tasks are counted together. */
export const MOST_STEPS = 1_440;

/** What `taskTimes` groups the tasks by. */
export type TaskPart = 'all' | 'time' | 'robot' | 'zone' | 'hour' | 'code' | 'step';

const ended = (filters: PageFilters) => `warehouse.v_task_ends
  WHERE $__timeFilter(ended_at)${filterConditions(filters)}`;

/**
 * Task times of the range in all groups of the page, from one pass over the tasks: rows of `part` `all`, `time` (bucket), `robot`,
 * `zone` (where the task ended), `hour` (of the day), `code` (of failures) and `step` (of the distribution). Completed and
 * failed tasks count, under the time of their end; a running task has no duration yet.
 * `failed_robots` and `last_failed` are of the failed ones alone: without a code, failed and completed tasks are one group.
 * @param timeZone whose hours the day has, as the IANA names it
 */
export function taskTimes(filters: PageFilters, timeZone: string): string {
  return `SELECT
  transform(grouping(bucket, robot, zone_id, hour, code, step),
    [31, 47, 55, 59, 61, 62, 63], ['time', 'robot', 'zone', 'hour', 'code', 'step', 'all'], '') AS part,
  bucket AS time, robot, map_id, zone_id, zone_name, hour, code, step,
  count() AS tasks, countIf(outcome = 'failed') AS failed, tasks - failed AS completed,
  avg(task_duration) AS mean_seconds,
  quantilesExactInclusive(0.5, 0.95)(task_duration) AS percentiles,
  percentiles[1] AS p50_seconds, percentiles[2] AS p95_seconds, max(task_duration) AS max_seconds,
  uniqExactIf(robot_id, outcome = 'failed') AS failed_robots, maxOrNullIf(ended_at, outcome = 'failed') AS last_failed
FROM (
  SELECT
    $__timeInterval(ended_at) AS bucket, toString(robot_id) AS robot, robot_id, map_id, zone_id, zone_name, outcome,
    toHour(toTimeZone(ended_at, ${sqlText(timeZone)})) AS hour, ifNull(error_code, '') AS code, task_duration, ended_at,
    least(intDiv(toUInt32(greatest(task_duration, 0)), ${STEP_SECONDS}), ${MOST_STEPS}) AS step
  FROM ${ended(filters)}
)
GROUP BY GROUPING SETS ((bucket), (robot), (map_id, zone_id, zone_name), (hour), (code), (step), ())
HAVING tasks > 0 AND (part != 'code' OR failed > 0)
ORDER BY part, bucket, hour, step, failed DESC, p95_seconds DESC, tasks DESC, robot
LIMIT ${MOST_STEPS + 1} BY part`;
}

/**
 * The tasks that took longest, the slowest first. `robot_id`, `started_ms`, `from_ms` and `to_ms` are for the link to the playback:
 * from a minute before the start to a minute after the end.
 */
export function slowestTasks(filters: PageFilters): string {
  const ms = (time: string) => `toString(toUnixTimestamp64Milli(${time}))`;
  return `SELECT
  robot_id, ${ms('started_at')} AS started_ms,
  ${ms('started_at - INTERVAL 1 MINUTE')} AS from_ms, ${ms('ended_at + INTERVAL 1 MINUTE')} AS to_ms,
  robot_id AS "Robot", task_id AS "Task", 'play' AS "Map", outcome AS "Outcome", task_duration AS "Duration",
  started_at AS "Started", ended_at AS "Ended", map_id AS "Floor", zone_name AS "Zone", error_code AS "Code"
FROM ${ended(filters)}
ORDER BY task_duration DESC, ended_at DESC, robot_id, task_id
LIMIT 100`;
}
