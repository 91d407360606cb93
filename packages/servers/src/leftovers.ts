import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Set in the environment of everything that one run starts; every descendant inherits it. */
export const RUN_VARIABLE = 'FLOORWATCH_RUN';

/** A process that has been told to end may take this long until the kernel has forgotten it. */
const GRACE_MS = 5_000;

/** Ids and command lines of the processes of that run, other than this one, that are still there after a short grace. */
export async function findLeftovers(runId: string, dir: string): Promise<string[]> {
  const deadlineMs = Date.now() + GRACE_MS;
  let leftovers = processesOf(runId, dir);
  while (leftovers.length > 0 && Date.now() < deadlineMs) {
    await sleep(100);
    leftovers = processesOf(runId, dir);
  }
  return leftovers;
}

/** Those that carry the run's mark, and those that work in its folder, whatever their environment. */
function processesOf(runId: string, dir: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && entry !== String(process.pid))
    .filter((pid) => {
      const mark = `${RUN_VARIABLE}=${runId}`;
      return (
        readProcess(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
          .split('\0')
          .includes(mark) || readProcess(() => readlinkSync(`/proc/${pid}/cwd`)).startsWith(dir)
      );
    })
    .map((pid) => `${pid} ${readProcess(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')}`);
}

/** Empty when the process has ended in between, or belongs to another user. */
function readProcess(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
