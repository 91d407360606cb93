/** Resources that one consumer used to load a topic into ClickHouse, from the start of its process to the last row. */
export interface Measurement {
  events: number;
  wallSeconds: number;
  clientCpuSeconds: number;
  /** CPU seconds of ClickHouse, including merges. */
  serverCpuSeconds: number;
  rssMegabytesPeak: number;
}

/** The output of `bench:ingest`. CI reads it, so the field names do not change. */
export interface IngestBenchReport {
  events: number;
  events_per_client_cpu_s: number;
  events_per_total_cpu_s: number;
  events_per_wall_s: number;
  client_cpu_s: number;
  server_cpu_s: number;
  wall_s: number;
  rss_mb_peak: number;
  /** CPU seconds per event of the original consumer divided by those of the ingestor. Null without the original consumer. */
  ratio_total_cpu: number | null;
  ratio_wall: number | null;
  original: Omit<IngestBenchReport, 'ratio_total_cpu' | 'ratio_wall' | 'original'> | null;
}

export function ingestReport(ours: Measurement, original: Measurement | null): IngestBenchReport {
  const rates = describe(ours);
  const theirs = original && describe(original);
  return {
    ...rates,
    ratio_total_cpu: theirs && round(rates.events_per_total_cpu_s / theirs.events_per_total_cpu_s),
    ratio_wall: theirs && round(rates.events_per_wall_s / theirs.events_per_wall_s),
    original: theirs,
  };
}

function describe(run: Measurement) {
  return {
    events: run.events,
    events_per_client_cpu_s: Math.round(run.events / run.clientCpuSeconds),
    events_per_total_cpu_s: Math.round(run.events / totalCpuSeconds(run)),
    events_per_wall_s: Math.round(run.events / run.wallSeconds),
    client_cpu_s: round(run.clientCpuSeconds),
    server_cpu_s: round(run.serverCpuSeconds),
    wall_s: round(run.wallSeconds),
    rss_mb_peak: Math.round(run.rssMegabytesPeak),
  };
}

function round(number: number): number {
  return Number(number.toFixed(2));
}

function totalCpuSeconds({ clientCpuSeconds, serverCpuSeconds }: Measurement): number {
  return clientCpuSeconds + serverCpuSeconds;
}
