import type { MapPoint } from '@floorwatch/floorplan/transform';
import { LABEL_HEIGHT_PX } from './labels';
import { widestAt } from './shapeGeometry';
import { toScreen, type ScreenPoint, type Viewport } from './viewport';

/** From a zone's edge to the middle of its name. */
const INSET_PX = 11;
/** Between a name and the end of the line that it stands on. */
const SIDE_PX = 6;

/**
 * Where a zone's name of this width can stand, best first: along the zone's upper edge, out of the way of what stands in
 * it, then along its middle and its lower edge. Each is the middle of the name; a place that is too narrow
 * is left out, except the zone's middle, which is always there.
 */
export function zoneNamePlaces(view: Viewport, corners: readonly MapPoint[], widthPx: number): ScreenPoint[] {
  const ys = corners.map(({ yMetres }) => yMetres);
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const inset = INSET_PX / view.pxPerMetre;
  const middle = (bottom + top) / 2;
  // A low zone has one line for its name.
  const isLow = (top - bottom) * view.pxPerMetre < 2 * LABEL_HEIGHT_PX + INSET_PX;
  const lines = isLow ? [middle] : [top - inset, middle, bottom + inset];
  return lines.flatMap((yMetres) => {
    const { leftMetres, rightMetres } = widestAt(corners, yMetres);
    const left = toScreen(view, { xMetres: leftMetres, yMetres });
    const right = toScreen(view, { xMetres: rightMetres, yMetres });
    const centre = { xPx: (left.xPx + right.xPx) / 2, yPx: left.yPx };
    const reachPx = widthPx / 2 + SIDE_PX;
    const roomPx = right.xPx - left.xPx;
    if (roomPx < 2 * reachPx) return yMetres === middle ? [centre] : [];
    if (roomPx < 4 * reachPx) return [centre];
    return [centre, { ...centre, xPx: left.xPx + reachPx }, { ...centre, xPx: right.xPx - reachPx }];
  });
}
