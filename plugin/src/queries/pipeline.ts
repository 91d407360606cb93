/**
 * How each ingestion path does, one row a path. A path that does not run has no figures: 0 would say that all is well.
 * ClickHouse knows what its own Kafka engine has not read yet; of the ingestor only its metrics do.
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
ORDER BY path`;

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
