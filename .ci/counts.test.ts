import { describe, expect, it } from 'vitest';
import { countSuite, failedFiles, failedTests, withSecondRun } from './counts.ts';

const vitestReport = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0 };

describe('countSuite', () => {
  it('uses the counts of the report when the exit code agrees', () => {
    expect(countSuite('vitest', 0, vitestReport)).toEqual({ passed: 5, failed: 0, skipped: 1 });
    const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 } };
    expect(countSuite('playwright', 1, report)).toEqual({ passed: 4, failed: 1, skipped: 2 });
  });

  it('adds a failure when a suite exits non-zero without a failed test', () => {
    expect(countSuite('vitest', 1, vitestReport).failed).toBe(1);
  });

  it('adds a failure when there is no report', () => {
    expect(countSuite('jest', 0, null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('adds a failure when a suite ran no test', () => {
    const empty = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    expect(countSuite('vitest', 0, empty).failed).toBe(1);
  });

  it('counts a command without a report as one check', () => {
    expect(countSuite('exit-code', 0, null)).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countSuite('exit-code', 2, null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('failedTests', () => {
  it('lists each failed test with its file, and each file that did not load', () => {
    const testResults = [
      {
        name: 'a.test.ts',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'adds' },
          { status: 'failed', fullName: 'divides', failureMessages: ['expected 1\nto be 2', 'x\n'.repeat(50)] },
        ],
      },
      { name: 'b.test.ts', message: 'Cannot find module', assertionResults: [] },
    ];
    const divides = [
      'a.test.ts: divides',
      '  expected 1',
      '  to be 2',
      ...Array<string>(38).fill('  x'),
      '  … 12 more lines',
    ];
    const expected = [divides.join('\n'), 'b.test.ts: Cannot find module'];
    expect(failedTests('vitest', { ...vitestReport, testResults })).toEqual(expected);
    expect(failedTests('vitest', null)).toEqual([]);
    expect(failedTests('exit-code', null)).toEqual([]);
  });
});

describe('withSecondRun', () => {
  const file = (name: string, ...statuses: string[]) => ({
    ...{ name, message: '', status: statuses.includes('failed') ? 'failed' : 'passed' },
    assertionResults: statuses.map((status, i) => ({ status, fullName: `${name} ${i}` })),
  });
  const first = { ...vitestReport, testResults: [file('a', 'passed', 'failed'), file('b', 'passed', 'skipped')] };

  it('takes the results of the files that ran again, and of no other', () => {
    expect(failedFiles(first)).toEqual(['a']);
    const passed = withSecondRun(first, { ...vitestReport, testResults: [file('a', 'passed', 'passed')] });
    expect(countSuite('vitest', 0, passed)).toEqual({ passed: 3, failed: 0, skipped: 1 });
    const failed = withSecondRun(first, { ...vitestReport, testResults: [file('a', 'failed', 'passed')] });
    expect(countSuite('vitest', 1, failed)).toEqual({ passed: 2, failed: 1, skipped: 1 });
    expect(failedTests('vitest', failed)[0]).toMatch(/^a: a 0/);
  });

  it('finds a file whose set-up failed, in which no test ran', () => {
    expect(failedFiles({ testResults: [{ ...file('a', 'skipped'), status: 'failed' }] })).toEqual(['a']);
    expect(failedFiles(null)).toEqual([]);
  });
});
