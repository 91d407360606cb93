/** What could not be done. */
export type CommandErrorCode = 'backfill' | 'dead_letters' | 'file' | 'replay';

/** A command that must not go on, in words for the person who started it: the message says what would do. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly code: CommandErrorCode;

  constructor(code: CommandErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
