/** Type of the `source` columns: which path wrote a row. */
export const SOURCE_TYPE = "Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4)";
/** The enum's number for rows of this service. */
export const SOURCE_INGESTOR = 1;
