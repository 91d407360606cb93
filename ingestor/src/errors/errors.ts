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

/** A migration that must not go on. The message says what was found, `remedy` what the operator can do about it. */
export class MigrationError extends Error {
  readonly remedy: string;

  constructor(found: string, remedy: string, options?: ErrorOptions) {
    super(`${found} ${remedy}`, options);
    this.name = 'MigrationError';
    this.remedy = remedy;
  }
}
