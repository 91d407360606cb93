/** How far each consumer group is behind Kafka: the figure that the alert rule reads. */
export const BEHIND_KAFKA = 'max by (group) (floorwatch_consumer_lag_seconds)';

/** What only the ingestor's metrics know of it. Without an insert in five minutes, a duration is NaN. */
export const INGESTOR_METRICS = {
  event_age_p50: 'histogram_quantile(0.5, sum by (le) (rate(floorwatch_event_age_seconds_bucket[5m])))',
  event_age_p95: 'histogram_quantile(0.95, sum by (le) (rate(floorwatch_event_age_seconds_bucket[5m])))',
  insert_p50: 'histogram_quantile(0.5, sum by (le) (rate(floorwatch_insert_seconds_bucket[5m])))',
  insert_p95: 'histogram_quantile(0.95, sum by (le) (rate(floorwatch_insert_seconds_bucket[5m])))',
  failed_inserts: 'sum(increase(floorwatch_insert_failures_total[5m]))',
  failing: 'max by (reason, code) (floorwatch_inserts_failing) > 0',
} as const;

export const LAG_SECONDS_BY_PARTITION = 'max by (group, topic, partition) (floorwatch_consumer_lag_seconds)';
export const LAG_MESSAGES_BY_PARTITION = 'max by (group, topic, partition) (floorwatch_consumer_lag_messages)';

/** 1 while Prometheus gets the metrics of an ingestor; no sample where it does not know any. */
export const INGESTOR_UP = 'max(up{job="floorwatch-ingestor"})';
