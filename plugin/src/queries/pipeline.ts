/** How each ingestion path does, one row a path. */
export const PIPELINE = `SELECT
  if(path = 'engine', 'A: Kafka engine', 'B: ingestor') AS "Path",
  round(rows_per_second_1m, 1) AS "Rows/s",
  seconds_since_received AS "Last row",
  lag_messages AS "Lag",
  dead_letters_5m AS "Refused",
  last_exception AS "Exception"
FROM warehouse.v_pipeline
ORDER BY path`;

/** Refused messages in the chosen time, by the rule they broke. */
export const DEAD_LETTERS_BY_REASON = `SELECT
  reason AS "Reason",
  count() AS "Messages",
  dateDiff('second', max(received_at), now64()) AS "Last",
  any(if(detail = '', sample, detail)) AS "For example"
FROM warehouse.v_dead_letters
WHERE $__timeFilter(received_at)
GROUP BY reason
ORDER BY count() DESC
LIMIT 50`;
