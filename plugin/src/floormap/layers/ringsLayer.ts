import { toScreen } from '../geometry/viewport';
import type { Frame, MapLayer } from './mapLayer';

/** More of them get thin rings: thick ones would hide what the robots of a crowd are doing. */
const MANY_SELECTED = 300;

type Pen = CanvasRenderingContext2D;

/** Rings around the selected robots and the one under the pointer or in focus. */
export const ringsLayer: MapLayer = {
  name: 'selection',
  canvas: 'overlay',
  shows: ['marked', 'selectedIds'],
  followsRobots: ({ marked, selectedIds }) => marked >= 0 || selectedIds.size > 0,
  create: () => (pen, frame) => {
    const { marked, selectedIds } = frame.scene;
    if (selectedIds.size > MANY_SELECTED) {
      ringCrowd(pen, frame);
    } else if (selectedIds.size > 0) {
      frame.robots.fleet.robotIds.forEach((robotId, i) => {
        if (selectedIds.has(robotId)) ring(pen, frame, i, { gapPx: 5, widthPx: 2.5 });
      });
    }
    if (marked >= 0) ring(pen, frame, marked, { gapPx: 3, widthPx: 1.5 });
  },
};

function ring(pen: Pen, frame: Frame, i: number, { gapPx, widthPx }: { gapPx: number; widthPx: number }): void {
  const { view, robots, markerPx, scene } = frame;
  if (robots.isShown[i] !== 1) return;
  const at = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
  pen.beginPath();
  pen.arc(at.xPx, at.yPx, markerPx / 2 + gapPx, 0, 2 * Math.PI);
  pen.lineWidth = widthPx + 2;
  pen.strokeStyle = scene.palette.textHalo;
  pen.stroke();
  pen.lineWidth = widthPx;
  pen.strokeStyle = scene.palette.selection;
  pen.stroke();
}

/** One path for all: thousands of strokes would take longer than a frame. */
function ringCrowd(pen: Pen, { view, robots, markerPx, scene: { selectedIds, palette } }: Frame): void {
  const radius = markerPx / 2 + 1;
  pen.beginPath();
  robots.fleet.robotIds.forEach((robotId, i) => {
    if (robots.isShown[i] !== 1 || !selectedIds.has(robotId)) return;
    const { xPx, yPx } = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
    const isSeen = xPx > -radius && yPx > -radius && xPx < view.widthPx + radius && yPx < view.heightPx + radius;
    if (!isSeen) return;
    pen.moveTo(xPx + radius, yPx);
    pen.arc(xPx, yPx, radius, 0, 2 * Math.PI);
  });
  pen.lineWidth = 1;
  pen.strokeStyle = palette.selection;
  pen.stroke();
}
