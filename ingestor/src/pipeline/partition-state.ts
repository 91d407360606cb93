import type { ClaimedBatch } from './checkpoint-metadata.ts';

/** A batch that an earlier attempt claimed, to be rebuilt identically. */
export interface Rebuild extends ClaimedBatch {
  /** Keep each row's bytes: ClickHouse has rejected a row of it. */
  keepSources: boolean;
}

/**
 * What to do with the messages of one partition. `next` is the expected offset. Batches that begin below `until` may be stored, and
 * ClickHouse may not recognise them by their tokens, so they are compared with storage; 0: none.
 *
 * locating → warmingUp → rebuilding → comparing → streaming, and from each of them back to locating.
 */
export type PartitionState =
  /**
   * The position is being read from the group. Messages that arrive meanwhile were fetched from the previous position.
   * `differsAt`: the lowest offset at which the log is known to differ from the checkpoint; Infinity: none.
   */
  | { name: 'locating'; keepSources: boolean; differsAt: number }
  /** Messages below `next` are stored. They are read again to remember their events, and none below `from` follows. */
  | { name: 'warmingUp'; from: number; next: number; rebuild: Rebuild | null; until: number }
  /** Messages up to `rebuild.last` are rebuilt into exactly the claimed batch. */
  | { name: 'rebuilding'; next: number; rebuild: Rebuild; until: number }
  | { name: 'comparing'; next: number; until: number }
  /** Messages are new. ClickHouse recognises a repeated insert by its token. */
  | { name: 'streaming'; next: number };

export type PartitionEvent =
  /** @param until as in `PartitionState` */
  | { name: 'located'; offset: number; claim: ClaimedBatch | null; until: number }
  | { name: 'message'; offset: number; nowMs: number }
  /** The message at this offset is not the one that the checkpoint describes. */
  | { name: 'otherLog'; offset: number }
  /** An attempt to insert the oldest batch begins. `isAsClaimed`: it contains what an earlier attempt to insert it contained. */
  | { name: 'inserting'; last: number; ageMs: number; isAsClaimed: boolean }
  /** The oldest batch is stored and committed. */
  | { name: 'stored'; last: number }
  /** The oldest batch can be neither stored nor committed as it is. */
  | { name: 'failed'; keepSources: boolean };

export type Action =
  | 'none'
  /** Only add its events to the deduplication window. */
  | 'remember'
  | 'append'
  /** Append it to the open batch, which is then complete. */
  | 'appendAndClose'
  /**
   * The last message of the claim is gone. Close the open batch at the last offset of the claim, so that the batch
   * keeps its claim and its token, and append this message to a new batch. If no message of the claim is left, the batch is empty.
   */
  | 'closeAndAppend'
  /** The last message of the claim is gone, and no message follows. Close the open batch at the last offset of the claim. */
  | 'close'
  /** Drop what is in memory and read the position again. */
  | 'restart';

export interface Step {
  state: PartitionState;
  action: Action;
}

/**
 * ClickHouse remembers only the tokens of the last 10,000 inserts, so an older batch is compared with storage before its insert.
 * The insert of a younger batch may still be running. Only its token can prevent a second insert then.
 */
export const TRUST_TOKEN_MS = 60_000;

export const UNLOCATED: PartitionState = { name: 'locating', keepSources: false, differsAt: Infinity };

/** The state after an event and, if the event is a message, the action for it. Pure function. */
export function transition(state: PartitionState, event: PartitionEvent): Step {
  switch (event.name) {
    case 'located':
      return { state: state.name === 'locating' ? located(state.keepSources, event) : state, action: 'none' };
    case 'message':
      return onMessage(state, event.offset, event.nowMs);
    case 'otherLog':
      return restart({ differsAt: event.offset });
    case 'inserting': {
      const isTrusted = event.isAsClaimed && event.ageMs <= TRUST_TOKEN_MS;
      return { state: isTrusted ? state : comparingTo(state, event.last), action: 'none' };
    }
    case 'stored': {
      const isDone = state.name === 'comparing' && event.last + 1 >= state.until;
      return { state: isDone ? { name: 'streaming', next: state.next } : state, action: 'none' };
    }
    case 'failed':
      return restart({ keepSources: event.keepSources });
  }
}

