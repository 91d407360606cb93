import type { Random } from '@floorwatch/demo/fleet/random';

/** A fault to inject. `cut` resets every open connection of the ingestors to that server. */
export type Fault =
  | { kind: 'kill'; target: Target; afterMs: number }
  | { kind: 'stop'; target: Target; afterMs: number; forMs: number }
  | { kind: 'cut'; target: 'clickhouse' | 'kafka'; afterMs: number };
export type Target = 'ingestor-0' | 'ingestor-1' | 'clickhouse' | 'kafka';

/** A consumer that is stopped for longer than this loses its partitions before it continues. */
export const SESSION_TIMEOUT_MS = 6_000;

/** The n-th fault of a run. The first three kill one process of each kind, so that a short run covers all of them. */
export function nextFault(random: Random, n: number): Fault {
  const afterMs = random.integer(0, 1_500);
  const first = (['clickhouse', 'ingestor-0', 'kafka'] as const)[n];
  if (first) return { kind: 'kill', target: first, afterMs };
  const ingestor = random.pick(['ingestor-0', 'ingestor-1'] as const);
  const dice = random.between(0, 1);
  if (dice < 0.4) return { kind: 'kill', target: ingestor, afterMs };
  if (dice < 0.6) return { kind: 'kill', target: 'clickhouse', afterMs };
  if (dice < 0.68) return { kind: 'kill', target: 'kafka', afterMs };
  if (dice < 0.82) {
    const forMs = random.chance(0.4)
      ? random.integer(SESSION_TIMEOUT_MS + 1_000, 2 * SESSION_TIMEOUT_MS)
      : random.integer(200, 3_000);
    return { kind: 'stop', target: ingestor, afterMs, forMs };
  }
  if (dice < 0.88) return { kind: 'stop', target: 'clickhouse', afterMs, forMs: random.integer(200, 7_000) };
  if (dice < 0.92) return { kind: 'stop', target: 'kafka', afterMs, forMs: random.integer(200, 7_000) };
  return { kind: 'cut', target: dice < 0.96 ? 'clickhouse' : 'kafka', afterMs };
}
