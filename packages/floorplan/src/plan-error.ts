/** A floor plan that cannot be read: the message names the file, and the key where there is one, in one sentence. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly file: string;

  constructor(file: string, problem: string) {
    // "hall.yaml: resolution is missing", but "cut.pgm is cut short": either way one sentence.
    super(problem.startsWith('is ') ? `${file} ${problem}` : `${file}: ${problem}`);
    this.file = file;
  }
}
