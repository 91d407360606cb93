import type { Suite } from './suites.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface JestLikeReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: TestFile[];
}

interface TestFile {
  name: string;
  message: string;
  /** Of the file: it fails also when it cannot be loaded or set up. */
  status?: string;
  assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

/** The counts in the JSON report of a test runner. */
export function countsFromReport(kind: Suite['report'], report: unknown): Counts {
  if (kind === 'playwright') {
    const { stats } = report as PlaywrightReport;
    // Playwright lists what passed only at the second attempt as flaky, with what failed before.
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
  }
  const r = report as JestLikeReport;
  return { passed: r.numPassedTests, failed: r.numFailedTests, skipped: r.numPendingTests + r.numTodoTests };
}

/** The files of a Jest-like report in which a test or the set-up failed. */
export function failedFiles(report: unknown): string[] {
  return ((report as JestLikeReport | null)?.testResults ?? []).filter(hasFailed).map(({ name }) => name);
}

function hasFailed({ status, assertionResults }: TestFile): boolean {
  return status === 'failed' || assertionResults.some((test) => test.status === 'failed');
}

/** The report of a suite after some of its files ran again: these have the results of their second run. */
export function withSecondRun(first: unknown, second: unknown): unknown {
  const again = new Map((second as JestLikeReport).testResults.map((file) => [file.name, file]));
  const testResults = (first as JestLikeReport).testResults.map((file) => again.get(file.name) ?? file);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (...statuses: string[]): number => tests.filter(({ status }) => statuses.includes(status)).length;
  return {
    testResults,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending', 'skipped', 'disabled'),
    numTodoTests: count('todo'),
  } satisfies JestLikeReport;
}

/** Of a failure's message, which may hold a whole report. */
const MESSAGE_LINES = 40;

/**
 * The failed tests of a Jest-like report: the file and the name, then what failed. They are printed at the end of the log, because
 * CI keeps only the end.
 * @returns nothing for Playwright, which prints such a list itself
 */
export function failedTests(kind: Suite['report'], report: unknown): string[] {
  if ((kind !== 'jest' && kind !== 'vitest') || report === null) return [];
  return (report as JestLikeReport).testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length > 0) {
      return failed.map(({ fullName, failureMessages = [] }) =>
        [`${name}: ${fullName}`, ...indented(failureMessages.join('\n'))].join('\n')
      );
    }
    return assertionResults.length === 0 && message !== '' ? [`${name}: ${message}`] : [];
  });
}

function indented(message: string): string[] {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const left = lines.length - MESSAGE_LINES;
  return [...lines.slice(0, MESSAGE_LINES), ...(left > 0 ? [`… ${left} more lines`] : [])].map((line) => `  ${line}`);
}

/**
 * The counts of a finished suite. A suite that exits non-zero without a failed test (a crash, an unhandled error, no
 * report) counts as one failure, because it must never look like a success.
 * @param report the parsed JSON report, or null if there is none
 */
export function countSuite(kind: Suite['report'], exitCode: number, report: unknown): Counts {
  if (kind === 'exit-code') return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const counts = countsFromReport(kind, report);
  const failedSilently = exitCode !== 0 && counts.failed === 0;
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  return failedSilently || ranNothing ? { ...counts, failed: counts.failed + 1 } : counts;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}
