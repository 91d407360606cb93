/** A replay that cannot be done as it was asked for; the message names the flag or the file, and says what would do. */
export class ReplayError extends Error {
  override name = 'ReplayError';
}
