import { parseTime } from '@floorwatch/contract/parse-time';
import { CommandError } from '../errors/errors.ts';

/** The start or end of a replay, as the user wrote it. An end is excluded. */
export type Bound =
  | { kind: 'earliest' | 'latest' }
  | { kind: 'time'; timeMs: number }
  | { kind: 'offset'; offset: number }
  | { kind: 'offsets'; byPartition: ReadonlyMap<number, number> };

const FORMS =
  'a time (ISO 8601, or an age such as 90m, 24h, 7d), an offset for every partition (1200), ' +
  'offsets by partition (0:1200,1:900), earliest or latest';

/** @param flag for errors, such as `--from`. @throws CommandError */
export function parseBound(flag: string, text: string, nowMs: number): Bound {
  const given = text.trim();
  if (given === 'earliest' || given === 'latest') return { kind: given };
  if (/^\d+$/.test(given)) return { kind: 'offset', offset: safe(flag, given) };
  if (/^\d+:/.test(given)) return { kind: 'offsets', byPartition: parseOffsets(flag, given) };
  const timeMs = parseTime(given, nowMs);
  if (timeMs === null) throw new CommandError('replay', `${flag} must be ${FORMS}; not "${text}"`);
  return { kind: 'time', timeMs };
}

function parseOffsets(flag: string, text: string): Map<number, number> {
  const byPartition = new Map<number, number>();
  for (const pair of text.split(',')) {
    const match = /^(\d+):(\d+)$/.exec(pair.trim());
    if (!match) throw new CommandError('replay', `${flag}: "${pair}" is not partition:offset`);
    const partition = safe(flag, match[1] ?? '');
    if (byPartition.has(partition)) throw new CommandError('replay', `${flag} names partition ${partition} twice`);
    byPartition.set(partition, safe(flag, match[2] ?? ''));
  }
  return byPartition;
}

function safe(flag: string, digits: string): number {
  const number = Number(digits);
  if (!Number.isSafeInteger(number)) throw new CommandError('replay', `${flag}: ${digits} is larger than any offset`);
  return number;
}

/** Offsets by partition, in the format of `parseBound`. */
export function formatOffsets(byPartition: ReadonlyMap<number, number>): string {
  return [...byPartition].map(([partition, offset]) => `${partition}:${offset}`).join(',');
}
