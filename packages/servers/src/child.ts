import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard, unguard } from './guard.ts';
import { PartUnavailableError } from './part-error.ts';

export interface ChildOptions {
  /** Name of the part as the user sees it. */
  part: string;
  command: string;
  args: readonly string[];
  /** Added to this process's environment. */
  env?: Readonly<Record<string, string>>;
  workingDir?: string;
  /** Standard output and standard error are appended here. */
  logFile: string;
  /** What to do when the command is not installed. */
  missingRemedy: string;
}

/** A server that runs as a child of this process, in a process group of its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the process has ended: its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  hasExited(): boolean;
  /** Sends the signal to the whole process group and does not wait. No effect once the process has ended. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL when that has not ended it within the grace. Settles when the process has ended. */
  stop(graceMs?: number): Promise<void>;
}

const living = new Set<ServerProcess>();

/** Stops every child of this process that is still running, also those that are only starting. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...living].map((child) => child.stop()));
}

/** @throws PartUnavailableError when the command is not installed */
export async function startChild(options: ChildOptions): Promise<ServerProcess> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  // A group of its own: Ctrl-C in the terminal reaches this process alone, which then stops the parts in their order.
  const child = spawn(options.command, options.args, {
    cwd: options.workingDir,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const spawned = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => {
      resolve(true);
    });
    child.once('error', () => {
      resolve(false);
    });
  });
  const { pid } = child;
  if (!spawned || pid === undefined) {
    throw new PartUnavailableError(options.part, `${options.command} cannot be started`, options.missingRemedy);
  }
  guard(pid);
  let ended = false;
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      ended = true;
      killRest(pid);
      living.delete(server);
      unguard(pid);
      resolve(code);
    });
  });

  const kill = (signal: NodeJS.Signals): void => {
    if (!ended) process.kill(-pid, signal);
  };
  const stop = async (graceMs = 10_000): Promise<void> => {
    kill('SIGTERM');
    const timer = setTimeout(() => {
      kill('SIGKILL');
    }, graceMs);
    await exited;
    clearTimeout(timer);
  };
  const server: ServerProcess = { pid, logFile: options.logFile, exited, hasExited: () => ended, kill, stop };
  living.add(server);
  return server;
}

/**
 * Waits until the probe returns true; a probe that throws counts as "not yet".
 * @throws PartUnavailableError when the process ends before that, or the time is up (the process is then killed)
 */
export async function waitUntilReady(
  part: string,
  child: ServerProcess,
  probe: () => Promise<boolean>,
  timeoutMs = 120_000
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (Date.now() < deadlineMs) {
    if (child.hasExited()) {
      throw new PartUnavailableError(
        part,
        `ended while starting: ${lastLogLine(child.logFile)}`,
        `Read ${child.logFile}.`
      );
    }
    if (await probe().catch(() => false)) return;
    await sleep(100);
  }
  await child.stop(0);
  throw new PartUnavailableError(part, `not ready after ${timeoutMs / 1000} s`, `Read ${child.logFile}.`);
}

/** Grafana's plugins, say, when Grafana itself was killed. */
function killRest(groupId: number): void {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch {
    // The usual case: the leader was the last of its group.
  }
}

function lastLogLine(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
}
