import type { Random } from '@floorwatch/demo/fleet/random';

/**
 * A fault to inject. `cut` resets every open connection of the ingestors to that server. For the others, see the file of the same
 * name, or `TestEnvironment.inject`.
 */
export type Fault =
  | { kind: 'kill'; target: Target; afterMs: number }
  | { kind: 'stop'; target: Target; afterMs: number; forMs: number }
  | { kind: 'cut'; target: 'clickhouse' | 'kafka'; afterMs: number }
  | { kind: SpecialKind; afterMs: number };
export type Target = 'ingestor-0' | 'ingestor-1' | 'clickhouse' | 'kafka';

/**
 * - `truncate`: the broker loses the end of a partition's log
 * - `expire-offsets`: the group's offsets are deleted while no ingestor runs
 * - `recreate-topic`: the topic is deleted and created again while the ingestors run
 * - `view-throws`: for a while, a view on the events throws at every insert
 * - `upgrade`: an ingestor is killed, and another version reads its claimed batch in another way
 * - `kill-in-insert`: ClickHouse is killed while it inserts events
 * - `memory-limit`: for a while, an ingestor's inserts exceed ClickHouse's memory limit
 */
export const SPECIAL_KINDS = [
  'truncate',
  'expire-offsets',
  'recreate-topic',
  'view-throws',
  'upgrade',
  'kill-in-insert',
  'memory-limit',
] as const;
export type SpecialKind = (typeof SPECIAL_KINDS)[number];

/** A consumer that is stopped for longer than this loses its partitions before it continues. */
export const SESSION_TIMEOUT_MS = 6_000;
/** A run with fewer faults has no special ones. */
const FAULTS_WITH_SPECIALS = 10;

/**
 * The faults of a run, in an order that the seed draws. The first three kill one process of each kind, so that a short run covers all of
 * them. Of each special kind there are 5 in 200, and at least one in 10.
 */
export function planFaults(random: Random, count: number): Fault[] {
  const first = (['clickhouse', 'ingestor-0', 'kafka'] as const).map((target): Fault => ({
    kind: 'kill',
    target,
    afterMs: random.integer(0, 1_500),
  }));
  const quota = count < FAULTS_WITH_SPECIALS ? 0 : Math.max(1, Math.floor(count / 40));
  const specials = SPECIAL_KINDS.flatMap((kind) =>
    Array.from({ length: quota }, (): Fault => ({ kind, afterMs: random.integer(0, 1_500) }))
  );
  const others = Array.from({ length: Math.max(0, count - first.length - specials.length) }, () => anyFault(random));
  return [...first, ...shuffled(random, [...specials, ...others])].slice(0, count);
}

/** The name of a fault in the report. */
export function nameOf(fault: Fault): string {
  return 'target' in fault ? `${fault.kind} ${fault.target}` : fault.kind;
}

function anyFault(random: Random): Fault {
  const afterMs = random.integer(0, 1_500);
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

function shuffled(random: Random, faults: readonly Fault[]): Fault[] {
  const rest = [...faults];
  return faults.map(() => rest.splice(random.integer(0, rest.length - 1), 1)).flat();
}
