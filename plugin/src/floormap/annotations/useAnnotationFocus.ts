import { useState } from 'react';
import type { MapPoint } from '@floorwatch/ingestor/plans/transform';
import { bringOnScreen } from '../geometry/viewChanges';
import { toScreen } from '../geometry/viewport';
import type { MapEngine } from '../engine/mapEngine';
import { describeAnnotation } from './describeAnnotation';
import { annotationsAt, placeOfAnnotation } from './annotationsAt';
import type { Annotation } from './readAnnotations';

interface Subject {
  engine: MapEngine | null;
  /** On screen, in the order in which they are gone through. */
  annotations: readonly Annotation[];
  timeZone: string;
  moveTo: (view: MapEngine['view']) => void;
}

/** The annotation that the map was brought to, by key or click. */
export function useAnnotationFocus({ engine, annotations, timeZone, moveTo }: Subject) {
  const [focusKey, setFocusKey] = useState<string | null>(null);
  // A refresh reads the annotations anew: the same one is known by what it says.
  const index = annotations.findIndex((annotation) => keyOf(annotation) === focusKey);

  /** @returns what there is to say of it */
  const goTo = (annotation: Annotation): string => {
    setFocusKey(keyOf(annotation));
    if (engine) {
      const view = bringOnScreen(engine.view, placeOfAnnotation(annotation, engine.painted));
      if (view !== engine.view) moveTo(view);
    }
    return describeAnnotation(annotation, timeZone);
  };

  /** Goes to the next (1) or previous (−1) one in time. */
  const step = (direction: 1 | -1): string => {
    const next = annotations.at(index < 0 ? Math.min(0, direction) : (index + direction) % annotations.length);
    return next ? goTo(next) : 'No annotations on this floor';
  };

  /** The one whose pin is at a place; of several the last, which is painted over the others. */
  const at = (point: MapPoint): Annotation | null =>
    (engine && annotationsAt(engine.view, annotations, engine.painted, toScreen(engine.view, point)).at(-1)) ?? null;

  return { at, focused: annotations[index] ?? null, goTo, step, leave: () => setFocusKey(null) };
}

function keyOf({ timeMs, title, text, robotId, xMetres, yMetres, robot }: Annotation): string {
  return JSON.stringify([timeMs, title, text, robotId, ...(robot < 0 ? [xMetres, yMetres] : [])]);
}
