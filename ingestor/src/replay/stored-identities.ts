import type { ClickHouseClient } from '@clickhouse/client';
import { storedDeadLetters, storedEvents } from '../clickhouse/stored-rows.ts';
import type { StoredBefore } from '../pipeline/stored-before.ts';

/**
 * Whatever anybody has stored of a batch: a replay adds what is missing, so that it changes nothing where all is there,
 * inside ClickHouse's deduplication window and outside of it.
 */
export function storedByAnyone(client: ClickHouseClient): StoredBefore {
  return {
    isAlwaysAsked: true,
    events: (batch, signal) => storedEvents(client, batch, signal),
    deadLetters: (batch, signal) => storedDeadLetters(client, batch, signal),
  };
}
