import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Invariant: no child and no temporary folder outlives this process, even if this process is killed by SIGKILL. A reaper in its own
 * session holds the reading end of a pipe, and the kernel closes the other end when this process ends. The reaper exits with the
 * last entry of its list.
 */
let reaper: ChildProcess | undefined;
const groupIds = new Set<number>();
const folders = new Set<string>();

/** The reaper kills the process group when this process ends, for whatever reason. */
export function guard(groupId: number): void {
  groupIds.add(groupId);
  tell(`+${groupId}`);
}

/** The group has exited. The system can now reuse its id for another group. */
export function unguard(groupId: number): void {
  groupIds.delete(groupId);
  tell(`-${groupId}`);
  endWithoutEntries();
}

/**
 * Creates a folder for data of servers, which are gigabytes. The reaper removes it when this process ends, for whatever reason.
 * @param name of the folder, before a random ending
 * @param parent by default, the system's folder for temporary files
 * @returns its path
 */
export function temporaryFolder(name: string, parent = tmpdir()): string {
  const path = mkdtempSync(join(parent, `${name}-`));
  folders.add(path);
  tell(`+${path}`);
  return path;
}

/** The temporary folder stays, so that a failure can be examined. */
export function keepFolder(path: string): void {
  folders.delete(path);
  tell(`-${path}`);
  endWithoutEntries();
}

function tell(line: string): void {
  reaper ??= startReaper();
  reaper.stdin?.write(`${line}\n`);
}

function endWithoutEntries(): void {
  if (groupIds.size + folders.size > 0) return;
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
