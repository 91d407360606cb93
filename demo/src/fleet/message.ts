/** A Kafka message of a simulated or recorded fleet, with what the pipeline must make of it. */
export interface FleetMessage {
  /** When to publish it: milliseconds after the start of the stream, at speed 1. */
  offsetMs: number;
  /** The robot's id where one could be read, so that a robot keeps its partition and its order. */
  key: string | null;
  /** Null is a tombstone. */
  value: Buffer | null;
  /** The events in it that keep the contract. */
  events: readonly EventIdentity[];
  /** How many dead letters it must become. */
  malformed: number;
}

export interface EventIdentity {
  /** Null: the pipeline derives one from the message's place in Kafka, so it can have no duplicate. */
  eventId: string | null;
  robotId: string;
}
