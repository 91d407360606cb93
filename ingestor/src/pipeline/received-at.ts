/** Clocks synchronised with NTP differ by less. */
export const CLOCK_TOLERANCE_MS = 1_000;

/**
 * `received_at` of a message: when it arrived at the ingestor. It is never before the message was produced. So if the Kafka
 * timestamp is slightly later, within the usual clock difference, `received_at` is the Kafka timestamp.
 *
 * The Kafka timestamp is the producer's clock, unless the topic has LogAppendTime. A timestamp that is further ahead comes from
 * a wrong clock (for example by an hour, with a wrong time zone) and is ignored. Otherwise the robot's last arrival would be in
 * the future, and its silence would be noticed an hour late.
 */
export function receivedAtMs(arrivedAtMs: number, kafkaTimestampMs: number): number {
  const aheadMs = kafkaTimestampMs - arrivedAtMs;
  return aheadMs > 0 && aheadMs <= CLOCK_TOLERANCE_MS ? kafkaTimestampMs : arrivedAtMs;
}
