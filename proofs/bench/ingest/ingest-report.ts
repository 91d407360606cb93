import type { CaseName } from './cases.ts';

/** Resources that one consumer used to load a topic into ClickHouse, from the start of its process to the last row. */
export interface Measurement {
  events: number;
  wallSeconds: number;
  clientCpuSeconds: number;
  /** CPU seconds of ClickHouse, including merges. */
  serverCpuSeconds: number;
  rssMegabytesPeak: number;
  /** Delay of Node's event loop; null for another program. */
  eventLoopMsP99: number | null;
}

/** Of the repetitions of one consumer: medians, and the least CPU time of one of them. */
export interface Usage {
  events: number;
  repetitions: number;
  events_per_client_cpu_s: number;
  events_per_total_cpu_s: number;
  events_per_wall_s: number;
  client_cpu_s: number;
  client_cpu_s_min: number;
  server_cpu_s: number;
  server_cpu_s_min: number;
  total_cpu_s: number;
  total_cpu_s_min: number;
  wall_s: number;
  rss_mb_peak: number;
}

/** A row of the output of `bench:ingest`. CI reads it, so the field names do not change. */
export interface CaseRow extends Usage {
  case: CaseName;
  event_loop_ms_p99: number;
  /** Events per total CPU second divided by those of `json`. Null without that case. */
  share_of_json: number | null;
  /** Only of `json`: CPU seconds per event of the original consumer divided by those of the ingestor; null without it. */
  ratio_total_cpu?: number | null;
  ratio_wall?: number | null;
  original?: Usage | null;
}

export interface PeerRow extends Usage {
  peer: string;
  /** CPU seconds per event of the peer divided by those of `json`. Null without that case. */
  ratio_total_cpu: number | null;
}

export type IngestBenchRow = CaseRow | PeerRow;

export interface Runs<Name> {
  name: Name;
  runs: readonly Measurement[];
}

/** One row per case, then one per peer. */
export function ingestReport(
  cases: readonly Runs<CaseName>[],
  peers: readonly Runs<string>[],
  original: readonly Measurement[]
): IngestBenchRow[] {
  const json = cases.find(({ name }) => name === 'json');
  const base = json ? usageOf(json.runs) : null;
  const theirs = original.length > 0 ? usageOf(original) : null;
  const share = (rate: number): number | null => base && round(rate / base.events_per_total_cpu_s);
  return [
    ...cases.map(({ name, runs }): CaseRow => {
      const usage = usageOf(runs);
      return {
        ...{ case: name, ...usage, event_loop_ms_p99: round(median(runs.map((run) => run.eventLoopMsP99 ?? 0))) },
        share_of_json: share(usage.events_per_total_cpu_s),
        ...(name === 'json' && {
          ratio_total_cpu: theirs && round(usage.events_per_total_cpu_s / theirs.events_per_total_cpu_s),
          ratio_wall: theirs && round(usage.events_per_wall_s / theirs.events_per_wall_s),
          original: theirs,
        }),
      };
    }),
    ...peers.map(({ name, runs }): PeerRow => {
      const usage = usageOf(runs);
      const ratio = base && round(base.events_per_total_cpu_s / usage.events_per_total_cpu_s);
      return { peer: name, ...usage, ratio_total_cpu: ratio };
    }),
  ];
}

function usageOf(runs: readonly Measurement[]): Usage {
  const client = runs.map((run) => run.clientCpuSeconds);
  const server = runs.map((run) => run.serverCpuSeconds);
  const total = runs.map((run) => run.clientCpuSeconds + run.serverCpuSeconds);
  const wall = median(runs.map((run) => run.wallSeconds));
  const events = median(runs.map((run) => run.events));
  return {
    ...{ events, repetitions: runs.length },
    events_per_client_cpu_s: Math.round(events / median(client)),
    events_per_total_cpu_s: Math.round(events / median(total)),
    events_per_wall_s: Math.round(events / wall),
    ...{ client_cpu_s: round(median(client)), client_cpu_s_min: round(Math.min(...client)) },
    ...{ server_cpu_s: round(median(server)), server_cpu_s_min: round(Math.min(...server)) },
    ...{ total_cpu_s: round(median(total)), total_cpu_s_min: round(Math.min(...total)) },
    wall_s: round(wall),
    rss_mb_peak: Math.round(Math.max(...runs.map((run) => run.rssMegabytesPeak))),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function round(number: number): number {
  return Number(number.toFixed(2));
}
