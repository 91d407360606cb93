import type { Annotation } from './readAnnotations';

/**
 * The annotations of a range of time, a region when any part of it lies in there, the earliest first.
 * @param untilMs the played-back moment: what began later has not happened yet; Infinity where the map is live
 */
export function annotationsInTime(
  annotations: readonly Annotation[],
  fromMs: number,
  toMs: number,
  untilMs: number
): Annotation[] {
  return annotations
    .filter(({ timeMs, endMs }) => timeMs <= toMs && endMs >= fromMs && timeMs <= untilMs)
    .sort((a, b) => a.timeMs - b.timeMs);
}
