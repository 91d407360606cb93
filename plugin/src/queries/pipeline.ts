import { IS_WHOLE_MINUTE } from './kpis';

/**
 * How each ingestion path does, one row a path. A path that does not run has no figures: 0 would say that all is well.
 * ClickHouse knows what its own Kafka engine has not read yet; of the ingestor only its metrics do. Planning takes most of the CPU, and
 * more threads add up to a third.
 */
export const PIPELINE = `SELECT
  if(path = 'engine', 'A: Kafka engine', 'B: ingestor') AS "Path",
  multiIf(
    seconds_since_received <= 60, 'running',
    path = 'engine' AND ifNull(last_poll_time < now() - INTERVAL 1 MINUTE, 1), 'off',
    path = 'engine' AND assigned_partitions = 0, 'joining',
    path = 'engine', 'no events',
    seconds_since_received IS NULL, 'off or no events',
    'no events') AS "State",
  if("State" = 'running', round(rows_per_second_1m, 1), NULL) AS "Rows/s",
  seconds_since_received AS "Last row",
  multiIf(
    path = 'ingestor', 'see Behind Kafka',
    lag_messages IS NULL, '–',
    toString(lag_messages)) AS "Unread",
  dead_letters_5m AS "Refused",
  if(last_exception = '', '–', last_exception) AS "Error"
FROM warehouse.v_pipeline
ORDER BY path
SETTINGS max_threads = 1`;

/** Refused messages in the chosen time, by the rule they broke. */
export const DEAD_LETTERS_BY_REASON = `SELECT
  reason AS "Reason",
  count() AS "Messages",
  dateDiff('second', max(received_at), now64()) AS "Last",
  argMax(if(detail = '', sample, detail), received_at) AS "For example"
FROM warehouse.v_dead_letters
WHERE $__timeFilter(received_at)
GROUP BY reason
ORDER BY count() DESC
LIMIT 50`;

/**
 * What the Pipeline page shows of each path, one row a path. Figures only: `readPath` says what they mean.
 * A robot's clock that is ahead does not make the newest event younger than its arrival.
 */
export const PATHS = `SELECT
  path,
  rows_per_second_1m,
  rows_per_second AS rows_per_second_5m,
  seconds_since_received,
  if(last_ts IS NULL, NULL, greatest(0, dateDiff('millisecond', least(last_ts, last_received_at), now64(3, 'UTC')) / 1000)) AS newest_event_seconds,
  lag_messages,
  lag_seconds,
  ifNull(dead_letters_5m, 0) AS dead_letters_5m,
  assigned_partitions,
  dateDiff('second', last_poll_time, now()) AS poll_seconds,
  missing_dependencies,
  last_exception,
  dateDiff('second', last_exception_time, now()) AS exception_seconds
FROM warehouse.v_pipeline
ORDER BY path`;

/** How far each path has stored each partition, the longest lag first. */
export const PARTITIONS = `SELECT
  if(path = 'engine', 'A', 'B') AS path,
  partition, lag_seconds, lag_messages,
  dateDiff('second', sampled_at, now64(3)) AS sample_seconds, topic
FROM warehouse.v_path_offsets
ORDER BY lag_seconds DESC, topic, partition, path
LIMIT 200`;

/** Events of all robots without duplicates, by event time, in the whole minutes of the chosen time. */
export const STORED_OVER_TIME = `SELECT $__timeInterval(minute) AS time, sum(events) / (60 * uniqExact(minute)) AS events
FROM warehouse.v_throughput
WHERE $__timeFilter(minute) AND ${IS_WHOLE_MINUTE}
GROUP BY time
ORDER BY time`;

/** Invalid events over the chosen time, one series a reason. */
export const REJECTED_OVER_TIME = `SELECT $__timeInterval(received_at) AS time, reason, count() AS events
FROM warehouse.v_dead_letters
WHERE $__timeFilter(received_at)
GROUP BY time, reason
ORDER BY time`;

/** All dead letters that are kept, by reason. */
export const REASONS = `SELECT
  reason, dead_letters - repaired AS open, repaired, last_hour, last_received_at
FROM warehouse.v_dead_letter_reasons
ORDER BY open DESC, reason
LIMIT 100`;

/** ClickHouse's own state: parts, merges, refreshes, disks. The worst first; `runbook` is the last part of an address. */
export const CHECKS = `SELECT
  status, check, problem, remedy, subject, value, threshold, unit,
  transform(check, ['path_lag', 'dead_letters'], ['consumer-lag', 'invalid-events'], 'storage') AS runbook
FROM warehouse.v_health
ORDER BY indexOf(['critical', 'warning', 'ok'], status), check, subject`;

export const ROLL_UPS = `SELECT
  roll_up, dateDiff('second', newest_minute, now()) AS newest_seconds, left_minutes, late_minutes
FROM warehouse.v_roll_ups
ORDER BY roll_up`;
