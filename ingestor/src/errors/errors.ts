/** The subject of the failure. */
export type CommandErrorCode =
  | 'access'
  | 'backfill'
  | 'backup'
  | 'dead_letters'
  | 'erase'
  | 'export'
  | 'file'
  | 'provisioning'
  | 'replay'
  | 'robots'
  | 'skip';

/** A command cannot continue. The message is for the user and says what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly code: CommandErrorCode;

  constructor(code: CommandErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A migration cannot continue. `found` says what is wrong, `remedy` what the operator can do. */
export class MigrationError extends Error {
  readonly remedy: string;

  constructor(found: string, remedy: string, options?: ErrorOptions) {
    super(`${found} ${remedy}`, options);
    this.name = 'MigrationError';
    this.remedy = remedy;
  }
}
