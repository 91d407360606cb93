/**
 * Why a partition is paused: it has too many rows in memory, waits for what decoding needs, does not know its position yet, or
 * other partitions catch up first. If several reasons hold, the first in this order is reported, because it says most about the
 * problem. The names are values of a metric's label.
 */
export const PAUSE_REASONS = ['memory', 'preparation', 'position', 'turn'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** A partition whose turn it is ends its turn after this time without messages. */
const IDLE_MS = 1_000;

/** What one partition has in memory and still has to read. */
export interface PartitionLoad {
  key: string;
  isLocating: boolean;
  /** Waits for a schema, for example. */
  isPreparing: boolean;
  /** It rebuilds a claimed batch, which has a fixed end and any size. */
  isRebuilding: boolean;
  /** It has a backlog of unread messages. */
  isBehind: boolean;
  bufferedBytes: number;
  /** Number of complete batches since start. */
  closedBatches: number;
  lastReadMs: number;
}

export interface ReadingLimits {
  /** Maximum bytes of rows in memory, for all partitions together. */
  bufferMaxBytes: number;
  nowMs: number;
}

export interface ReadingPlan {
  /** The paused partitions, each with the first reason. */
  paused: ReadonlyMap<string, PauseReason>;
  /** Partitions paused for memory, until half of their share is free. */
  full: ReadonlySet<string>;
  /** The partition whose turn it is, until its batch is complete. */
  turn: { key: string; closedBatches: number; sinceMs: number } | null;
  /** The partitions that catch up next, longest wait first. */
  waiting: readonly string[];
}

const NOTHING: ReadingPlan = { paused: new Map(), full: new Set(), turn: null, waiting: [] };

/**
 * Which partitions are paused and why. Pure function.
 *
 * Partitions with a backlog are read one after the other, each until its batch is complete. So the shared memory is used for one
 * large insert instead of many small ones. Each insert costs ClickHouse 50 CPU-milliseconds before its first row. Partitions
 * without a backlog are always read.
 */
export function planReading(
  partitions: readonly PartitionLoad[],
  limits: ReadingLimits,
  before: ReadingPlan = NOTHING
): ReadingPlan {
  const { turn, waiting } = planTurn(partitions, limits, before);
  const full = new Set<string>();
  const paused = new Map<string, PauseReason>();
  for (const each of partitions) {
    const { key } = each;
    if (isFull(each, memoryBytes({ turn }, key, partitions.length, limits), before.full.has(key))) full.add(key);
    if (full.has(key)) paused.set(key, 'memory');
    else if (each.isPreparing) paused.set(key, 'preparation');
    else if (each.isLocating) paused.set(key, 'position');
    else if (waiting.includes(key)) paused.set(key, 'turn');
  }
  return { paused, full, turn, waiting };
}

/** Maximum bytes of rows of a partition in memory: all memory while it is its turn, otherwise an equal share. */
export function memoryBytes(
  { turn }: Pick<ReadingPlan, 'turn'>,
  key: string,
  partitions: number,
  { bufferMaxBytes }: Pick<ReadingLimits, 'bufferMaxBytes'>
): number {
  return turn?.key === key ? bufferMaxBytes : bufferMaxBytes / Math.max(1, partitions);
}

function isFull({ bufferedBytes, isRebuilding }: PartitionLoad, limitBytes: number, wasFull: boolean): boolean {
  if (bufferedBytes > limitBytes && !isRebuilding) return true;
  return wasFull && bufferedBytes >= limitBytes / 2;
}

function planTurn(
  partitions: readonly PartitionLoad[],
  { bufferMaxBytes, nowMs }: ReadingLimits,
  before: ReadingPlan
): Pick<ReadingPlan, 'turn' | 'waiting'> {
  const behind = new Map(
    partitions.filter((each) => each.isBehind && !each.isRebuilding && !each.isLocating).map((each) => [each.key, each])
  );
  const turn = before.turn && isOn(before.turn, behind.get(before.turn.key), nowMs) ? before.turn : null;
  // A partition that had its turn waits behind all others.
  const order = new Set([...before.waiting, ...behind.keys()]);
  if (before.turn && order.delete(before.turn.key) && !turn) order.add(before.turn.key);
  const waiting = [...order].filter((key) => behind.has(key));
  const next = behind.get(waiting[0] ?? '');
  const bufferedBytes = partitions.reduce((sum, each) => sum + each.bufferedBytes, 0);
  // Memory must have room for one more complete batch.
  if (turn || !next || bufferedBytes > bufferMaxBytes / 2) return { turn, waiting };
  const { key, closedBatches } = next;
  return { turn: { key, closedBatches, sinceMs: nowMs }, waiting: waiting.slice(1) };
}

function isOn(
  { closedBatches, sinceMs }: NonNullable<ReadingPlan['turn']>,
  holder: PartitionLoad | undefined,
  nowMs: number
): boolean {
  if (holder?.closedBatches !== closedBatches) return false;
  return nowMs - Math.max(sinceMs, holder.lastReadMs) <= IDLE_MS;
}
