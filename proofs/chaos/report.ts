import type { Expected } from './expected.ts';
import { nameOf, type Fault } from './faults.ts';
import type { Missing, Stored } from './stored.ts';

/** The output of `chaos`. CI reads it, so the field names do not change. */
export interface ChaosReport {
  /** Distinct valid events of the messages that are in Kafka at the end. */
  valid_expected: number;
  rows: number;
  distinct: number;
  lost: number;
  physical_duplicates_from_retries: number;
  /** Rows of duplicates that a producer sent with the same event id (a merge removes them). */
  physical_duplicates_from_producers: number;
  dead_letters_expected: number;
  /** Of messages that are in Kafka at the end. */
  dead_letters: number;
  /** Rows that task runs, the latest state of robots and the roll-ups lack, computed from the stored events. */
  views_missing: number;
  /** Faults that were injected. */
  kills: number;
  /** Those that took effect: for example, `memory-limit` only if an insert of events failed for it. */
  faults: Record<string, number>;
  messages: number;
  seconds: number;
  seed: number;
  ok: boolean;
}

export function chaosReport(run: {
  expected: Expected;
  stored: Stored;
  missing: Missing;
  viewsMissing: number;
  faults: readonly Fault[];
  kills: number;
  seconds: number;
  seed: number;
}): ChaosReport {
  const { expected, stored, missing, viewsMissing } = run;
  const byName: Record<string, number> = {};
  for (const fault of run.faults) byName[nameOf(fault)] = (byName[nameOf(fault)] ?? 0) + 1;
  const malformed = expected.malformedKeys.size;
  // A dead letter of a message that Kafka has lost since is not expected, but it must not be there twice either.
  const repeatedLetters = stored.deadLetters - stored.distinctDeadLetters;
  return {
    valid_expected: expected.validIds.size,
    rows: stored.rows,
    distinct: stored.distinct,
    lost: missing.events,
    physical_duplicates_from_retries: stored.repeated,
    physical_duplicates_from_producers: stored.rows - stored.repeated - stored.distinct,
    dead_letters_expected: malformed,
    dead_letters: malformed - missing.deadLetters + repeatedLetters,
    views_missing: viewsMissing,
    kills: run.kills,
    faults: byName,
    messages: expected.messages,
    seconds: run.seconds,
    seed: run.seed,
    ok:
      missing.events === 0 &&
      stored.repeated === 0 &&
      missing.deadLetters === 0 &&
      repeatedLetters === 0 &&
      viewsMissing === 0,
  };
}
