/** A floor plan is invalid. The message names the file and, if there is one, the key. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly file: string;

  constructor(file: string, problem: string) {
    // "hall.yaml: resolution is missing", but "cut.pgm is cut short": both are sentences.
    super(problem.startsWith('is ') ? `${file} ${problem}` : `${file}: ${problem}`);
    this.file = file;
  }
}
