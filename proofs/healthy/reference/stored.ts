import type { SentEvent } from '../fleet/ledger.ts';

/** Events dated further than this after their arrival prove a clock that is ahead. */
const AHEAD_MS = 60_000;

/** What is stored of these events: each identity once, in the order of event time. */
export function distinctByTime(sent: readonly SentEvent[]): SentEvent[] {
  const byIdentity = new Map<string, SentEvent>();
  for (const event of sent) {
    const identity = `${event.robotId} ${event.tsMs} ${event.eventId ?? `${event.partition}/${event.offset}/${event.part}`}`;
    if (!byIdentity.has(identity)) byIdentity.set(identity, event);
  }
  return [...byIdentity.values()].sort((a, b) => a.tsMs - b.tsMs);
}

export function isClockAhead({ tsMs, sentMs }: SentEvent): boolean {
  return tsMs > sentMs + AHEAD_MS;
}
