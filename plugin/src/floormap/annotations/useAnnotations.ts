import { useMemo, useState } from 'react';
import type { PanelData } from '@grafana/data';
import type { Fleet } from '../fleet/fleet';
import { readAnnotations, type Annotation } from './readAnnotations';
import { useSettledFrames } from './useSettledFrames';

interface Shown {
  fleet: Fleet;
  isPlaced: Uint8Array;
  mapId: string | null;
  /** The moment that is played back; Infinity while the map is live. */
  untilMs: number;
}

const NONE: readonly Annotation[] = [];

/** The dashboard's annotations that have a place on the shown floor, and a moment in the shown time. */
export function useAnnotations({ annotations, timeRange }: PanelData, { fleet, isPlaced, mapId, untilMs }: Shown) {
  const [areAnnotationsHidden, hideAnnotations] = useState(false);
  const frames = useSettledFrames(annotations);
  const placed = useMemo(() => readAnnotations(frames, fleet, isPlaced, mapId), [frames, fleet, isPlaced, mapId]);
  const [fromMs, toMs] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const annotationsHere = useMemo(
    () => annotationsInTime(placed, fromMs, toMs, untilMs),
    [placed, fromMs, toMs, untilMs]
  );
  return {
    /** Annotations with a place on this floor. */
    annotationsHere,
    /** Those of them that are drawn: none while the legend hides them. */
    annotations: areAnnotationsHidden ? NONE : annotationsHere,
    areAnnotationsHidden,
    hideAnnotations,
  };
}

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
