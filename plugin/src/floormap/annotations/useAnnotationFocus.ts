import { useState } from 'react';
import type { MapPoint } from '@floorwatch/ingestor/plans/transform';
import { bringOnScreen } from '../geometry/viewChanges';
import { toScreen } from '../geometry/viewport';
import type { MapEngine } from '../engine/mapEngine';
import { describeNote } from './describeAnnotation';
import { notesAt, placeOfNote } from './annotationsAt';
import type { Note } from './readAnnotations';

interface Subject {
  engine: MapEngine | null;
  /** On screen, in the order in which they are gone through. */
  notes: readonly Note[];
  timeZone: string;
  moveTo: (view: MapEngine['view']) => void;
}

/** The annotation that the map was brought to, by key or click. */
export function useNoteFocus({ engine, notes, timeZone, moveTo }: Subject) {
  const [focusKey, setFocusKey] = useState<string | null>(null);
  // A refresh reads the notes anew: the same one is known by what it says.
  const index = notes.findIndex((note) => keyOf(note) === focusKey);

  /** @returns what there is to say of it */
  const goTo = (note: Note): string => {
    setFocusKey(keyOf(note));
    if (engine) {
      const view = bringOnScreen(engine.view, placeOfNote(note, engine.painted));
      if (view !== engine.view) moveTo(view);
    }
    return describeNote(note, timeZone);
  };

  /** Goes to the next (1) or previous (−1) one in time. */
  const step = (direction: 1 | -1): string => {
    const next = notes.at(index < 0 ? Math.min(0, direction) : (index + direction) % notes.length);
    return next ? goTo(next) : 'No annotations on this floor';
  };

  /** The one whose pin is at a place; of several the last, which is painted over the others. */
  const at = (point: MapPoint): Note | null =>
    (engine && notesAt(engine.view, notes, engine.painted, toScreen(engine.view, point)).at(-1)) ?? null;

  return { at, focused: notes[index] ?? null, goTo, step, leave: () => setFocusKey(null) };
}

function keyOf({ timeMs, title, text, robotId, xMetres, yMetres, robot }: Note): string {
  return JSON.stringify([timeMs, title, text, robotId, ...(robot < 0 ? [xMetres, yMetres] : [])]);
}
