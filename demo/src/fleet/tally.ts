import type { FleetMessage } from './message.ts';

/** What was published, counted as the pipeline must find it. */
export interface ProducedCounts {
  /** Kafka messages. */
  messages: number;
  /** Events that keep the contract, duplicates included. */
  events: number;
  /** What each ingestion path must store. */
  distinctEventIds: number;
  /** events − distinctEventIds */
  duplicates: number;
  /** Dead letters that each path must write. */
  malformed: number;
  /** Robots named by the events that keep the contract. */
  robots: number;
}

/**
 * Event ids are remembered up to this many, to recognise duplicates in bounded memory (about 100 MB when full).
 * Duplicates further apart than that would be counted as distinct.
 */
const REMEMBERED_IDS = 1_000_000;

/** A Set lists its members in the order in which they came. */
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

  /** True the first time that an id is seen. The oldest id is forgotten when there are too many. */
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
