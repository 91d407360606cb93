/**
 * The result of one step for one event, from the bytes to the row: the value for the next step, or the reason why the event
 * becomes a dead letter. An invalid event is data; only infrastructure failures are thrown.
 */
export type Result<Value, Reason extends string = string> = { ok: true; value: Value } | Rejection<Reason>;

export interface Rejection<Reason extends string = string> {
  ok: false;
  reason: Reason;
  /** Exactly what is wrong, for users. */
  detail: string;
}

export function reject<Reason extends string>(reason: Reason, detail: string): Rejection<Reason> {
  return { ok: false, reason, detail };
}
