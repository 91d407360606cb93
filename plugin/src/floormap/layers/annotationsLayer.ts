import { toScreen, type Viewport } from '../geometry/viewport';
import { PIN_PX, placeOfAnnotation, type Painted } from '../annotations/annotationsAt';
import type { Annotation } from '../annotations/readAnnotations';
import type { Palette } from '../paint/palette';
import type { Pen } from '../paint/markers';

/** The annotation that the user went to stands out. */
const FOCUSED_SCALE = 1.5;

/** A pin at the place of each annotation: its point is the place, so that it hides no robot that stands there. */
export function drawAnnotations(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  annotations: readonly Annotation[],
  focused: Annotation | null,
  robots: Painted,
  palette: Palette
): void {
  const draw = (annotation: Annotation, scale: number) => {
    const { xPx, yPx } = toScreen(view, placeOfAnnotation(annotation, robots));
    const isOnScreen =
      xPx > -PIN_PX && yPx > -PIN_PX && xPx < view.widthPx + PIN_PX && yPx < view.heightPx + 2 * PIN_PX;
    if (!isOnScreen) return;
    pen.save();
    pen.translate(xPx, yPx);
    pen.scale(scale, scale);
    drawPin(pen, annotation.colour, palette);
    pen.restore();
  };
  for (const annotation of annotations) if (annotation !== focused) draw(annotation, 1);
  if (focused) draw(focused, FOCUSED_SCALE);
}

/** One pin whose point is at the pen's origin. A colour that is no CSS colour leaves that of the selection. */
export function drawPin(pen: Pen, colour: string, palette: Palette): void {
  const radius = PIN_PX * 0.36;
  pen.lineJoin = 'round';
  pen.beginPath();
  pen.moveTo(0, 0);
  pen.arc(0, radius - PIN_PX, radius, 0.85 * Math.PI, 0.15 * Math.PI);
  pen.closePath();
  pen.strokeStyle = palette.textHalo;
  pen.lineWidth = 3;
  pen.stroke();
  pen.fillStyle = palette.selection;
  if (colour !== '') pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = palette.text;
  pen.lineWidth = 1;
  pen.stroke();
  pen.beginPath();
  pen.arc(0, radius - PIN_PX, radius * 0.4, 0, 2 * Math.PI);
  pen.fillStyle = palette.textHalo;
  pen.fill();
}
