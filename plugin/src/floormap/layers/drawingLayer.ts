import type { MapPoint } from '@floorwatch/floorplan/transform';
import { pathLength } from '../geometry/area';
import { toScreen } from '../geometry/viewport';
import type { Palette } from '../paint/palette';
import type { MapLayer } from './mapLayer';

/** What the user draws: the area of a lasso, a box or a zone, or a line that is measured. */
export const drawingLayer: MapLayer = {
  name: 'drawing',
  canvas: 'overlay',
  shows: ['drawing'],
  create:
    () =>
    (pen, { view, scene: { drawing, palette } }) => {
      if (!drawing) return;
      const points = drawing.points.map((point) => toScreen(view, point));
      const [first] = points;
      const last = points.at(-1);
      if (!first || !last) return;
      pen.beginPath();
      for (const { xPx, yPx } of points) pen.lineTo(xPx, yPx);
      if (drawing.kind === 'area') {
        pen.closePath();
        pen.globalAlpha = 0.15;
        pen.fillStyle = palette.selection;
        pen.fill();
        pen.globalAlpha = 1;
        pen.setLineDash([5, 4]);
      }
      pen.lineWidth = 2;
      pen.strokeStyle = palette.selection;
      pen.stroke();
      pen.setLineDash([]);
      if (drawing.kind === 'line') drawLength(pen, palette, drawing.points, points, last);
    },
};

function drawLength(
  pen: CanvasRenderingContext2D,
  palette: Palette,
  points: readonly MapPoint[],
  corners: ReadonlyArray<{ xPx: number; yPx: number }>,
  last: { xPx: number; yPx: number }
): void {
  pen.fillStyle = palette.selection;
  for (const { xPx, yPx } of corners) {
    pen.beginPath();
    pen.arc(xPx, yPx, 3.5, 0, 2 * Math.PI);
    pen.fill();
  }
  if (points.length < 2) return;
  const text = `${pathLength(points).toFixed(2)} m`;
  pen.font = '600 13px Inter, Helvetica, Arial, sans-serif';
  pen.textAlign = 'left';
  pen.lineWidth = 4;
  pen.strokeStyle = palette.textHalo;
  pen.strokeText(text, last.xPx + 10, last.yPx - 8);
  pen.fillStyle = palette.text;
  pen.fillText(text, last.xPx + 10, last.yPx - 8);
}
