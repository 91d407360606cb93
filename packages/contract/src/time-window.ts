/** An event this far ahead of the ingesting clock is invalid. */
export const MAX_AHEAD_MS = 24 * 3_600_000;
/** An event older than the raw retention is invalid: its row would be deleted as soon as it was written. */
export const RAW_RETENTION_MS = 90 * 24 * 3_600_000;
