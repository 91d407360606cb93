import { readdirSync } from 'node:fs';
import { cpuSeconds, parseStat, peakRssMegabytes, readStat } from '../process-usage.ts';

/** CPU seconds and peak memory of a process and everything that it starts. Sample it often: what ended between two samples is lost. */
export class ProcessTree {
  readonly #root: number;
  readonly #cpu = new Map<number, number>();
  readonly #rss = new Map<number, number>();

  constructor(root: number) {
    this.#root = root;
  }

  sample(): void {
    for (const pid of this.#pids()) {
      try {
        this.#cpu.set(pid, cpuSeconds(pid));
        // A process that is exiting has freed its memory and reports no peak.
        this.#rss.set(pid, peakRssMegabytes(pid) || (this.#rss.get(pid) ?? 0));
      } catch {
        // It has exited. Keep the last values.
      }
    }
  }

  get cpuSeconds(): number {
    return sum(this.#cpu);
  }

  get rssMegabytesPeak(): number {
    return sum(this.#rss);
  }

  #pids(): number[] {
    const children = new Map<number, number[]>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const parent = parentOf(Number(name));
      if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
    const found = [this.#root];
    for (const pid of found) found.push(...(children.get(pid) ?? []));
    return found;
  }
}

function parentOf(pid: number): number | null {
  try {
    return parseStat(readStat(pid)).parent;
  } catch {
    return null;
  }
}

function sum(values: ReadonlyMap<number, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0);
}
