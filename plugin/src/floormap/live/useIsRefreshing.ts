import { useEffect, useRef, useState } from 'react';

/** Until a second answer shows how often they come. */
const EXPECTED_EVERY_MS = 10_000;
/** A refresh by hand, long after the last one, is no rhythm. */
const MOST_EVERY_MS = 5 * 60_000;
const MISSED_ANSWERS = 2.5;

/**
 * Whether answers keep coming: false once none has come for two and a half times as long as between the last two. Neither a panel nor its
 * data says whether the dashboard refreshes itself.
 */
export function useIsRefreshing(answer: object): boolean {
  const [last, setLast] = useState<object | null>(null);
  const cameAtMs = useRef(NaN);
  useEffect(() => {
    const nowMs = performance.now();
    const everyMs = Math.max(EXPECTED_EVERY_MS, Math.min(MOST_EVERY_MS, nowMs - cameAtMs.current) || 0);
    cameAtMs.current = nowMs;
    const timer = window.setTimeout(() => setLast(answer), MISSED_ANSWERS * everyMs);
    return () => clearTimeout(timer);
  }, [answer]);
  return last !== answer;
}
