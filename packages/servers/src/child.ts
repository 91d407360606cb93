import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard, unguard } from './guard.ts';
import { ComponentUnavailableError } from './errors.ts';

export interface ChildOptions {
  /** Name of the component as the user sees it. */
  component: string;
  command: string;
  args: readonly string[];
  /** Added to the environment of this process. */
  env?: Readonly<Record<string, string>>;
  workingDir?: string;
  /** Standard output and standard error are appended to this file. */
  logFile: string;
  /** What to do when the command is not installed. */
  missingRemedy: string;
}

/** A server that runs as a child of this process, in its own process group. */
export interface ServerProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the process has exited: its exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>;
  hasExited(): boolean;
  /** Sends the signal to the whole process group and does not wait. Does nothing after the process has exited. */
  kill(signal: NodeJS.Signals): void;
  /** Sends SIGTERM, and SIGKILL after the grace period. Settles when the process has exited. */
  stop(graceMs?: number): Promise<void>;
}

const living = new Set<ServerProcess>();

/** Stops every child of this process that is running or starting. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...living].map((child) => child.stop()));
}

/** @throws ComponentUnavailableError when the command is not installed */
export async function startChild(options: ChildOptions): Promise<ServerProcess> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  // In its own process group: Ctrl-C in the terminal reaches only this process, which then stops the components in order.
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
    throw new ComponentUnavailableError(
      options.component,
      `${options.command} cannot be started`,
      options.missingRemedy
    );
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
 * Waits until the probe returns true. A probe that throws counts as not ready.
 * @throws ComponentUnavailableError when the process exits first, or after the timeout (the process is then killed)
 */
export async function waitUntilReady(
  component: string,
  child: ServerProcess,
  probe: () => Promise<boolean>,
  timeoutMs = 120_000
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (Date.now() < deadlineMs) {
    if (child.hasExited()) {
      throw new ComponentUnavailableError(
        component,
        `exited during startup: ${lastLogLine(child.logFile)}`,
        `Read ${child.logFile}.`
      );
    }
    if (await probe().catch(() => false)) return;
    await sleep(100);
  }
  await child.stop(0);
  throw new ComponentUnavailableError(component, `not ready after ${timeoutMs / 1000} s`, `Read ${child.logFile}.`);
}

/** Kills what is left of the group, for example Grafana's plugin processes after Grafana was killed. */
function killRest(groupId: number): void {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch {
    // The usual case: the group has no other process.
  }
}

function lastLogLine(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
}
