import { CommandError } from '../errors/errors.ts';
import type { Bound } from './bound.ts';

/** The range of one partition in a replay: offsets `from` to `to`, excluding `to`. */
export interface OffsetRange {
  partition: number;
  from: number;
  to: number;
}

/** The current log of a partition: offsets `low` to `high`, excluding `high`. */
export interface Watermarks {
  partition: number;
  low: number;
  high: number;
}

export interface LogIndex {
  topic: string;
  watermarks: readonly Watermarks[];
  /** By partition, the first offset whose message is not older; absent if there is none. */
  offsetsAt(timeMs: number): Promise<ReadonlyMap<number, number>>;
}

export interface Spans {
  ranges: OffsetRange[];
  /** What is not available of the requested range, for the user. */
  notices: string[];
}

/**
 * The offsets of `--from` and `--to` by partition, without partitions in which there is nothing to read.
 * @throws CommandError naming the flag
 */
export async function resolveOffsets(log: LogIndex, from: Bound, to: Bound, nowMs: number): Promise<Spans> {
  refuseBackwards(from, to, nowMs);
  const starts = await resolve('--from', from, log);
  const ends = await resolve('--to', to, log);
  const ranges: OffsetRange[] = [];
  const notices: string[] = [];
  for (const { partition, low, high } of log.watermarks) {
    const start = starts.get(partition);
    const end = ends.get(partition);
    if (start === undefined || end === undefined) continue;
    if (from.kind === 'offsets' && to.kind === 'offsets' && start > end)
      throw new CommandError('replay', `--from ${partition}:${start} is after --to ${partition}:${end}`);
    const isAskedFor = from.kind === 'offset' || from.kind === 'offsets';
    if (isAskedFor && start < low && end > start)
      notices.push(`partition ${partition} starts at offset ${low}: earlier messages are no longer in the log`);
    const range = { partition, from: Math.max(start, low), to: Math.min(end, high) };
    if (range.from < range.to) ranges.push(range);
  }
  if (starts.size > 0 && ends.size > 0 && ![...starts.keys()].some((partition) => ends.has(partition)))
    throw new CommandError('replay', '--from and --to name no partition in common');
  return { ranges, notices };
}

function refuseBackwards(from: Bound, to: Bound, nowMs: number): void {
  if (from.kind === 'latest') throw new CommandError('replay', '--from latest would read nothing');
  if (to.kind === 'earliest') throw new CommandError('replay', '--to earliest would read nothing');
  if (from.kind === 'time' && from.timeMs > nowMs) throw new CommandError('replay', '--from is in the future');
  if (from.kind === 'time' && to.kind === 'time' && from.timeMs >= to.timeMs)
    throw new CommandError('replay', '--from must lie before --to');
  if (from.kind === 'offset' && to.kind === 'offset' && from.offset >= to.offset)
    throw new CommandError('replay', '--from must lie before --to, which is the first offset that is not read');
}

async function resolve(flag: string, bound: Bound, log: LogIndex): Promise<Map<number, number>> {
  const { watermarks } = log;
  const everywhere = (offsetOf: (of: Watermarks) => number) =>
    new Map(watermarks.map((of) => [of.partition, offsetOf(of)]));
  switch (bound.kind) {
    case 'earliest':
      return everywhere(({ low }) => low);
    case 'latest':
      return everywhere(({ high }) => high);
    case 'time': {
      const found = await log.offsetsAt(bound.timeMs);
      return everywhere(({ partition, high }) => found.get(partition) ?? high);
    }
    case 'offset': {
      const last = Math.max(...watermarks.map(({ high }) => high));
      if (bound.offset > last)
        throw new CommandError(
          'replay',
          `${flag}: every partition of ${log.topic} ends before offset ${bound.offset} (the longest at ${last}); write a time as ISO 8601`
        );
      return everywhere(() => bound.offset);
    }
    case 'offsets':
      return checkedOffsets(flag, bound.byPartition, log);
  }
}

function checkedOffsets(flag: string, byPartition: ReadonlyMap<number, number>, log: LogIndex): Map<number, number> {
  for (const [partition, offset] of byPartition) {
    const known = log.watermarks.find((of) => of.partition === partition);
    if (!known)
      throw new CommandError(
        'replay',
        `${flag}: ${log.topic} has no partition ${partition}, only ${partitions(log.watermarks)}`
      );
    if (offset > known.high)
      throw new CommandError(
        'replay',
        `${flag}: partition ${partition} ends at offset ${known.high}, before ${offset}`
      );
  }
  return new Map(byPartition);
}

function partitions(watermarks: readonly Watermarks[]): string {
  return watermarks.length === 1 ? '0' : `0 to ${watermarks.length - 1}`;
}
