import { PIN_PX, placeOfAnnotation } from '../annotations/annotationsAt';
import type { Annotation } from '../annotations/readAnnotations';
import { toScreen } from '../geometry/viewport';
import type { Pen } from '../paint/markers';
import type { Palette } from '../paint/palette';
import type { Frame, MapLayer } from './mapLayer';

/** The annotation that the user went to stands out. */
const FOCUSED_SCALE = 1.5;

/** A pin at the place of each annotation: its point is the place, so that it hides no robot that stands there. */
export const annotationsLayer: MapLayer = {
  name: 'annotations',
  canvas: 'overlay',
  shows: ['annotations', 'focusedAnnotation'],
  followsRobots: ({ annotations }) => annotations.length > 0,
  create: () => (pen, frame) => {
    const { annotations, focusedAnnotation } = frame.scene;
    for (const annotation of annotations) if (annotation !== focusedAnnotation) drawAt(pen, frame, annotation, 1);
    if (focusedAnnotation) drawAt(pen, frame, focusedAnnotation, FOCUSED_SCALE);
  },
};

function drawAt(pen: CanvasRenderingContext2D, { view, robots, scene }: Frame, annotation: Annotation, scale: number) {
  const { xPx, yPx } = toScreen(view, placeOfAnnotation(annotation, robots));
  const isOnScreen = xPx > -PIN_PX && yPx > -PIN_PX && xPx < view.widthPx + PIN_PX && yPx < view.heightPx + 2 * PIN_PX;
  if (!isOnScreen) return;
  pen.save();
  pen.translate(xPx, yPx);
  pen.scale(scale, scale);
  drawPin(pen, annotation.colour, scene.palette);
  pen.restore();
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
