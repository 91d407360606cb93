import { toScreen, type Viewport } from '../geometry/viewport';
import type { HeatPicture } from '../heatmap/heatPicture';

/** Draws the layers' cells over the plan. The pen is in CSS pixels. */
export function drawHeatPictures(pen: CanvasRenderingContext2D, view: Viewport, layers: readonly HeatPicture[]): void {
  if (layers.length === 0) return;
  pen.save();
  // Cells have edges: a smooth picture would show numbers between them that nobody measured.
  pen.imageSmoothingEnabled = false;
  for (const { tiles, opacity } of layers) {
    pen.globalAlpha = opacity;
    for (const { picture, minXMetres, maxYMetres, sideMetres } of tiles) {
      const { xPx, yPx } = toScreen(view, { xMetres: minXMetres, yMetres: maxYMetres });
      const sidePx = sideMetres * view.pxPerMetre;
      const isSeen = xPx < view.widthPx && yPx < view.heightPx && xPx + sidePx > 0 && yPx + sidePx > 0;
      if (isSeen) pen.drawImage(picture, xPx, yPx, sidePx, sidePx);
    }
  }
  pen.restore();
}
