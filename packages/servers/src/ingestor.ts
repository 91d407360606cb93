import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startChild, waitUntilReady, type ServerProcess } from './child.ts';
import { PartUnavailableError } from './part-error.ts';
import { REPOSITORY_DIR } from './paths.ts';
import { claimPort, LOOPBACK } from './ports.ts';

const PART = 'Ingestor';
const MAIN = join(REPOSITORY_DIR, 'ingestor/src/main.ts');

/** As its image starts it (ingestor/Dockerfile); all of it bounds memory, and the reasons stand there. */
export const INGESTOR_NODE = {
  flags: ['--disable-warning=TimeoutNegativeWarning', '--max-semi-space-size=4', '--heap-growing-percent=200'],
  env: { NODE_COMPILE_CACHE: join(REPOSITORY_DIR, '.floorwatch/compiled'), MALLOC_ARENA_MAX: '2' },
};

export interface IngestorOptions {
  /** Its configuration, see `ingestor config`. HTTP_HOST and HTTP_PORT are set here. */
  env: Readonly<Record<string, string>>;
  /** A free one by default. */
  httpPort?: number | undefined;
  logFile: string;
  /** Starts it again whenever its source changes. */
  watch?: boolean;
}

export interface Ingestor extends ServerProcess {
  /** Serves /metrics, /healthz and /readyz. */
  readonly url: string;
  readonly httpPort: number;
}

/**
 * Starts `ingestor run`. Settles when it is ready: its partitions assigned, ClickHouse reached.
 * @throws PartUnavailableError
 */
export async function startIngestor(options: IngestorOptions): Promise<Ingestor> {
  const httpPort = await claimPort(PART, options.httpPort, 'INGESTOR_PORT');
  const child = await startChild({
    part: PART,
    command: process.execPath,
    args: [...INGESTOR_NODE.flags, ...(options.watch ? ['--watch'] : []), MAIN, 'run'],
    env: { ...INGESTOR_NODE.env, ...options.env, HTTP_HOST: LOOPBACK, HTTP_PORT: String(httpPort) },
    logFile: options.logFile,
    missingRemedy: 'Run npm ci again.',
  });
  const url = `http://${LOOPBACK}:${httpPort}`;
  await waitUntilReady(PART, child, async () => (await fetch(`${url}/readyz`)).ok);
  return { ...child, url, httpPort };
}

/**
 * Runs one of the ingestor's other commands to its end, its output appended to the log file.
 * @returns what it wrote to standard output
 * @throws PartUnavailableError when it fails, with its last line
 */
export async function runIngestorCommand(
  part: string,
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
      reject(new PartUnavailableError(part, `failed: ${lastLine.slice(0, 300)}`, `Read ${options.logFile}.`));
    });
  });
}
