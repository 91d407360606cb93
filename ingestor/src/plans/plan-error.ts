/** A floor plan that cannot be read: the message names the file, and the key where there is one, in one sentence. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.file = file;
  }
}
