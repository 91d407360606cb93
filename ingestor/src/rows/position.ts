/** Where an event stands in Kafka, and when it was read. */
export interface Position {
  topic: string;
  partition: number;
  offset: number;
  /** Index of the event within its message. */
  part: number;
  /** When its range was opened: the clock that judged it, and `received_at` of its row; milliseconds since the epoch. */
  receivedAtMs: number;
}

/** Stands for a topic where events come from a file: the same content is the same topic, whatever its name. */
export function fileTopic(digest: string): string {
  return `file:${digest.slice(0, 16)}`;
}
