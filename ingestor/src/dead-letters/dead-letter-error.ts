/** A dead letter that cannot be found or put back, in words for the person who asked. */
export class DeadLetterError extends Error {
  override name = 'DeadLetterError';
}
