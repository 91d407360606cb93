// `npm test`: runs every suite and ends with the line "N passed, N failed, N skipped".
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts, type Counts, countSuite, failedFiles, failedTests, withSecondRun } from './counts.ts';
import { type Suite, suites } from './suites.ts';

const root = join(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'floorwatch-test-'));
/** More failed files are a broken program, or a machine that is too busy for another attempt. */
const MOST_REPEATED = 5;
const reportFile = (name: string): string => join(reports, `${name}.json`);

/** Runs one suite in its own process group, so that a timeout also kills its servers and browsers. */
function run(suite: Suite, files: readonly string[] = []): Promise<number> {
  const [command, ...args] = [...suite.command, ...files];
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile('e2e') },
  });
  const stop = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  const timer = setTimeout(() => {
    console.error(`${suite.name}: killed after the timeout of ${suite.timeoutMinutes} minutes`);
    stop();
  }, suite.timeoutMinutes * 60_000);
  const interrupt = (): void => {
    stop();
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve(code ?? 1);
    });
  });
}

function readReport(suite: Suite): unknown {
  try {
    return JSON.parse(readFileSync(reportFile(suite.name), 'utf8'));
  } catch {
    return null;
  }
}

/** The exit code and the report of a suite; if it repeats failed files, those of the second run of these files. */
async function runAndRepeat(suite: Suite, failedFirst: string[]): Promise<{ exitCode: number; report: unknown }> {
  const exitCode = await run(suite);
  const report = suite.report === 'exit-code' ? null : readReport(suite);
  const { isRepeated = () => false } = suite;
  const files = failedFiles(report);
  if (files.length === 0 || files.length > MOST_REPEATED || !files.every(isRepeated)) return { exitCode, report };
  console.log(`\n== ${suite.name}, second run of ${files.length} files with failed tests`);
  rmSync(reportFile(suite.name), { force: true });
  const secondExitCode = await run(suite, files);
  const second = readReport(suite);
  if (second === null) return { exitCode, report };
  failedFirst.push(...failedTests(suite.report, report));
  return { exitCode: secondExitCode, report: withSecondRun(report, second) };
}

let total: Counts = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
const failures: string[] = [];
const failedFirst: string[] = [];
for (const suite of suites(reportFile)) {
  console.log(`\n== ${suite.name}: ${suite.command.join(' ')}`);
  const startedAt = Date.now();
  const { exitCode, report } = await runAndRepeat(suite, failedFirst);
  const counts = countSuite(suite.report, exitCode, report);
  failures.push(...failedTests(suite.report, report));
  total = addCounts(total, counts);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  summary.push(
    `${suite.name.padEnd(14)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`
  );
}
rmSync(reports, { recursive: true, force: true });

if (failedFirst.length > 0) console.log(`\nfailed in the first run of their file:\n${failedFirst.join('\n')}`);
if (failures.length > 0) console.log(`\nfailed:\n${failures.join('\n')}`);
console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
