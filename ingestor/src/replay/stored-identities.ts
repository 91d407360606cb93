import type { ClickHouseClient } from '@clickhouse/client';
import { storedDeadLetters, storedEvents } from '../clickhouse/stored-rows.ts';
import { earlierAttempts, type StoredBefore } from '../pipeline/stored-before.ts';

/**
 * The events of a batch that any path has already stored. A replay adds only missing events, inside and outside of ClickHouse's
 * deduplication window.
 */
export function storedByAnyone(client: ClickHouseClient, timeoutMs: number): StoredBefore {
  return {
    ...earlierAttempts(client, timeoutMs),
    isAlwaysAsked: true,
    events: (batch, signal) => storedEvents(client, batch, signal),
    deadLetters: (batch, signal) => storedDeadLetters(client, batch, signal),
  };
}
