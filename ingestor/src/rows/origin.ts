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

/** Type of the `source` columns: which path wrote a row. */
export const SOURCE_TYPE = "Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5)";
/** The enum's number for rows of this service. */
export const SOURCE_INGESTOR = 1;
/** Rows that `ingestor dead-letters requeue` put back. */
export const SOURCE_REPAIR = 3;
/** Rows of `ingestor backfill`. */
export const SOURCE_BACKFILL = 4;
/** Rows of `ingestor replay`. */
export const SOURCE_REPLAY = 5;
