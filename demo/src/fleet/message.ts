/** A Kafka message of a simulated or recorded fleet, with the result that the pipeline must produce. */
export interface FleetMessage {
  /** When to publish it: milliseconds after the start of the stream, at speed 1. */
  offsetMs: number;
  /** The robot id if it can be read, so that all events of a robot are in one partition, in order. */
  key: string | null;
  /** Null is a tombstone. */
  value: Buffer | null;
  /** The valid events in it. */
  events: readonly EventIdentity[];
  /** Number of dead letters that it must produce. */
  malformed: number;
}

export interface EventIdentity {
  /** Null: the pipeline derives the id from topic, partition and offset, so the event has no duplicates. */
  eventId: string | null;
  robotId: string;
}
