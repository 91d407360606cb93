import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { parseStat, readStat } from '../process-usage.ts';

const MOST_LINES = 12;

/** CPU-seconds since their start of this process and of all that it started, by name. Empty where there is no /proc. */
export type ProcessCpu = ReadonlyMap<string, number>;

interface RunningProcess {
  parent: number;
  name: string;
  cpuSeconds: number;
}

export function processCpu(): ProcessCpu {
  const running = new Map<number, RunningProcess>();
  for (const pid of pids()) {
    const found = readProcess(pid);
    if (found) running.set(pid, found);
  }
  const isOurs = (pid: number): boolean =>
    pid === process.pid || (running.has(pid) && isOurs(running.get(pid)?.parent ?? 0));
  const byName = new Map<string, number>();
  for (const [pid, { name, cpuSeconds }] of running) {
    if (isOurs(pid)) byName.set(name, (byName.get(name) ?? 0) + cpuSeconds);
  }
  return byName;
}

function pids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** @returns null for a process that has ended */
function readProcess(pid: number): RunningProcess | null {
  try {
    return parseProcess(readStat(pid), readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param stat as in `parseStat`
 * @param commandLine its arguments, with a NUL after each; a process of Chromium writes spaces instead
 */
export function parseProcess(stat: string, commandLine: string): RunningProcess {
  const args = commandLine.split(/[\0 ]/);
  const program = basename(args[0] ?? '');
  const kind = args.find((arg) => arg.startsWith('--type='))?.slice('--type='.length);
  const script = args.slice(1).find((arg) => /\.[mc]?[jt]s$/.test(arg));
  const name = kind ? `${program} ${kind}` : program === 'node' && script ? nameOfScript(script) : program;
  return { name, ...parseStat(stat) };
}

/** With its folder: several of ours are called main.ts. */
function nameOfScript(path: string): string {
  return path.split('/').slice(-3).join('/');
}

/** The processes that took most CPU, one line each. */
export function processLines(before: ProcessCpu, after: ProcessCpu, minutes: number): string[] {
  return [...after]
    .map(([name, seconds]) => ({ name, perMinute: (seconds - (before.get(name) ?? 0)) / minutes }))
    .toSorted((a, b) => b.perMinute - a.perMinute)
    .slice(0, MOST_LINES)
    .map(({ name, perMinute }) => `${perMinute.toFixed(1).padStart(6)} CPU-seconds per minute: ${name}`);
}

interface QueryCost {
  asked: number;
  hits: number;
  cpu_ms: number;
  text: string;
}

/**
 * What viewers asked ClickHouse since then, the dearest first, one line per query.
 * @param since the clock of ClickHouse
 */
export async function queryLines(owner: ClickHouseClient, since: string, viewerMinutes: number): Promise<string[]> {
  await owner.command({ query: 'SYSTEM FLUSH LOGS query_log' });
  const answer = await owner.query({
    query: `SELECT
        toFloat64(count()) AS asked, toFloat64(countIf(query_cache_usage = 'Read')) AS hits,
        sum(ProfileEvents['UserTimeMicroseconds'] + ProfileEvents['SystemTimeMicroseconds']) / 1e3 AS cpu_ms,
        replaceRegexpAll(any(substring(query, position(query, 'SELECT'), 1000)), '\\\\s+', ' ') AS text
      FROM system.query_log
      WHERE type != 'QueryStart' AND user = 'floorwatch_reader' AND query_start_time_microseconds >= '${since}'
      GROUP BY normalized_query_hash ORDER BY cpu_ms DESC LIMIT ${MOST_LINES}`,
    format: 'JSONEachRow',
  });
  return (await answer.json<QueryCost>()).map(({ asked, hits, cpu_ms, text }) => {
    const perViewer = [`${(cpu_ms / viewerMinutes).toFixed(0)} CPU-ms`, `${(asked / viewerMinutes).toFixed(1)} times`];
    const cached = hits > 0 ? `, ${Math.round((100 * hits) / asked)} % from the query cache` : '';
    return `per viewer and minute ${perViewer.join(', ')}, ${(cpu_ms / asked).toFixed(0)} ms each${cached}: ${text.slice(0, 100)}`;
  });
}
