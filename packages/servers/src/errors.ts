/** A part of the stack that cannot start, with what the user can do about it. It is printed as one line, without a stack trace. */
export class PartUnavailableError extends Error {
  override readonly name = 'PartUnavailableError';
  readonly part: string;
  /** An imperative sentence: what makes the part start next time. */
  readonly remedy: string;

  /** @param problem a clause; a message taken over from another program may bring its own full stop */
  constructor(part: string, problem: string, remedy: string) {
    super(`${part}: ${problem.replace(/[.\s]+$/, '')}. ${remedy}`);
    this.part = part;
    this.remedy = remedy;
  }
}
