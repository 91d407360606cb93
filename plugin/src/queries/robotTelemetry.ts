import { sqlText } from '@floorwatch/contract/sql-text';

/** An event that arrives later than this after its own time is late: the map has moved on. */
export const LATE_SECONDS = 15;

/** Events that arrived through Kafka: a replay or a backfill arrives when somebody runs it. */
const liveEvents = (robotId: string) => `(SELECT ts, dateDiff('millisecond', ts, received_at) / 1000 AS delay_seconds
    FROM warehouse.v_events
    WHERE robot_id = ${sqlText(robotId)} AND $__timeFilter(ts) AND source IN ('ingestor', 'engine'))`;

/** A pause of up to three times the longest usual gap (p95), at least this, is no loss: an idle robot reports less often. */
const LEAST_ALLOWED_SECONDS = 10;

/**
 * Events in each interval of the time range: those that arrived at once, those that arrived late, and those that are missing. Events
 * are missing in gaps that are longer than the robot's rhythm in this time range allows, at its usual pace. Intervals without an
 * event are there too. Before the first event nothing is missing: nobody knows whether the robot existed.
 */
export function robotRhythm(robotId: string): string {
  return `WITH rhythm AS (
    SELECT
      arraySort(groupArray(toFloat64(ts))) AS times,
      arrayMap((following, before) -> following - before, arrayPopFront(times), arrayPopBack(times)) AS gaps,
      if(empty(gaps), 1, greatest(0.001, arrayReduce('median', gaps))) AS usual,
      greatest(${LEAST_ALLOWED_SECONDS}, if(empty(gaps), 0, 3 * arrayReduce('quantileExact(0.95)', gaps))) AS allowed,
      if(empty(times), [], arrayPushBack(arrayPopFront(times), toFloat64(least($__toTime, now())))) AS ends,
      arrayFilter(gap -> gap.2 - gap.1 > allowed, arrayMap((since, until) -> (since, until), times, ends)) AS long_gaps
    FROM ${liveEvents(robotId)}
  ),
  toStartOfInterval($__fromTime, INTERVAL $__interval_s second) AS first_interval
SELECT
  s.time AS time,
  e.live AS "Live",
  e.late AS "Late",
  round(arraySum(gap -> greatest(0., least(gap.2, toFloat64(toUnixTimestamp(s.time)) + $__interval_s) - greatest(gap.1, toFloat64(toUnixTimestamp(s.time)))),
    (SELECT long_gaps FROM rhythm)) / (SELECT usual FROM rhythm)) AS "Missing"
FROM (
  SELECT first_interval + number * $__interval_s AS time
  FROM numbers(toUInt64(greatest(0, intDiv(dateDiff('second', first_interval, least($__toTime, now())), $__interval_s) + 1)))
) AS s
LEFT JOIN (
  SELECT $__timeInterval(ts) AS time, countIf(delay_seconds <= ${LATE_SECONDS}) AS live, countIf(delay_seconds > ${LATE_SECONDS}) AS late
  FROM ${liveEvents(robotId)}
  GROUP BY time
) AS e ON e.time = s.time
WHERE (SELECT notEmpty(times) FROM rhythm)
ORDER BY time`;
}

/**
 * How long events took from the robot's clock to ClickHouse. The shortest one is hardly anything but the clock's offset; below 0,
 * the robot's clock is ahead.
 */
export function robotDelay(robotId: string): string {
  return `SELECT $__timeInterval(ts) AS time, min(delay_seconds) AS "Shortest", quantile(0.5)(delay_seconds) AS "Median", max(delay_seconds) AS "Longest"
FROM ${liveEvents(robotId)}
GROUP BY time
ORDER BY time`;
}

/**
 * The time range in one row; NULL where there are too few events to say. The silence that lasts at the end of the range is a gap too:
 * a robot that fell silent has no event after it.
 */
export function robotRhythmSummary(robotId: string): string {
  return `SELECT
  events, late,
  if(events < 2, NULL, arrayReduce('median', gaps)) AS usual_gap_seconds,
  if(events = 0, NULL, arrayMax(arrayPushBack(gaps, toFloat64(least($__toTime, now())) - times[-1]))) AS longest_gap_seconds,
  if(events = 0, NULL, shortest) AS shortest_delay_seconds
FROM (
  SELECT
    count() AS events,
    countIf(delay_seconds > ${LATE_SECONDS}) AS late,
    min(delay_seconds) AS shortest,
    arraySort(groupArray(toFloat64(ts))) AS times,
    arrayMap((following, before) -> following - before, arrayPopFront(times), arrayPopBack(times)) AS gaps
  FROM ${liveEvents(robotId)}
)`;
}
