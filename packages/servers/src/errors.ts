/** Errors that the user can fix. Their message says what failed and what to do, so it is printed without a stack trace. */

/** A file or an option of the user is invalid. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** A component of the stack cannot start. */
export class ComponentUnavailableError extends Error {
  override readonly name = 'ComponentUnavailableError';
  readonly component: string;
  /** An imperative sentence: how to make the component start. */
  readonly remedy: string;

  /** @param problem a clause; a full stop at its end, as messages of other programs have, is removed */
  constructor(component: string, problem: string, remedy: string) {
    super(`${component}: ${problem.replace(/[.\s]+$/, '')}. ${remedy}`);
    this.component = component;
    this.remedy = remedy;
  }
}

/** Prints the error of a command and sets the exit code. Only unexpected errors are printed with their stack trace. */
export function reportFailure(error: unknown): void {
  const { name, message, stack } = error as Error;
  console.error(name === 'Error' || name.endsWith('TypeError') ? stack : message);
  process.exitCode = 1;
}
