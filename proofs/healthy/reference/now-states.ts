import type { SentEvent } from '../fleet/ledger.ts';
import { StateStarts, type StateStart } from './state-starts.ts';

/** What is known about a robot after some of its events: of each field, what the newest event says that has it. */
export interface NowState {
  newest: SentEvent;
  placed: SentEvent | null;
  firstSentMs: number;
  /** When its last event was sent, in whatever order. */
  lastSentMs: number;
  /** Smallest difference of sending and event time: what its clock is off by. */
  clockOffsetMs: number;
  siteId: string | null;
  battery: number | null;
  speed: number | null;
  state: string | null;
  taskId: string | null;
  errorCode: string | null;
  /** Null if it never said what it does. */
  start: StateStart | null;
}

/** Newest is the earlier of event time and arrival, so that an event from the future does not stay. */
const ageOrder = (event: SentEvent): number => Math.min(event.tsMs, event.sentMs);

/** What is known about a robot after each of its events, in the order in which they were sent. */
export class NowStates {
  readonly #sent: readonly SentEvent[];
  readonly #after: NowState[] = [];
  readonly #from = new Map<string, SentEvent>();
  readonly #starts = new StateStarts();

  constructor(sent: readonly SentEvent[]) {
    this.#sent = sent;
  }

  /** Null before the first event. */
  after(length: number): NowState | null {
    while (this.#after.length < length) this.#learnNext();
    return this.#after[length - 1] ?? null;
  }

  /** After all that was sent until then. */
  at(sentUntilMs: number): NowState | null {
    let [low, high] = [0, this.#sent.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sent[middle]?.sentMs ?? Infinity) <= sentUntilMs) low = middle + 1;
      else high = middle;
    }
    return this.after(low);
  }

  #learnNext(): void {
    const event = this.#sent[this.#after.length];
    if (!event) throw new RangeError('more events asked for than were sent');
    const previous = this.#after.at(-1);
    const newestWith = (field: string, has: boolean): SentEvent | undefined => {
      const known = this.#from.get(field);
      if (has && (!known || ageOrder(event) >= ageOrder(known))) this.#from.set(field, event);
      return this.#from.get(field);
    };
    const task = newestWith('task', event.state !== null || event.taskId !== null);
    this.#starts.learn(event, ageOrder(event));
    const ended = task?.eventType === 'TASK_COMPLETED' || task?.eventType === 'TASK_FAILED';
    this.#after.push({
      newest: newestWith('all', true) ?? event,
      placed: newestWith('place', event.x !== null) ?? null,
      firstSentMs: previous?.firstSentMs ?? event.sentMs,
      lastSentMs: event.sentMs,
      clockOffsetMs: Math.min(previous?.clockOffsetMs ?? Infinity, event.sentMs - event.tsMs),
      siteId: newestWith('site', event.siteId !== null)?.siteId ?? null,
      battery: newestWith('battery', event.battery !== null)?.battery ?? null,
      speed: newestWith('speed', event.speed !== null)?.speed ?? null,
      state: newestWith('state', event.state !== null)?.state ?? null,
      taskId: ended ? null : (task?.taskId ?? null),
      errorCode: newestWith('error', event.state !== null || event.errorCode !== null)?.errorCode ?? null,
      start: this.#starts.current(),
    });
  }
}

/** A robot is silent after this. */
export const SILENT_MS = 60_000;

export function isHeard(state: NowState, silenceAtMs: number): boolean {
  return silenceAtMs - state.lastSentMs <= SILENT_MS;
}

export function statusOf(state: NowState, silenceAtMs: number): string {
  if (state.state === 'offline') return 'offline';
  if (!isHeard(state, silenceAtMs)) return 'silent';
  return state.state ?? (state.taskId === null ? 'unknown' : 'working');
}

/** What is known about each robot of the ledger; kept, because it is asked for again and again. */
export class FleetStates {
  readonly #ofRobot = new Map<string, NowStates>();

  of(robotId: string, sent: readonly SentEvent[]): NowStates {
    const known = this.#ofRobot.get(robotId) ?? new NowStates(sent);
    this.#ofRobot.set(robotId, known);
    return known;
  }
}
