import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';

const MAIN = join(REPOSITORY_DIR, 'ingestor/src/main.ts');
const TIMEOUT_MS = 20_000;
/** Prints the largest memory of the process when it exits. */
const REPORT_PEAK = `data:text/javascript,process.on('exit',()=>console.error('peak '+process.resourceUsage().maxRSS+' kB'))`;

export interface CommandResult {
  /** Null if it did not end within 20 s. */
  exitCode: number | null;
  output: string;
  peakMegabytes: number;
}

/** Runs a command of the ingestor with an empty environment apart from the given one. */
export async function runIngestor(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {}
): Promise<CommandResult> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--disable-warning=TimeoutNegativeWarning', '--import', REPORT_PEAK, MAIN, ...args],
      { env: { PATH, ...env }, timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 64 << 20 },
      (_, stdout, stderr) => {
        const peak = /^peak (\d+) kB$/m.exec(stderr)?.[1];
        resolve({ exitCode: child.exitCode, output: stdout + stderr, peakMegabytes: Number(peak ?? NaN) / 1024 });
      }
    );
  });
}

/** `rejected: …` with the first match of the pattern, or what happened instead. */
export function outcome(
  { exitCode, output, peakMegabytes }: CommandResult,
  rejection: RegExp,
  mostMegabytes = 400
): string {
  if (exitCode === null) return 'did not end within 20 s';
  if (peakMegabytes > mostMegabytes) return `used ${Math.round(peakMegabytes)} MB of memory`;
  if (exitCode === 0) return 'accepted';
  if (/^\s+at .*:\d+:\d+\)?$/m.test(output)) return 'crashed with a stack trace';
  return rejection.test(output) ? 'rejected' : `failed with: ${output.slice(0, 200)}`;
}
