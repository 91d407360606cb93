/** The place of an event in Kafka, and its arrival. */
export interface Position {
  topic: string;
  partition: number;
  offset: number;
  /** Index of the event within its message. */
  part: number;
  /** `received_at` of its row, milliseconds since the epoch. */
  receivedAtMs: number;
}

/** The topic name for events from a file. It depends only on the content, not on the file name. */
export function fileTopic(digest: string): string {
  return `file:${digest.slice(0, 16)}`;
}

/** Type of the `source` columns, which say who wrote a row. */
export const SOURCE_TYPE = "Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5)";
/** Rows of the live path. */
export const SOURCE_INGESTOR = 1;
/** Rows of `ingestor dead-letters requeue`. */
export const SOURCE_REPAIR = 3;
/** Rows of `ingestor backfill`. */
export const SOURCE_BACKFILL = 4;
/** Rows of `ingestor replay`. */
export const SOURCE_REPLAY = 5;
