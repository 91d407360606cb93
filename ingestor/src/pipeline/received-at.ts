/** Clocks that NTP keeps differ by less. */
export const CLOCK_TOLERANCE_MS = 1_000;

/**
 * `received_at` of a message: when it arrived at the ingestor. Never before it was produced, so a Kafka timestamp that is
 * later by no more than clocks differ takes its place.
 *
 * Kafka's timestamp is the producer's clock, unless the topic has LogAppendTime. One that is further ahead is a wrong clock
 * (an hour, by a mistake of the time zone) and is ignored: a robot would otherwise seem to be seen in the future, and its
 * silence would show an hour late.
 */
export function receivedAtMs(arrivedAtMs: number, kafkaTimestampMs: number): number {
  const aheadMs = kafkaTimestampMs - arrivedAtMs;
  return aheadMs > 0 && aheadMs <= CLOCK_TOLERANCE_MS ? kafkaTimestampMs : arrivedAtMs;
}
