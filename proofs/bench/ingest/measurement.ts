/** What one consumer used to bring a topic into ClickHouse, from the start of its process to its last row. */
export interface Measurement {
  events: number;
  wallSeconds: number;
  clientCpuSeconds: number;
  /** ClickHouse's, merges of the time included. */
  serverCpuSeconds: number;
  rssMegabytesPeak: number;
}

export function totalCpuSeconds({ clientCpuSeconds, serverCpuSeconds }: Measurement): number {
  return clientCpuSeconds + serverCpuSeconds;
}
