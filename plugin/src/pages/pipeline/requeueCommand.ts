/** A dead letter's place in Kafka; `part` counts the events of one message. */
export interface DeadLetterPlace {
  topic: string;
  partition: number;
  offset: number;
  part: number;
}

/** As the command line reads it. */
export function placeOf({ topic, partition, offset, part }: DeadLetterPlace): string {
  return `${topic}/${partition}/${offset}/${part}`;
}

/** The names that Kafka allows for a topic. A command with any other text could do something else in a shell. */
const TOPIC = /^[\w.-]{1,249}$/;
const REASON = /^\w+$/;

/** Stores one dead letter; null for a place that no command can safely name. */
export function requeueOne(place: DeadLetterPlace): string | null {
  return TOPIC.test(place.topic) ? `ingestor dead-letters requeue ${placeOf(place)}` : null;
}

/** Stores all dead letters of a reason that arrived since then; null for a reason that is none. */
export function requeueReason(reason: string, sinceMs: number): string | null {
  const since = new Date(sinceMs).toISOString();
  return REASON.test(reason) ? `ingestor dead-letters requeue --reason ${reason} --since ${since}` : null;
}
