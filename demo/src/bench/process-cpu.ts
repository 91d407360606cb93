import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: fixed at 100 on Linux. */
const TICKS_PER_SECOND = 100;

/** CPU time that a process has used so far, user and system, in seconds. Linux only. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may hold spaces; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
