import { readFileSync } from 'node:fs';

/** Linux reports CPU time in hundredths of a second, independent of the kernel's tick (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** CPU seconds (user and system, all threads) that a process has used so far. */
export function cpuSeconds(pid: number): number {
  return parseStat(readStat(pid)).cpuSeconds;
}

/** @throws when the process has ended */
export function readStat(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'latin1');
}

/** @param stat of /proc/PID/stat: the name in parentheses may have spaces and parentheses itself */
export function parseStat(stat: string): { parent: number; cpuSeconds: number } {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = NaN] = fields;
  const [userTicks = NaN, systemTicks = NaN] = fields.slice(11, 13);
  return { parent, cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND };
}

/** Peak resident memory of a process, in megabytes. */
export function peakRssMegabytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kilobytes) / 1024;
}
