import type { ClaimedBatch } from './checkpoint.ts';

/** A batch that an earlier attempt claimed, to be built again as it was. */
export interface Rebuild extends ClaimedBatch {
  /** Keep each row's bytes: ClickHouse has rejected a row of it. */
  keepSources: boolean;
}

/**
 * What becomes of the messages of one partition. `next` is the offset that must come next; null before the first message of
 * a partition without a checkpoint.
 *
 * locating → warmingUp → rebuilding → comparing → streaming, and from each of them back to locating.
 */
export type PartitionState =
  /** The group is asked for the position. What arrives meanwhile was fetched from the position before. */
  | { name: 'locating'; keepSources: boolean }
  /** Messages below `next` are stored. They are read again to remember their event ids. */
  | { name: 'warmingUp'; next: number; rebuild: Rebuild | null }
  /** Messages up to `rebuild.last` become exactly the batch that was claimed. */
  | { name: 'rebuilding'; next: number; rebuild: Rebuild }
  /** Batches that begin below `until` may be stored, and no token is sure to tell: they are compared with storage. */
  | { name: 'comparing'; next: number; until: number }
  /** Messages are new. ClickHouse recognises a repeated insert by its token. */
  | { name: 'streaming'; next: number | null };

export type PartitionEvent =
  /** @param offset that the group holds; null when it holds none */
  | { name: 'located'; offset: number | null; claim: ClaimedBatch | null }
  | { name: 'message'; offset: number; nowMs: number }
  /** An attempt to insert the oldest batch begins. */
  | { name: 'inserting'; last: number; ageMs: number }
  /** The oldest batch is stored and committed. */
  | { name: 'stored'; last: number }
  /** The oldest batch can be neither stored nor committed as it is. */
  | { name: 'failed'; keepSources: boolean };

export type Action =
  | 'none'
  /** Take its event ids into the deduplication window, and nothing else. */
  | 'remember'
  | 'append'
  /** Append it to the open batch, which is complete then. */
  | 'appendAndClose'
  /**
   * The last message of the claim is gone. Close the open batch at the last offset of the claim all the same, so that the batch
   * keeps its claim and its token, and append this message to a new batch. If no message of the claim is left, nothing is closed.
   */
  | 'closeAndAppend'
  /** Forget what is in memory and find the position again. */
  | 'restart';

export interface Step {
  state: PartitionState;
  action: Action;
}

/**
 * ClickHouse remembers the tokens of the last 10,000 inserts only. A batch that is older is compared with storage before it is
 * inserted. The insert of a younger one may still be running, which only the token can tell.
 */
export const TRUST_TOKEN_MS = 60_000;

export const UNLOCATED: PartitionState = { name: 'locating', keepSources: false };

/** The state after an event, and what is to be done with the message if the event is one. Changes nothing itself. */
export function transition(state: PartitionState, event: PartitionEvent): Step {
  switch (event.name) {
    case 'located':
      return { state: state.name === 'locating' ? located(state.keepSources, event) : state, action: 'none' };
    case 'message':
      return onMessage(state, event.offset, event.nowMs);
    case 'inserting':
      return { state: event.ageMs > TRUST_TOKEN_MS ? comparingTo(state, event.last) : state, action: 'none' };
    case 'stored': {
      const isDone = state.name === 'comparing' && event.last + 1 >= state.until;
      return { state: isDone ? { name: 'streaming', next: state.next } : state, action: 'none' };
    }
    case 'failed':
      return restart(event.keepSources);
  }
}

/** `transition` for a message, without an object per event. */
export function onMessage(state: PartitionState, offset: number, nowMs: number): Step {
  if (state.name === 'locating') return { state, action: 'none' };
  if (state.name === 'warmingUp') {
    if (offset < state.next) return { state, action: 'remember' };
    return onMessage(warmedUp(state), offset, nowMs);
  }
  // The log was truncated, or the topic was created again.
  if (state.next !== null && offset < state.next) return restart(false);
  const next = offset + 1;
  if (state.name === 'streaming') return { state: { name: 'streaming', next }, action: 'append' };
  if (state.name === 'comparing') return { state: { ...state, next }, action: 'append' };
  const { rebuild } = state;
  if (offset < rebuild.last) return { state: { ...state, next }, action: 'append' };
  const isWhole = offset === rebuild.last;
  const isTokenTrusted = isWhole && nowMs - rebuild.validatedAsOfMs <= TRUST_TOKEN_MS;
  return {
    state: isTokenTrusted ? { name: 'streaming', next } : { name: 'comparing', next, until: rebuild.last + 1 },
    action: isWhole ? 'appendAndClose' : 'closeAndAppend',
  };
}

/** Whether the batch that begins at `first` must be compared with storage before it is inserted. */
export function mustCompare(state: PartitionState, first: number): boolean {
  return state.name === 'comparing' && first < state.until;
}

function located(
  keepSources: boolean,
  { offset, claim }: { offset: number | null; claim: ClaimedBatch | null }
): PartitionState {
  if (offset === null) return { name: 'streaming', next: null };
  return { name: 'warmingUp', next: offset, rebuild: claim && { ...claim, keepSources } };
}

function warmedUp({ next, rebuild }: { next: number; rebuild: Rebuild | null }): PartitionState {
  return rebuild === null ? { name: 'streaming', next } : { name: 'rebuilding', next, rebuild };
}

function comparingTo(state: PartitionState, last: number): PartitionState {
  if (state.name === 'streaming') return { name: 'comparing', next: state.next ?? last + 1, until: last + 1 };
  if (state.name === 'comparing') return { ...state, until: Math.max(state.until, last + 1) };
  return state; // Nothing is being inserted before a batch has been read.
}

function restart(keepSources: boolean): Step {
  return { state: { name: 'locating', keepSources }, action: 'restart' };
}

/** The offset that must come next; null where any may. */
export function nextOffset(state: PartitionState): number | null {
  return state.name === 'locating' ? null : state.next;
}

/** The claimed batch that is still to be completed; until then its last offset alone ends it. */
export function unfinishedRebuild(state: PartitionState): Rebuild | null {
  return state.name === 'rebuilding' || state.name === 'warmingUp' ? state.rebuild : null;
}
