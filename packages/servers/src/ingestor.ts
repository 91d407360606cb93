import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { ComponentUnavailableError } from './errors.ts';
import { REPOSITORY_DIR } from './paths.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const COMPONENT = 'Ingestor';
const MAIN = join(REPOSITORY_DIR, 'ingestor/src/main.ts');

/** The same as in ingestor/Dockerfile, which gives the reasons. All of them limit memory. */
export const INGESTOR_NODE = {
  flags: ['--disable-warning=TimeoutNegativeWarning', '--max-semi-space-size=4', '--heap-growing-percent=200'],
  env: { NODE_COMPILE_CACHE: join(REPOSITORY_DIR, '.floorwatch/compiled'), MALLOC_ARENA_MAX: '2' },
};

export interface IngestorOptions {
  /** The configuration, see `ingestor config`. HTTP_HOST and HTTP_PORT are set here. */
  env: Readonly<Record<string, string>>;
  /** Default: a free port. */
  httpPort?: number | undefined;
  logFile: string;
  /** Restarts the ingestor when its source changes. */
  watch?: boolean;
}

export interface Ingestor extends ServerProcess {
  /** Serves /metrics, /healthz and /readyz. */
  readonly url: string;
  readonly httpPort: number;
}

/**
 * Starts `ingestor run`. Settles when it is ready: partitions are assigned and ClickHouse responds.
 * @throws ComponentUnavailableError
 */
export async function startIngestor(options: IngestorOptions): Promise<Ingestor> {
  const httpPort = await claimPort(COMPONENT, options.httpPort, 'INGESTOR_PORT');
  const child = await startChild({
    component: COMPONENT,
    command: process.execPath,
    args: [...INGESTOR_NODE.flags, ...(options.watch ? ['--watch'] : []), MAIN, 'run'],
    env: { ...INGESTOR_NODE.env, ...options.env, HTTP_HOST: LOOPBACK, HTTP_PORT: String(httpPort) },
    logFile: options.logFile,
    missingRemedy: 'Run npm ci again.',
  });
  const url = `http://${LOOPBACK}:${httpPort}`;
  await waitUntilReady(COMPONENT, child, async () => (await fetch(`${url}/readyz`)).ok);
  return { ...child, url, httpPort };
}

/**
 * Runs another command of the ingestor until it exits, and appends its output to the log file.
 * @returns what it wrote to standard output
 * @throws ComponentUnavailableError with the last line of output when the command fails
 */
export async function runIngestorCommand(
  component: string,
  args: readonly string[],
  options: { env: Readonly<Record<string, string>>; logFile: string }
): Promise<string> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...INGESTOR_NODE.env, ...options.env };
    execFile(process.execPath, [...INGESTOR_NODE.flags, MAIN, ...args], { env }, (error, stdout, stderr) => {
      appendFileSync(options.logFile, stdout + stderr);
      if (!error) {
        resolve(stdout);
        return;
      }
      const lastLine = (stderr || stdout).trimEnd().split('\n').at(-1) ?? '';
      reject(new ComponentUnavailableError(component, `failed: ${lastLine.slice(0, 300)}`, `Read ${options.logFile}.`));
    });
  });
}
