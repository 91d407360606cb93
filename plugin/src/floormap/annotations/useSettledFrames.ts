import { useEffect, useMemo, useRef, useState } from 'react';
import type { DataFrame } from '@grafana/data';

/** Longer than a dashboard asks for its annotations; what was deleted goes after this time. */
const HOLD_MS = 10_000;
const NONE: readonly DataFrame[] = [];

/**
 * The frames of the dashboard's annotations, one of each annotation query. While a query is asked again, at each refresh,
 * Grafana hands out an empty frame in its place: the last one is kept, so that no pin blinks.
 */
export function useSettledFrames(frames: readonly DataFrame[] = NONE): readonly DataFrame[] {
  const [settled, setSettled] = useState(frames);
  const shown = useMemo(() => holdEmptied(settled, frames), [settled, frames]);
  const isHeld = shown !== frames;
  // What is held is the last answer: any other is taken as it comes.
  if (!isHeld && settled !== frames) setSettled(frames);

  const heldSinceMs = useRef<number | null>(null);
  useEffect(() => {
    if (!isHeld) {
      heldSinceMs.current = null;
      return;
    }
    heldSinceMs.current ??= performance.now();
    const leftMs = heldSinceMs.current + HOLD_MS - performance.now();
    const timer = window.setTimeout(() => setSettled(frames), leftMs);
    return () => clearTimeout(timer);
  }, [isHeld, frames]);
  return shown;
}

/** The frames, with the last one in the place of each that has become empty; itself when there is none. */
function holdEmptied(last: readonly DataFrame[], frames: readonly DataFrame[]): readonly DataFrame[] {
  const kept = frames.map((frame, k) => (frame.length === 0 ? (last[k] ?? frame) : frame));
  // Another number of frames: a query was switched off or on.
  const isHeld = last.length === frames.length && kept.some((frame, k) => frame !== frames[k] && frame.length > 0);
  return isHeld ? kept : frames;
}
