import { sqlText, sqlTime } from '@floorwatch/contract/sql-text';

/** Longer before a moment, a robot's report says nothing about where it was: the same as `fleetAt`. */
const LOOK_BACK_MINUTES = 15;
/** Seconds before a moment over which rates are taken. */
export const MOMENT_SECONDS = 60;
/** More ids than any query can hold well; the others of a huge incident are like these. */
export const MOST_ROBOTS = 2_000;

/**
 * What the affected robots have in common at a moment, one row a trait: how many of them have it, how many of the fleet, and the
 * lift, which is how many times as frequent it is among them. Only what is more frequent among them than in the fleet; what most
 * of them have and few others comes first.
 * @param atMs milliseconds since the epoch
 */
export function commonTraits(robotIds: readonly string[], atMs: number): string {
  const ids = `[${robotIds.slice(0, MOST_ROBOTS).map(sqlText).join(', ')}]`;
  return `SELECT trait, value, affected, all_affected, fleet, all_fleet,
  (affected / all_affected) / (fleet / all_fleet) AS lift
FROM (
  SELECT pair.1 AS trait, pair.2 AS value, countIf(is_affected) AS affected, count() AS fleet,
    any(affected_robots) AS all_affected, any(fleet_robots) AS all_fleet
  FROM (
    SELECT is_affected, countIf(is_affected) OVER () AS affected_robots, count() OVER () AS fleet_robots, pairs
    FROM (
      SELECT
        has(${ids}::Array(String), toString(f.robot_id)) AS is_affected,
        [('site', coalesce(e.site, f.site_id, '')), ('floor', coalesce(e.map, f.map_id, '')), ('zone', ifNull(z.zone, '')),
         ('model', ifNull(toString(r.model), '')), ('firmware', coalesce(e.fw, f.firmware, '')), ('path', ifNull(e.source, ''))] AS pairs
      FROM (SELECT robot_id, site_id, map_id, firmware FROM warehouse.v_fleet_now) AS f
      LEFT JOIN ${reportsBefore(atMs)} AS e ON e.robot_id = f.robot_id
      LEFT JOIN (
        SELECT p.robot_id AS robot_id, any(s.name) AS zone
        FROM ${reportsBefore(atMs)} AS p
        INNER JOIN warehouse.v_zones AS s ON s.map_id = p.map
        WHERE p.x IS NOT NULL AND pointInPolygon((assumeNotNull(p.x), assumeNotNull(p.y)), s.polygon)
        GROUP BY robot_id
      ) AS z ON z.robot_id = f.robot_id
      LEFT JOIN warehouse.v_robots AS r ON r.robot_id = f.robot_id
    )
  )
  ARRAY JOIN pairs AS pair
  WHERE pair.2 != ''
  GROUP BY trait, value
)
WHERE affected > 0 AND affected * all_fleet > fleet * all_affected
ORDER BY (affected / all_affected) * log2(lift) DESC, trait, value
LIMIT 12`;
}

/** The last report of each robot before the moment. */
function reportsBefore(atMs: number): string {
  return `(SELECT robot_id, argMax(v.x, v.ts) AS x, argMax(v.y, v.ts) AS y, argMax(toString(v.map_id), v.ts) AS map,
          argMax(toString(v.site_id), v.ts) AS site, argMax(toString(v.firmware), v.ts) AS fw, toNullable(argMax(v.source, v.ts)) AS source
        FROM warehouse.v_events AS v
        WHERE v.ts > ${sqlTime(atMs)} - INTERVAL ${LOOK_BACK_MINUTES} MINUTE AND v.ts <= ${sqlTime(atMs)}
        GROUP BY robot_id)`;
}

/** How data flowed in the minute before the moment: events per second, and how long they took from robot to ClickHouse. */
export function flowBefore(atMs: number): string {
  return `SELECT
  count() / ${MOMENT_SECONDS} AS events_per_second,
  uniqExact(robot_id) AS robots,
  if(count() = 0, NULL, quantileExact(0.5)(delay_seconds)) AS delay_p50_seconds,
  if(count() = 0, NULL, quantileExact(0.95)(delay_seconds)) AS delay_p95_seconds
FROM (
  SELECT robot_id, dateDiff('millisecond', ts, received_at) / 1000 AS delay_seconds
  FROM warehouse.v_events
  WHERE ts > ${sqlTime(atMs)} - INTERVAL ${MOMENT_SECONDS} SECOND AND ts <= ${sqlTime(atMs)}
    AND source IN ('ingestor', 'engine')
)`;
}

/** Robots in trouble over the time range: how many on average in each state of an interval. */
export const TROUBLE_OVER_TIME = `SELECT
  $__timeInterval(minute) AS time,
  sumIf(seconds, state = 'error') / (60 * uniqExact(minute)) AS "error",
  sumIf(seconds, state = 'blocked') / (60 * uniqExact(minute)) AS "blocked",
  sumIf(seconds, state = 'silent') / (60 * uniqExact(minute)) AS "silent"
FROM warehouse.v_state_shares
WHERE $__timeFilter(minute)
GROUP BY time
ORDER BY time`;
