import { toScreen } from '../geometry/viewport';
import type { MapLayer } from './mapLayer';

/** The cells of the shown heatmaps, over the plan. */
export const heatmapLayer: MapLayer = {
  name: 'heatmap',
  canvas: 'plan',
  shows: ['heat'],
  create:
    () =>
    (pen, { view, scene: { heat } }) => {
      // Cells have edges: smoothing would show values between them that were never measured.
      pen.imageSmoothingEnabled = false;
      for (const { tiles, opacity } of heat) {
        pen.globalAlpha = opacity;
        for (const { picture, minXMetres, maxYMetres, sideMetres } of tiles) {
          const { xPx, yPx } = toScreen(view, { xMetres: minXMetres, yMetres: maxYMetres });
          const sidePx = sideMetres * view.pxPerMetre;
          const isSeen = xPx < view.widthPx && yPx < view.heightPx && xPx + sidePx > 0 && yPx + sidePx > 0;
          if (isSeen) pen.drawImage(picture, xPx, yPx, sidePx, sidePx);
        }
      }
    },
};
