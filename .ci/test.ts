// `npm test`: runs every suite and ends with the line "N passed, N failed, N skipped".
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts, type Counts, countSuite, failedTests } from './counts.ts';
import { type Suite, suites } from './suites.ts';

const root = join(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'floorwatch-test-'));
const reportFile = (name: string): string => join(reports, `${name}.json`);

/** Runs one suite in its own process group, so that a timeout also kills its servers and browsers. */
function run(suite: Suite): Promise<number> {
  const [command, ...args] = suite.command;
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

let total: Counts = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
const failures: string[] = [];
for (const suite of suites(reportFile)) {
  console.log(`\n== ${suite.name}: ${suite.command.join(' ')}`);
  const startedAt = Date.now();
  const exitCode = await run(suite);
  const report = suite.report === 'exit-code' ? null : readReport(suite);
  const counts = countSuite(suite.report, exitCode, report);
  failures.push(...failedTests(suite.report, report));
  total = addCounts(total, counts);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  summary.push(
    `${suite.name.padEnd(14)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`
  );
}
rmSync(reports, { recursive: true, force: true });

if (failures.length > 0) console.log(`\nfailed:\n${failures.join('\n')}`);
console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
