import { toScreen, type Viewport } from '../geometry/viewport';
import { PIN_PX } from '../notes/noteAt';
import type { Note } from '../notes/readNotes';
import type { Palette } from './palette';

/** A pin at the place of each annotation: its point is the place, so that it hides no robot that stands there. */
export function drawNotes(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  notes: readonly Note[],
  palette: Palette
): void {
  for (const note of notes) {
    const { xPx, yPx } = toScreen(view, note);
    if (!(xPx > -PIN_PX && yPx > -PIN_PX && xPx < view.widthPx + PIN_PX && yPx < view.heightPx + 2 * PIN_PX)) continue;
    const radius = PIN_PX * 0.36;
    pen.beginPath();
    pen.moveTo(xPx, yPx);
    pen.arc(xPx, yPx - PIN_PX + radius, radius, 0.8 * Math.PI, 0.2 * Math.PI);
    pen.closePath();
    pen.fillStyle = note.colour || palette.selection;
    pen.strokeStyle = palette.textHalo;
    pen.lineWidth = 2;
    pen.stroke();
    pen.fill();
    pen.beginPath();
    pen.arc(xPx, yPx - PIN_PX + radius, radius * 0.4, 0, 2 * Math.PI);
    pen.fillStyle = palette.textHalo;
    pen.fill();
  }
}
