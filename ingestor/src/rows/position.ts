/** Where an event stands in Kafka, and when it arrived. */
export interface Position {
  topic: string;
  partition: number;
  offset: number;
  /** Index of the event within its message. */
  part: number;
  /** `received_at` of its row, milliseconds since the epoch. */
  receivedAtMs: number;
}

/** Stands for a topic where events come from a file: the same content is the same topic, whatever its name. */
export function fileTopic(digest: string): string {
  return `file:${digest.slice(0, 16)}`;
}