/** `transition` for a message, without an object per event. */
export function onMessage(state: PartitionState, offset: number, nowMs: number): Step {
  if (state.name === 'locating') return { state, action: 'none' };
  // The log was truncated, or the topic was created again.
  if (offset < (state.name === 'warmingUp' ? state.from : state.next)) return restart({});
  if (state.name === 'warmingUp') {
    if (offset < state.next) return { state: { ...state, from: offset + 1 }, action: 'remember' };
    return onMessage(warmedUp(state), offset, nowMs);
  }
  const next = offset + 1;
  if (state.name === 'streaming') return { state: { name: 'streaming', next }, action: 'append' };
  if (state.name === 'comparing') return { state: { ...state, next }, action: 'append' };
  const { rebuild } = state;
  if (offset < rebuild.last) return { state: { ...state, next }, action: 'append' };
  const isWhole = offset === rebuild.last;
  const isTokenTrusted = isWhole && nowMs - rebuild.validatedAsOfMs <= TRUST_TOKEN_MS;
  const until = isTokenTrusted ? state.until : Math.max(state.until, rebuild.last + 1);
  return { state: reading(next, until), action: isWhole ? 'appendAndClose' : 'closeAndAppend' };
}

/** The records below `next` are not messages. Pure function. */
export function onSkipped(state: PartitionState, next: number): Step {
  if (state.name === 'locating') return { state, action: 'none' };
  if (state.name === 'warmingUp') {
    return next < state.next ? { state, action: 'none' } : onSkipped(warmedUp(state), next);
  }
  if (next <= state.next) return { state, action: 'none' };
  if (state.name !== 'rebuilding' || next <= state.rebuild.last) return { state: { ...state, next }, action: 'none' };
  const until = Math.max(state.until, state.rebuild.last + 1);
  return { state: { name: 'comparing', next, until }, action: 'close' };
}

/** Whether the batch that begins at `first` must be compared with storage before it is inserted. */
export function mustCompare(state: PartitionState, first: number): boolean {
  return state.name === 'comparing' && first < state.until;
}

function located(
  keepSources: boolean,
  { offset, claim, until }: { offset: number; claim: ClaimedBatch | null; until: number }
): PartitionState {
  return {
    ...{ name: 'warmingUp', from: 0, next: offset },
    rebuild: claim && { ...claim, keepSources },
    until: until > offset ? until : 0,
  };
}

function warmedUp({ next, rebuild, until }: { next: number; rebuild: Rebuild | null; until: number }): PartitionState {
  return rebuild === null ? reading(next, until) : { name: 'rebuilding', next, rebuild, until };
}

function reading(next: number, until: number): PartitionState {
  return until > 0 ? { name: 'comparing', next, until } : { name: 'streaming', next };
}

function comparingTo(state: PartitionState, last: number): PartitionState {
  if (state.name === 'streaming') return { name: 'comparing', next: state.next, until: last + 1 };
  if (state.name === 'comparing') return { ...state, until: Math.max(state.until, last + 1) };
  return state; // Nothing is being inserted before a batch has been read.
}

function restart({ keepSources = false, differsAt = Infinity }: { keepSources?: boolean; differsAt?: number }): Step {
  return { state: { name: 'locating', keepSources, differsAt }, action: 'restart' };
}

/** The expected offset; null if any offset is possible. */
export function nextOffset(state: PartitionState): number | null {
  return state.name === 'locating' ? null : state.next;
}

/** The claimed batch that is incomplete. Only its last offset ends it. */
export function unfinishedRebuild(state: PartitionState): Rebuild | null {
  return state.name === 'rebuilding' || state.name === 'warmingUp' ? state.rebuild : null;
}
