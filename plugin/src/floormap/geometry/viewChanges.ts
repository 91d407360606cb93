import type { MapPoint } from '@floorwatch/floorplan/transform';
import { toScreen, type Viewport } from './viewport';

/** The view with the point in its middle; the same view where the point is on screen already. */
export function bringOnScreen(view: Viewport, point: MapPoint): Viewport {
  const { xPx, yPx } = toScreen(view, point);
  const isOnScreen = xPx > 0 && yPx > 0 && xPx < view.widthPx && yPx < view.heightPx;
  return isOnScreen ? view : { ...view, centreXMetres: point.xMetres, centreYMetres: point.yMetres };
}

/** How a drawing made for one view must be moved to be right in another: CSS `translate(x, y) scale(s)`, origin 0 0. */
export interface ViewShift {
  scale: number;
  xPx: number;
  yPx: number;
}

export function viewShift(drawn: Viewport, current: Viewport): ViewShift {
  const scale = current.pxPerMetre / drawn.pxPerMetre;
  const centre = toScreen(current, { xMetres: drawn.centreXMetres, yMetres: drawn.centreYMetres });
  return { scale, xPx: centre.xPx - (drawn.widthPx / 2) * scale, yPx: centre.yPx - (drawn.heightPx / 2) * scale };
}
