import { RAW_RETENTION_MS } from '@floorwatch/contract';
import { CommandError } from '../errors/errors.ts';

/** One calendar month in UTC: one partition of `telemetry_raw`. */
export interface Month {
  /** YYYYMM */
  partition: number;
  fromMs: number;
  /** The first millisecond of the next month. */
  toMs: number;
}

/** Parses `YYYY-MM`. ClickHouse must still keep events of that month. @throws CommandError */
export function parseMonth(text: string, nowMs: number): Month {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (!match) throw new CommandError('backfill', `--month must be YYYY-MM, not "${text}"`);
  const [year, month] = [Number(match[1]), Number(match[2])];
  const toMs = Date.UTC(year, month);
  if (toMs <= nowMs - RAW_RETENTION_MS) {
    const days = RAW_RETENTION_MS / 86_400_000;
    throw new CommandError('backfill', `--month ${text}: events are kept for ${days} days, and that month is older`);
  }
  return { partition: year * 100 + month, fromMs: Date.UTC(year, month - 1), toMs };
}
