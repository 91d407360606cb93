import type { Reading } from './reading.ts';

export interface MomentMatch {
  found: boolean;
  delayMs: number;
  /** What the answer should be now. */
  expectedNow: string;
}

/** Silence is known when the paths say how far they got, every few seconds. */
const SILENCE_STEPS = 31;

/**
 * An answer about the whole fleet is right when it is what was so at one moment: not before `allowedMs` ago, not after
 * the answer. Silence may lag behind by what the paths take to report their offsets.
 * @param ticks when events were sent, in order
 */
export function matchMoment(
  ticks: readonly number[],
  { askedMs, answeredMs, isAtRest }: Reading,
  allowedMs: number,
  actual: string,
  expectedAt: (sentUntilMs: number, silenceAtMs: number) => string
): MomentMatch {
  const moments = [answeredMs];
  if (!isAtRest) {
    const before = ticks.filter((tickMs) => tickMs <= askedMs - allowedMs).at(-1) ?? 0;
    moments.push(...ticks.filter((tickMs) => tickMs >= before && tickMs < answeredMs).toReversed());
    if (before === 0) moments.push(0);
  }
  const silences = [answeredMs, ...Array.from({ length: SILENCE_STEPS }, (_, i) => askedMs - 1000 * i)];
  const expectedNow = expectedAt(answeredMs, answeredMs);
  let newerMs = answeredMs;
  for (const sentUntilMs of moments) {
    if (silences.some((silenceAtMs) => expectedAt(sentUntilMs, silenceAtMs) === actual)) {
      return { found: true, delayMs: Math.max(0, answeredMs - newerMs), expectedNow };
    }
    newerMs = sentUntilMs;
  }
  return { found: false, delayMs: 0, expectedNow };
}
