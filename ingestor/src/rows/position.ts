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
