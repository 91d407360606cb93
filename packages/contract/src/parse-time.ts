import { parseTimestampMs } from './event-time.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Parses a time that a user enters: ISO 8601 (UTC if it has no zone), a date, or an age such as `90m`, `24h`, `7d`.
 * Milliseconds since the epoch; null when it is none of these.
 */
export function parseTime(text: string, nowMs: number): number | null {
  const age = /^(\d+)([smhd])$/.exec(text);
  if (age) return nowMs - Number(age[1]) * (UNIT_MS[age[2] ?? ''] ?? 0);
  return parseTimestampMs(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
}
