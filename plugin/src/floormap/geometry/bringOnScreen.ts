import type { MapPoint } from '@floorwatch/floorplan/transform';
import { toScreen, type Viewport } from './viewport';

/** The view with the point in its middle; the same view where the point is on screen already. */
export function bringOnScreen(view: Viewport, point: MapPoint): Viewport {
  const { xPx, yPx } = toScreen(view, point);
  const isOnScreen = xPx > 0 && yPx > 0 && xPx < view.widthPx && yPx < view.heightPx;
  return isOnScreen ? view : { ...view, centreXMetres: point.xMetres, centreYMetres: point.yMetres };
}
