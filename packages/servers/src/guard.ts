import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/**
 * Nothing outlives the process that started it, not even when that process dies by SIGKILL: a reaper in a session of its
 * own holds the reading end of a pipe, and the kernel closes the pipe's other end together with this process.
 * The reaper itself ends with the last group on its list.
 */
let reaper: ChildProcess | undefined;
const groupIds = new Set<number>();

/** Has the process group killed when this process ends, however it ends. */
export function guard(groupId: number): void {
  groupIds.add(groupId);
  reaper ??= startReaper();
  reaper.stdin?.write(`+${groupId}\n`);
}

/** The group has ended on its own; its id may soon belong to somebody else. */
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
