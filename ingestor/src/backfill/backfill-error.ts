/** A backfill that must not go on, in words for the person who started it. */
export class BackfillError extends Error {
  override name = 'BackfillError';
}
