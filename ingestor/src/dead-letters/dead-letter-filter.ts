import { parseTime } from '@floorwatch/contract/parse-time';
import { CommandError } from '../errors/errors.ts';

/** Selects dead letters. An absent field matches all. */
export interface DeadLetterFilter {
  reason?: string | undefined;
  topic?: string | undefined;
  /** `received_at`, milliseconds since the epoch; the first is included, the last is not. */
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
}

/** An SQL condition on the columns `reason`, `topic` and `received_at`, with its parameters. */
export function filterSql(filter: DeadLetterFilter): { condition: string; params: Record<string, unknown> } {
  const conditions = [
    filter.reason !== undefined && 'reason = {reason:String}',
    filter.topic !== undefined && 'topic = {topic:String}',
    filter.sinceMs !== undefined && "received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')",
    filter.untilMs !== undefined && "received_at < fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC')",
  ].filter((condition) => condition !== false);
  return { condition: conditions.length > 0 ? conditions.join(' AND ') : '1', params: { ...filter } };
}

/** Parses a time of the command line, in milliseconds since the epoch. @throws CommandError */
export function parseTimeMs(text: string, nowMs: number): number {
  const timeMs = parseTime(text, nowMs);
  if (timeMs === null)
    throw new CommandError('dead_letters', `"${text}" is neither ISO 8601 nor an age such as 90m, 24h, 7d`);
  return timeMs;
}
