import type { MapPoint } from '@floorwatch/ingestor/plans/transform';
import { toScreen, type ScreenPoint, type Viewport } from '../geometry/viewport';
import type { Note } from './readAnnotations';

/** Height of a note's pin above its place. */
export const PIN_PX = 18;
/** Of its head, so that the robot at its point can be reached as well. */
const HEAD_PX = { above: 0.64 * PIN_PX, reach: 9 };

/** Robots with the places at which they are painted. */
export interface Painted {
  fleet: { robotIds: readonly string[] };
  xMetres: Float64Array;
  yMetres: Float64Array;
}

/** A note goes with its robot, which glides between two answers of the query. */
export function placeOfNote(note: Note, { fleet, xMetres, yMetres }: Painted): MapPoint {
  if (note.robot < 0 || fleet.robotIds[note.robot] !== note.robotId) return note;
  return { xMetres: xMetres[note.robot] ?? note.xMetres, yMetres: yMetres[note.robot] ?? note.yMetres };
}

/** The notes under a screen point: of several at one place all are meant. */
export function notesAt(view: Viewport, notes: readonly Note[], painted: Painted, { xPx, yPx }: ScreenPoint): Note[] {
  return notes.filter((note) => {
    const place = toScreen(view, placeOfNote(note, painted));
    return Math.hypot(place.xPx - xPx, place.yPx - HEAD_PX.above - yPx) <= HEAD_PX.reach;
  });
}
