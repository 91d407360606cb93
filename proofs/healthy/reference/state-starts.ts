import type { SentEvent } from '../fleet/ledger.ts';

/** Milliseconds since the epoch, by the order of events. */
export interface StateStart {
  /** The first event of the current state after the last one of another state. */
  sinceMs: number;
  /** The last event of another state; `sinceMs` if there is none. */
  beforeMs: number;
}

interface Statement {
  orderMs: number;
  offset: number;
  state: string;
}

/** Since when a robot is in its state, from all that it said. An event that only names a task counts if no event has a state. */
export class StateStarts {
  readonly #states: Statement[] = [];
  readonly #tasks: Statement[] = [];

  learn({ state, taskId, eventType, offset }: SentEvent, orderMs: number): void {
    if (state !== null) insert(this.#states, { orderMs, offset, state });
    else if (taskId !== null) {
      const hasEnded = eventType === 'TASK_COMPLETED' || eventType === 'TASK_FAILED';
      insert(this.#tasks, { orderMs, offset, state: hasEnded ? 'no task' : 'task' });
    }
  }

  current(): StateStart | null {
    const said = this.#states.length > 0 ? this.#states : this.#tasks;
    const last = said.at(-1);
    if (!last) return null;
    const before = said.findLastIndex(({ state }) => state !== last.state);
    const sinceMs = said[before + 1]?.orderMs ?? last.orderMs;
    return { sinceMs, beforeMs: said[before]?.orderMs ?? sinceMs };
  }
}

/** Keeps the order, in which most events arrive. */
function insert(sorted: Statement[], statement: Statement): void {
  const isBefore = (other: Statement): boolean =>
    other.orderMs < statement.orderMs || (other.orderMs === statement.orderMs && other.offset <= statement.offset);
  sorted.splice(sorted.findLastIndex(isBefore) + 1, 0, statement);
}
