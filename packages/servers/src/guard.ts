import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/**
 * Invariant: no child outlives this process, even if this process is killed by SIGKILL. A reaper in its own session holds
 * the reading end of a pipe, and the kernel closes the other end when this process ends. The reaper exits with the last
 * group on its list.
 */
let reaper: ChildProcess | undefined;
const groupIds = new Set<number>();

/** The reaper kills the process group when this process ends, for whatever reason. */
export function guard(groupId: number): void {
  groupIds.add(groupId);
  reaper ??= startReaper();
  reaper.stdin?.write(`+${groupId}\n`);
}

/** The group has exited. The system can now reuse its id for another group. */
export function unguard(groupId: number): void {
  groupIds.delete(groupId);
  reaper?.stdin?.write(`-${groupId}\n`);
  if (groupIds.size > 0) return;
  reaper?.stdin?.end();
  reaper = undefined;
}

function startReaper(): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
