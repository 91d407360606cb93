import { useEffect } from 'react';
import type { Annotation } from '../annotations/readAnnotations';
import type { MapEngine } from '../engine/mapEngine';
import type { MapModel } from './useMapModel';

interface Shown {
  selectedIds: ReadonlySet<string>;
  focusedAnnotation: Annotation | null;
}

/** Hands what the map shows to the engine, which paints what has changed and nothing else. */
export function useEngineInput(engine: MapEngine | null, model: MapModel, shown: Shown): void {
  const { fleet, isShown, options, playback, plan, layers, shapes, robotsInShapes, alertingIds, annotations } = model;
  // In a playback the user jumps about in time: the lines that would join are not where anybody drove.
  const trailPoints = playback.fleet ? 0 : options.trailPoints;
  useEffect(() => engine?.setTrailLength(trailPoints), [engine, trailPoints]);
  useEffect(
    () => engine?.setFleet(fleet, isShown, options.silentAfterSeconds),
    [engine, fleet, isShown, options.silentAfterSeconds]
  );
  useEffect(() => {
    engine?.show({ plan, heat: layers.pictures, shapes, robotsInShapes, alertingIds, annotations, ...shown });
  });
}
