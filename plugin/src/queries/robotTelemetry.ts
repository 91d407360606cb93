import { sqlText } from '@floorwatch/contract/sql-text';

/** An event that arrives later than this after its own time is late: the map has moved on. */
export const LATE_SECONDS = 15;

/** Events that arrived through Kafka: a replay or a backfill arrives when somebody runs it. */
const liveEvents = (robotId: string) => `(SELECT ts, dateDiff('millisecond', ts, received_at) / 1000 AS delay_seconds
    FROM warehouse.v_events
    WHERE robot_id = ${sqlText(robotId)} AND $__timeFilter(ts) AND source IN ('ingestor', 'engine'))`;

/** Seconds between two events: the median of the time range, at least one. 1 where there are fewer than two events. */
const usualGap = (robotId: string) => `(SELECT if(length(gaps) = 0, 1, greatest(1, arrayReduce('median', gaps)))
  FROM (
    SELECT arraySort(groupArray(toFloat64(ts))) AS times,
      arrayFilter(gap -> gap > 0, arrayMap((following, before) -> following - before, arrayPopFront(times), arrayPopBack(times))) AS gaps
    FROM ${liveEvents(robotId)}
  ))`;

/**
 * Events in each interval of the time range: those that arrived at once, those that arrived late, and those that are missing
 * from the robot's usual rhythm in this time range. Intervals without an event are there too. Before the first event of the
 * time range nothing is missing: nobody knows whether the robot existed.
 */
export function robotRhythm(robotId: string): string {
  return `WITH ${usualGap(robotId)} AS usual_gap_seconds,
  (SELECT min(ts) FROM ${liveEvents(robotId)}) AS first_event,
  toStartOfInterval($__fromTime, INTERVAL $__interval_s second) AS first_interval,
  least($__toTime, now()) AS last_moment
SELECT
  s.time AS time,
  e.live AS "Live",
  e.late AS "Late",
  if(time < first_event OR time + $__interval_s > last_moment, 0,
    greatest(0, round($__interval_s / usual_gap_seconds) - e.live - e.late)) AS "Missing"
FROM (
  SELECT first_interval + number * $__interval_s AS time
  FROM numbers(greatest(0, toUInt64(intDiv(dateDiff('second', first_interval, last_moment), $__interval_s) + 1)))
) AS s
LEFT JOIN (
  SELECT $__timeInterval(ts) AS time, countIf(delay_seconds <= ${LATE_SECONDS}) AS live, countIf(delay_seconds > ${LATE_SECONDS}) AS late
  FROM ${liveEvents(robotId)}
  GROUP BY time
) AS e ON e.time = s.time
WHERE first_event > toDateTime64(0, 3, 'UTC')
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

/** The time range in one row; NULL where there are too few events to say. */
export function robotRhythmSummary(robotId: string): string {
  return `SELECT
  events, late,
  if(events < 2, NULL, arrayReduce('median', gaps)) AS usual_gap_seconds,
  if(events < 2, NULL, arrayMax(gaps)) AS longest_gap_seconds,
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
