import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Set in the environment of every process that one run starts. Child processes inherit it. */
export const RUN_VARIABLE = 'FLOORWATCH_RUN';

/** How long a process that was told to stop can remain in the process table. */
const GRACE_MS = 5_000;

/** Ids and command lines of the processes of the run, except this one, that still exist after a grace period. */
export async function findLeftovers(runId: string, dir: string): Promise<string[]> {
  const deadlineMs = Date.now() + GRACE_MS;
  let leftovers = processesOf(runId, dir);
  while (leftovers.length > 0 && Date.now() < deadlineMs) {
    await sleep(100);
    leftovers = processesOf(runId, dir);
  }
  return leftovers;
}

/** Processes with the run's variable in their environment, and processes whose working directory is in its folder. */
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

/** Empty when the process has exited since, or belongs to another user. */
function readProcess(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
