import { toScreen, type ScreenPoint, type Viewport } from '../geometry/viewport';
import type { Note } from './readNotes';

/** Height of a note's pin above its place. */
export const PIN_PX = 16;
const REACH_PX = 11;

/** The notes under a screen point: of several at one place all are meant. */
export function notesAt(view: Viewport, notes: readonly Note[], { xPx, yPx }: ScreenPoint): Note[] {
  return notes.filter((note) => {
    const place = toScreen(view, note);
    return Math.hypot(place.xPx - xPx, place.yPx - PIN_PX / 2 - yPx) <= REACH_PX;
  });
}
