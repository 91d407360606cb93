/** How far each consumer group is behind Kafka: the figure that the alert rule reads. */
export const BEHIND_KAFKA = 'max by (group) (floorwatch_consumer_lag_seconds)';
