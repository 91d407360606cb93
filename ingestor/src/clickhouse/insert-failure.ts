import { ClickHouseError } from '@clickhouse/client';

/** Labels of `floorwatch_inserts_failing`. */
export interface InsertFailure extends Record<'reason' | 'code', string> {
  reason: 'none' | 'refused' | 'timeout' | 'unreachable';
  /** The name of ClickHouse's error (`TOO_MANY_PARTS`), or of the network's (`ECONNREFUSED`). Never empty for a failure: an alert would say "no value". */
  code: string;
}

export const NO_FAILURE: InsertFailure = { reason: 'none', code: '' };

/** The client takes the name from ClickHouse's text. */
const NAME = /^[A-Z0-9_]+$/;

/** Timed out, refused and unreachable have different causes, so an alert must tell them apart. */
export function insertFailureOf(error: Error): InsertFailure {
  if (error instanceof ClickHouseError)
    return { reason: 'refused', code: NAME.test(error.type ?? '') ? (error.type ?? '') : error.code };
  if (/timeout/i.test(error.message)) return { reason: 'timeout', code: 'NO_ANSWER_IN_TIME' };
  const { code } = error as NodeJS.ErrnoException;
  return { reason: 'unreachable', code: typeof code === 'string' && code !== '' ? code : 'NO_CONNECTION' };
}
