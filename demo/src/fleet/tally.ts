import type { FleetMessage } from './message.ts';

/** Counts of published messages, and of the rows that the pipeline must store. */
export interface ProducedCounts {
  /** Kafka messages. */
  messages: number;
  /** Valid events, duplicates included. */
  events: number;
  /** Events that each ingestion path must store. */
  distinctEventIds: number;
  /** events − distinctEventIds */
  duplicates: number;
  /** Dead letters that each path must write. */
  malformed: number;
  /** Robots with at least one valid event. */
  robots: number;
}

/**
 * Number of event ids to remember for duplicates, which bounds memory (about 100 MB).
 * Duplicates that are farther apart count as distinct.
 */
const REMEMBERED_IDS = 1_000_000;

/** A Set iterates over its members in insertion order. */
function forgetOldest(ids: Set<string>): void {
  for (const oldest of ids) {
    ids.delete(oldest);
    return;
  }
}

export interface Tally {
  add(message: FleetMessage): void;
  counts(): ProducedCounts;
}

export function createTally(rememberedIds = REMEMBERED_IDS): Tally {
  const robots = new Set<string>();
  const ids = new Set<string>();
  let messages = 0;
  let events = 0;
  let distinctEventIds = 0;
  let malformed = 0;

  /** True if the id is new. Removes the oldest id when there are too many. */
  function isNew(eventId: string | null): boolean {
    if (eventId === null) return true;
    if (ids.has(eventId)) return false;
    ids.add(eventId);
    if (ids.size > rememberedIds) forgetOldest(ids);
    return true;
  }

  return {
    add(message) {
      messages += 1;
      malformed += message.malformed;
      for (const { eventId, robotId } of message.events) {
        events += 1;
        robots.add(robotId);
        if (isNew(eventId)) distinctEventIds += 1;
      }
    },
    counts: () => ({
      messages,
      events,
      distinctEventIds,
      duplicates: events - distinctEventIds,
      malformed,
      robots: robots.size,
    }),
  };
}
