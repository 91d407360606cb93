import type { Fault } from './faults.ts';
import type { ExpectedCounts } from './expected.ts';

/** Rows in ClickHouse, counted without FINAL. */
export interface Stored {
  rows: number;
  distinct: number;
  /** Rows with the same topic, partition and offset as another row: a repeated insert was not deduplicated. */
  repeatedOffsets: number;
  deadLetters: number;
  distinctDeadLetters: number;
}

/** The output of `chaos`. CI reads it, so the field names do not change. */
export interface ChaosReport {
  valid_expected: number;
  rows: number;
  distinct: number;
  lost: number;
  physical_duplicates_from_retries: number;
  /** Rows of duplicates that a producer sent with the same event id (a merge removes them). */
  physical_duplicates_from_producers: number;
  dead_letters_expected: number;
  dead_letters: number;
  kills: number;
  faults: Record<string, number>;
  messages: number;
  seconds: number;
  seed: number;
  ok: boolean;
}

export function chaosReport(run: {
  expected: ExpectedCounts;
  stored: Stored;
  faults: readonly Fault[];
  seconds: number;
  seed: number;
}): ChaosReport {
  const { expected, stored } = run;
  const byName: Record<string, number> = {};
  for (const { kind, target } of run.faults) byName[`${kind} ${target}`] = (byName[`${kind} ${target}`] ?? 0) + 1;
  const lost = expected.validEvents - stored.distinct;
  return {
    valid_expected: expected.validEvents,
    rows: stored.rows,
    distinct: stored.distinct,
    lost,
    physical_duplicates_from_retries: stored.repeatedOffsets,
    physical_duplicates_from_producers: stored.rows - stored.repeatedOffsets - stored.distinct,
    dead_letters_expected: expected.malformed,
    dead_letters: stored.deadLetters,
    kills: run.faults.length,
    faults: byName,
    messages: expected.messages,
    seconds: run.seconds,
    seed: run.seed,
    ok:
      lost === 0 &&
      stored.repeatedOffsets === 0 &&
      stored.deadLetters === expected.malformed &&
      stored.distinctDeadLetters === expected.malformed,
  };
}
