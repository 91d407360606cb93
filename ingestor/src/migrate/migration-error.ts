/** A migration that must not go on. The message says what was found, `remedy` what the operator can do about it. */
export class MigrationError extends Error {
  readonly remedy: string;

  constructor(found: string, remedy: string, options?: ErrorOptions) {
    super(`${found} ${remedy}`, options);
    this.name = 'MigrationError';
    this.remedy = remedy;
  }
}
