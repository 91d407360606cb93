import { eventIdFor } from '@floorwatch/contract/event-id';
import { between } from '../compare/differences.ts';
import type { Reading, ViewCheck } from '../compare/reading.ts';
import { SettledRows, type SettledRow } from '../compare/settled.ts';
import type { Ledger, SentEvent } from '../fleet/ledger.ts';
import { CLOCK_SECONDS, NOW_ALLOWED_MS } from './fleet-now.ts';
import { FIRMWARE, metaOf } from '../fleet/report.ts';
import { isClockAhead } from '../reference/stored.ts';

const ALLOWED_MS = NOW_ALLOWED_MS;

/** v_events: each event that was sent, once, whatever way it took and however often it came. */
export function eventsCheck(ledger: Ledger, topic: string): ViewCheck {
  const settled = new SettledRows(ALLOWED_MS);
  return {
    view: 'v_events',
    query:
      'SELECT *, toUnixTimestamp64Milli(ts) AS ts_ms, toUnixTimestamp64Milli(received_at) AS received_ms FROM v_events',
    allowedMs: ALLOWED_MS,
    compare(rows, reading) {
      const expected = new Map<string, SettledRow>();
      for (const sent of ledger.robots.values()) {
        for (const [key, [first, ...again]] of Map.groupBy(sent, (event) => keyOfEvent(event, topic))) {
          if (!first) continue;
          const last = again.at(-1) ?? first;
          expected.set(key, { values: expectedEvent(first, last, topic, reading), sinceMs: first.sentMs });
        }
      }
      const keyOf = (row: Record<string, unknown>): string =>
        `${String(row['robot_id'])} ${String(row['ts_ms'])} ${String(row['event_id'])}`;
      return settled.compare(expected, rows, keyOf, reading);
    },
  };
}

function keyOfEvent({ robotId, tsMs, eventId, partition, offset, part }: SentEvent, topic: string): string {
  return `${robotId} ${tsMs} ${eventId ?? eventIdFor(topic, partition, offset, part)}`;
}

function expectedEvent(
  first: SentEvent,
  last: SentEvent,
  topic: string,
  { answeredMs }: Reading
): SettledRow['values'] {
  return {
    event_type: first.eventType,
    task_id: first.taskId,
    x: first.x,
    y: first.y,
    theta: null,
    map_id: first.mapId,
    site_id: first.siteId,
    speed: first.speed,
    battery: first.battery,
    state: first.state,
    error_code: first.errorCode,
    firmware: FIRMWARE,
    // without the operator, who is personal
    meta: JSON.stringify(metaOf(first)),
    clock_ahead: isClockAhead(first) ? 1 : 0,
    received_ms: between(first.sentMs - 1000 * CLOCK_SECONDS, answeredMs),
    source: ['ingestor', 'engine'],
    topic,
    partition: first.partition,
    offset: between(first.offset, last.offset),
  };
}
