import { parseTimestampMs } from '../contract.ts';
import { DeadLetterError } from './dead-letter-error.ts';

/** Which dead letters are meant. An absent field excludes nothing. */
export interface DeadLetterFilter {
  reason?: string | undefined;
  topic?: string | undefined;
  /** `received_at`, milliseconds since the epoch; the first is included, the last is not. */
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A condition on columns `reason`, `topic` and `received_at`, and its parameters. */
export function filterSql(filter: DeadLetterFilter): { condition: string; params: Record<string, unknown> } {
  const conditions = [
    filter.reason !== undefined && 'reason = {reason:String}',
    filter.topic !== undefined && 'topic = {topic:String}',
    filter.sinceMs !== undefined && "received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')",
    filter.untilMs !== undefined && "received_at < fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC')",
  ].filter((condition) => condition !== false);
  return { condition: conditions.length > 0 ? conditions.join(' AND ') : '1', params: { ...filter } };
}

/**
 * A time as a person gives it: ISO 8601, or an age such as `90m`, `24h`, `7d`. Milliseconds since the epoch.
 * @throws DeadLetterError
 */
export function parseTimeMs(text: string, nowMs: number): number {
  const age = /^(\d+)([mhd])$/.exec(text);
  if (age) return nowMs - Number(age[1]) * (UNIT_MS[age[2] ?? ''] ?? 0);
  const timeMs = parseTimestampMs(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (timeMs === null) throw new DeadLetterError(`"${text}" is neither ISO 8601 nor an age such as 90m, 24h, 7d`);
  return timeMs;
}
