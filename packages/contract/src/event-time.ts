/** An event this far ahead of the ingesting clock is invalid. */
export const MAX_AHEAD_MS = 24 * 3_600_000;
/** An event older than the raw retention is invalid, because ClickHouse would delete its row immediately. */
export const RAW_RETENTION_MS = 90 * 24 * 3_600_000;

const ISO_8601 = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?$/;

/**
 * Milliseconds since the epoch for a contract `ts`, or null when it is neither ISO 8601 nor a finite epoch-ms number.
 * Fractions are truncated to milliseconds; a date that does not exist (30 February) is null.
 */
export function parseTimestampMs(ts: string | number): number | null {
  if (typeof ts === 'number') return Number.isFinite(ts) ? Math.trunc(ts) : null;
  const m = ISO_8601.exec(ts);
  if (!m) return null;
  const [month, day] = [Number(m[2]), Number(m[3])];
  const [hour, minute, second] = [Number(m[4]), Number(m[5]), Number(m[6])];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const midnight = new Date(Date.UTC(Number(m[1]), month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  const offsetMinutes = m[8] ? (m[8] === '-' ? -1 : 1) * (Number(m[9]) * 60 + Number(m[10])) : 0;
  const millis = m[7] ? Math.trunc(Number(`0.${m[7]}`) * 1000 + 1e-7) : 0;
  return midnight.getTime() + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + millis;
}
