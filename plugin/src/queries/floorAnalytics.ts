import { sqlText, sqlTime } from '@floorwatch/contract/sql-text';
import { CELL_MEASURES, cellRows, type CellMeasureId } from './floorCells.ts';

/** A range of time, in milliseconds since the epoch. */
export interface PageRange {
  fromMs: number;
  toMs: number;
}

/** More cells than any screen shows; a query must not fill the browser. */
const MAX_CELLS = 100_000;
/** After this, a robot is silent: the same as `v_fleet_now`. */
const SILENT_SECONDS = 60;

const FIVE_MINUTES_MS = 300_000;

/** The whole five minutes of a range, which is how finely the cells know the time: so figures per hour are exact. */
function fiveMinutes({ fromMs, toMs }: PageRange): PageRange {
  const from = Math.floor(fromMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
  return { fromMs: from, toMs: Math.max(from + FIVE_MINUTES_MS, Math.floor(toMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS) };
}

const ofFloor = (map: string) => (map === '' ? '1' : `map_id = ${sqlText(map)}`);

/**
 * The cells of a measure on all floors, or on one ('' for all), as a layer of the floor map reads them.
 * @param other the range that these cells are compared with: of a mean, cells that only one of them has say nothing
 */
export function measureCells(
  measure: CellMeasureId,
  range: PageRange,
  map: string,
  other: PageRange | null = null
): string {
  const { value, isMean } = CELL_MEASURES[measure];
  const inBoth =
    other && isMean
      ? ` AND (map_id, x, y) IN (SELECT map_id, x, y FROM (${cellRows(other)}) GROUP BY map_id, x, y HAVING (${value}) > 0)`
      : '';
  return `SELECT map_id, x, y, ${value} AS value
FROM (${cellRows(range)})
WHERE ${ofFloor(map)}${inBoth}
GROUP BY map_id, x, y
HAVING value > 0
ORDER BY value DESC
LIMIT ${MAX_CELLS}`;
}

/** What a table shows of cells or zones, in this range and in the one that it is compared with. */
const FIGURES = `sum(dwell_seconds) AS dwell, sum(waiting_seconds) AS waiting, sum(congested_seconds) AS congested, sum(errors) AS failures,
    sum(localization_score * score_reports) AS scores, sum(score_reports) AS reports`;

/** Cells of both ranges: `is_before` 1 for those of the range that the page compares with. */
function cellsOfBoth(range: PageRange, before: PageRange | null, map: string): string {
  const ofRange = (one: PageRange, isBefore: 0 | 1) =>
    `SELECT toUInt8(${isBefore}) AS is_before, map_id, x, y, ${FIGURES}
    FROM (${cellRows(one)}) WHERE ${ofFloor(map)} GROUP BY map_id, x, y`;
  return [ofRange(range, 0), ...(before ? [ofRange(before, 1)] : [])].join('\n  UNION ALL\n  ');
}

const seconds = ({ fromMs, toMs }: PageRange) => Math.max(1, (toMs - fromMs) / 1_000);

/**
 * Zones with what happened in them: robots (mean number of robots inside), waiting (share of their time), congested seconds per
 * hour, errors, localisation, tasks that ended there per hour. With `before`, each figure of that range too.
 * A cell belongs to each zone that its middle lies in.
 */
export function zoneTable(asked: PageRange, askedBefore: PageRange | null, map: string): string {
  const range = fiveMinutes(asked);
  const before = askedBefore && fiveMinutes(askedBefore);
  const length = `if(is_before, ${before ? seconds(before) : 1}, ${seconds(range)})`;
  const tasks = (one: PageRange, isBefore: 0 | 1) =>
    `SELECT map_id, zone_id, toUInt8(${isBefore}) AS is_before, count() AS tasks
    FROM warehouse.v_task_ends
    WHERE ended_at >= ${sqlTime(one.fromMs)} AND ended_at < ${sqlTime(one.toMs)} AND zone_id IS NOT NULL
    GROUP BY map_id, zone_id`;
  const columns = (isBefore: 0 | 1, suffix: string) => `
  sumIf(robots, is_before = ${isBefore}) AS "Robots${suffix}",
  100 * sumIf(waiting, is_before = ${isBefore}) / nullIf(sumIf(dwell, is_before = ${isBefore}), 0) AS "Waiting${suffix}",
  sumIf(congested_per_hour, is_before = ${isBefore}) AS "Congestion${suffix}",
  sumIf(failures, is_before = ${isBefore}) AS "Errors${suffix}",
  100 * anyIf(score, is_before = ${isBefore}) AS "Localisation${suffix}",
  sumIf(tasks_per_hour, is_before = ${isBefore}) AS "Tasks per hour${suffix}"`;
  return `SELECT
  any(zone_name) AS "Zone", map_id AS "Floor",${columns(0, '')}${before ? `,${columns(1, ' before')}` : ''}
FROM (
  SELECT
    z.map_id AS map_id, z.zone_id AS zone_id, any(if(z.name = '', z.zone_id, z.name)) AS zone_name, is_before,
    sum(c.dwell) AS dwell, sum(c.waiting) AS waiting, sum(c.failures) AS failures,
    sum(c.dwell) / ${length} AS robots, 3600 * sum(c.congested) / ${length} AS congested_per_hour,
    sum(c.scores) / nullIf(sum(c.reports), 0) AS score, toFloat64(0) AS tasks_per_hour
  FROM warehouse.v_zones AS z
  INNER JOIN (${cellsOfBoth(range, before, map)}) AS c ON c.map_id = z.map_id
  WHERE pointInPolygon((c.x, c.y), z.polygon)
  GROUP BY map_id, zone_id, is_before
  UNION ALL
  SELECT
    z.map_id, z.zone_id, if(z.name = '', z.zone_id, z.name), t.is_before, 0, 0, 0, 0, 0, NULL, 3600 * t.tasks / if(t.is_before, ${before ? seconds(before) : 1}, ${seconds(range)})
  FROM warehouse.v_zones AS z
  INNER JOIN (${[tasks(range, 0), ...(before ? [tasks(before, 1)] : [])].join(' UNION ALL ')}) AS t
    ON t.map_id = z.map_id AND t.zone_id = z.zone_id
  WHERE ${map === '' ? '1' : `z.map_id = ${sqlText(map)}`}
)
GROUP BY map_id, zone_id
ORDER BY "Congestion" DESC, "Robots" DESC, "Zone"
LIMIT 500`;
}

/** The cells where the measure is largest, or, with `before`, has grown most. */
export function cellTable(measure: CellMeasureId, range: PageRange, before: PageRange | null, map: string): string {
  const value = `(SELECT map_id, x, y, ${CELL_MEASURES[measure].value} AS value FROM (${cellRows(range)})
    WHERE ${ofFloor(map)} GROUP BY map_id, x, y HAVING value > 0)`;
  if (!before) {
    return `SELECT map_id AS "Floor", x AS "x", y AS "y", value AS "Amount" FROM ${value} ORDER BY value DESC, x, y LIMIT 100`;
  }
  return `SELECT map_id AS "Floor", x AS "x", y AS "y", sum(now_value) AS "Amount", sum(then_value) AS "Before", "Amount" - "Before" AS "Change"
FROM (
  SELECT map_id, x, y, value AS now_value, toFloat64(0) AS then_value FROM ${value}
  UNION ALL
  SELECT map_id, x, y, toFloat64(0), value FROM (SELECT map_id, x, y, ${CELL_MEASURES[measure].value} AS value FROM (${cellRows(before)})
    WHERE ${ofFloor(map)} GROUP BY map_id, x, y HAVING value > 0)
)
GROUP BY map_id, x, y
ORDER BY "Change" DESC, x, y
LIMIT 100`;
}

/**
 * Where robots stopped reporting: one row per square metre, from which robots reported last before more than 60 s without an
 * event. `x`, `y`, `value` (number of silences) and `map_id` are for the layer of the map, the `…_ms` and `robot_id` for the link to
 * the playback of the last one. Silence that a person set (offline, maintenance) does not count.
 *
 * Only the events of robots that the roll-ups know to have been silent are read. A gap counts until the robot's next event, or the
 * end of the range. A robot that has been silent since before the range has no event in it: its last report is that of the fleet now.
 */
export function silencePlaces({ fromMs, toMs }: PageRange, map: string): string {
  const minute = (ms: number) => `toDateTime(${Math.floor(ms / 60_000) * 60}, 'UTC')`;
  const minutes = Math.max(1, Math.floor(toMs / 60_000) - Math.floor(fromMs / 60_000));
  return `SELECT
  map_id, column + 0.5 AS x, row + 0.5 AS y, count() AS value,
  argMax(robot, ts) AS robot_id, argMax(robot, ts) AS "Last robot", 'play' AS "Map",
  toString(toUnixTimestamp64Milli(max(ts))) AS started_ms,
  toString(toUnixTimestamp64Milli(max(ts)) - 120000) AS from_ms,
  toString(toUnixTimestamp64Milli(argMax(next_ts, ts)) + 120000) AS to_ms,
  map_id AS "Floor", value AS "Silences", uniqExact(robot) AS "Robots",
  sum(gap) AS "Total", max(gap) AS "Longest", max(ts) AS "Last"
FROM (
  SELECT
    robot, ts, next_ts, last_map AS map_id, toInt32(floor(last_x)) AS column, toInt32(floor(last_y)) AS row,
    dateDiff('millisecond', ts, next_ts) / 1000 AS gap
  FROM (
    SELECT
      toString(robot_id) AS robot, ts,
      leadInFrame(ts, 1, least(now64(3, 'UTC'), ${sqlTime(toMs)})) OVER (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS next_ts,
      anyLast(x) OVER earlier AS last_x, anyLast(y) OVER earlier AS last_y,
      anyLastIf(ifNull(toString(e.map_id), ''), x IS NOT NULL) OVER earlier AS last_map,
      anyLastIf(toString(state), state IS NOT NULL) OVER earlier AS last_state
    FROM warehouse.v_events AS e
    WHERE ts >= ${sqlTime(fromMs)} AND ts < ${sqlTime(toMs)} AND NOT clock_ahead AND robot_id IN (
      SELECT robot_id FROM warehouse.v_robot_minutes
      WHERE minute >= ${minute(fromMs)} AND minute < least(${minute(toMs)}, toStartOfMinute(now('UTC')))
      GROUP BY robot_id
      HAVING sum(seconds_silent) > 0.5 OR count() < ${minutes}
    )
    WINDOW earlier AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
  )
  WHERE gap > ${SILENT_SECONDS} AND last_x IS NOT NULL AND abs(last_x) < 1e6 AND abs(last_y) < 1e6
    AND last_state NOT IN ('offline', 'maintenance')
  UNION ALL
  SELECT
    toString(robot_id), reported_at, least(now64(3, 'UTC'), ${sqlTime(toMs)}) AS silent_to, ifNull(map_id, ''), toInt32(floor(assumeNotNull(x))), toInt32(floor(assumeNotNull(y))),
    dateDiff('millisecond', reported_at, silent_to) / 1000 AS seconds
  FROM warehouse.v_fleet_reports
  WHERE status = 'silent' AND reported_at < ${sqlTime(fromMs)} AND seconds > ${SILENT_SECONDS} AND abs(x) < 1e6 AND abs(y) < 1e6
    AND ifNull(state, '') != 'maintenance'
)
WHERE ${ofFloor(map)}
GROUP BY map_id, column, row
ORDER BY value DESC, "Total" DESC, x, y
LIMIT 1000`;
}
