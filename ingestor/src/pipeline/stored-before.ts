import type { ClickHouseClient } from '@clickhouse/client';
import { storedDeadLetters, storedEventIds } from '../clickhouse/stored-rows.ts';
import type { Range } from './range.ts';
import { deadLetterRowKey, telemetryRowKey } from './surviving-rows.ts';

/** What ClickHouse holds of a range already, so that it is not inserted again. A set is null when the token is to tell. */
export interface StoredBefore {
  events(range: Range, signal: AbortSignal): Promise<ReadonlySet<string> | null>;
  /** Names a `telemetry_raw` row as `events` does. */
  eventKey: (row: Buffer) => string;
  deadLetters(range: Range, signal: AbortSignal): Promise<ReadonlySet<string> | null>;
  /** Names a `dead_letters` row as `deadLetters` does. */
  deadLetterKey: (row: Buffer) => string;
}

/**
 * ClickHouse remembers the tokens of the last 10,000 blocks only. A range older than this is first compared with what is
 * stored; a younger one may still be on its way into the table, which only the token can tell.
 */
const TRUST_TOKEN_MS = 60_000;

/** Earlier attempts to insert the very same range. */
export function earlierAttempts(client: ClickHouseClient): StoredBefore {
  const isYoung = (range: Range): boolean => Date.now() - range.receivedAtMs <= TRUST_TOKEN_MS;
  return {
    events: async (range, signal) => (isYoung(range) ? null : storedEventIds(client, range, signal)),
    eventKey: telemetryRowKey,
    deadLetters: async (range, signal) => (isYoung(range) ? null : storedDeadLetters(client, range, signal)),
    deadLetterKey: deadLetterRowKey,
  };
}
