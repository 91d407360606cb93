/**
 * What became of one event in one step, in every step from the bytes to the row: the value for the next step, or the
 * reason why the event becomes a dead letter. An invalid event is data; only a failure of infrastructure is thrown.
 */
export type Result<Value, Reason extends string = string> = { ok: true; value: Value } | Rejection<Reason>;

export interface Rejection<Reason extends string = string> {
  ok: false;
  reason: Reason;
  /** For people: what exactly is wrong. */
  detail: string;
}

export function reject<Reason extends string>(reason: Reason, detail: string): Rejection<Reason> {
  return { ok: false, reason, detail };
}
