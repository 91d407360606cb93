import type { SentEvent } from '../fleet/ledger.ts';
import type { Reading } from './reading.ts';

export interface PrefixMatch {
  /** The most events after which the answer is right; null when there is no such number. */
  length: number | null;
  /** How old the oldest event is that the answer does not include. */
  delayMs: number;
  /** What is different from the closest of these answers, in words. */
  wrong: string[];
}

/**
 * A partition is stored in its order, so what a view says of a robot is right after some number of its events: at least
 * those sent before `allowedMs` ago, at most all.
 * @param wrongAfter what is different from what the view must say after that many events
 */
export function matchPrefix(
  sent: readonly SentEvent[],
  { askedMs, answeredMs, isAtRest }: Reading,
  allowedMs: number,
  wrongAfter: (length: number) => string[]
): PrefixMatch {
  const least = isAtRest ? sent.length : sent.filter(({ sentMs }) => sentMs <= askedMs - allowedMs).length;
  let closest: string[] | null = null;
  for (let length = sent.length; length >= least; length--) {
    const wrong = wrongAfter(length);
    if (wrong.length === 0) {
      const next = sent[length];
      return { length, delayMs: next ? Math.max(0, answeredMs - next.sentMs) : 0, wrong: [] };
    }
    if (!closest || wrong.length < closest.length) closest = wrong;
  }
  return { length: null, delayMs: 0, wrong: closest ?? [] };
}
