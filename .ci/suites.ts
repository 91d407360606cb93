/** The suites of `npm test`, in order: fast checks first, so that a typing error fails early. */
export interface Suite {
  name: string;
  command: readonly [string, ...string[]];
  /** Source of the counts: a JSON report, or the exit code (one check, passed or failed). */
  report: 'vitest' | 'jest' | 'playwright' | 'exit-code';
  timeoutMinutes: number;
  /**
   * Whether the files with failed tests run a second time. They start real servers and race with the load of the machine. What passes only
   * then counts as passed, and is listed with what failed before. What a first failure proves, such as a lost event, is not repeated.
   */
  isRepeated?: (file: string) => boolean;
}

const LOSSES = /\/(?:proofs\/test\/(?:chaos|exact)|ingestor\/test\/(?:killed-server|repeated-batches))[^/]*$/;

/** @param reportFile returns the file for the report of a suite */
export function suites(reportFile: (name: string) => string): readonly Suite[] {
  const vitest = (project: string): Suite['command'] => [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile(project)}`,
  ];
  return [
    { name: 'types', command: ['npm', 'run', '-s', 'typecheck'], report: 'exit-code', timeoutMinutes: 10 },
    { name: 'lint', command: ['npm', 'run', '-s', 'lint'], report: 'exit-code', timeoutMinutes: 10 },
    { name: 'format', command: ['npm', 'run', '-s', 'format'], report: 'exit-code', timeoutMinutes: 5 },
    { name: 'dead code', command: ['npm', 'run', '-s', 'dead'], report: 'exit-code', timeoutMinutes: 5 },
    { name: 'structure', command: ['npm', 'run', '-s', 'structure'], report: 'exit-code', timeoutMinutes: 5 },
    { name: 'unit', command: vitest('unit'), report: 'vitest', timeoutMinutes: 10 },
    {
      name: 'plugin',
      command: ['npm', 'run', '-s', 'test:ci', '-w', 'plugin', '--', '--json', `--outputFile=${reportFile('plugin')}`],
      report: 'jest',
      timeoutMinutes: 10,
    },
    { name: 'plugin build', command: ['npm', 'run', '-s', 'build'], report: 'exit-code', timeoutMinutes: 15 },
    {
      name: 'integration',
      command: vitest('integration'),
      report: 'vitest',
      timeoutMinutes: 55,
      isRepeated: (file) => !LOSSES.test(file),
    },
    { name: 'e2e', command: ['npm', 'run', '-s', 'e2e'], report: 'playwright', timeoutMinutes: 25 },
  ];
}
