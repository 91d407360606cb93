import type { MapPoint } from '@floorwatch/floorplan/transform';

/** What part of the map frame is on screen. Screen y runs down, map y runs up. */
export interface Viewport {
  widthPx: number;
  heightPx: number;
  centreXMetres: number;
  centreYMetres: number;
  pxPerMetre: number;
}

export interface ScreenPoint {
  xPx: number;
  yPx: number;
}

export interface Bounds {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** From all places that the contract takes on a thumbnail, one robot that errs by far included, to a screw on a wall display. */
export const MIN_PX_PER_METRE = 0.000_005;
export const MAX_PX_PER_METRE = 2_000;

export function toScreen(view: Viewport, { xMetres, yMetres }: MapPoint): ScreenPoint {
  return {
    xPx: view.widthPx / 2 + (xMetres - view.centreXMetres) * view.pxPerMetre,
    yPx: view.heightPx / 2 - (yMetres - view.centreYMetres) * view.pxPerMetre,
  };
}

export function toMap(view: Viewport, { xPx, yPx }: ScreenPoint): MapPoint {
  return {
    xMetres: view.centreXMetres + (xPx - view.widthPx / 2) / view.pxPerMetre,
    yMetres: view.centreYMetres - (yPx - view.heightPx / 2) / view.pxPerMetre,
  };
}

/** The view after the content was dragged by this many pixels. */
export function panBy(view: Viewport, dxPx: number, dyPx: number): Viewport {
  return {
    ...view,
    centreXMetres: view.centreXMetres - dxPx / view.pxPerMetre,
    centreYMetres: view.centreYMetres + dyPx / view.pxPerMetre,
  };
}

/** The view zoomed by a factor; the point under the cursor stays where it is. */
export function zoomAt(view: Viewport, factor: number, anchor: ScreenPoint): Viewport {
  const pxPerMetre = Math.min(MAX_PX_PER_METRE, Math.max(MIN_PX_PER_METRE, view.pxPerMetre * factor));
  const fixed = toMap(view, anchor);
  return {
    ...view,
    pxPerMetre,
    centreXMetres: fixed.xMetres - (anchor.xPx - view.widthPx / 2) / pxPerMetre,
    centreYMetres: fixed.yMetres + (anchor.yPx - view.heightPx / 2) / pxPerMetre,
  };
}

/** Room around the content: the tools stand over the upper edge of a map, the counts and the scale over the lower one. */
const MARGIN_PX = { sides: 24, top: 52, bottom: 44 };
/** A lower map has smaller margins; its robots must still not lie under the counts. */
const LOW_MAP_MARGIN_PX = { ...MARGIN_PX, top: 16, bottom: 38 };
const LOW_MAP_PX = 320;

/** The view that shows all of the bounds with a margin. A single point gets a surrounding of 10 m. */
export function fitBounds(widthPx: number, heightPx: number, bounds: Bounds): Viewport {
  const isPoint = bounds.maxX - bounds.minX < 1e-6 && bounds.maxY - bounds.minY < 1e-6;
  const grow = isPoint ? 5 : 0;
  const spanX = bounds.maxX - bounds.minX + 2 * grow;
  const spanY = bounds.maxY - bounds.minY + 2 * grow;
  const { sides, top, bottom } = heightPx < LOW_MAP_PX ? LOW_MAP_MARGIN_PX : MARGIN_PX;
  const roomX = Math.max(1, widthPx - 2 * sides);
  const roomY = Math.max(1, heightPx - top - bottom);
  const fitting = Math.min(spanX > 0 ? roomX / spanX : Infinity, spanY > 0 ? roomY / spanY : Infinity);
  const pxPerMetre = Math.min(MAX_PX_PER_METRE, Math.max(MIN_PX_PER_METRE, fitting));
  return {
    widthPx,
    heightPx,
    centreXMetres: (bounds.minX + bounds.maxX) / 2,
    // The content's middle lies in the middle of its room, which is not that of the map.
    centreYMetres: (bounds.minY + bounds.maxY) / 2 + (top - bottom) / 2 / pxPerMetre,
    pxPerMetre,
  };
}

/** The same centre and scale in a panel of another size. */
export function resizeView(view: Viewport, widthPx: number, heightPx: number): Viewport {
  return { ...view, widthPx, heightPx };
}

export function isSameView(a: Viewport, b: Viewport): boolean {
  return (
    a.centreXMetres === b.centreXMetres &&
    a.centreYMetres === b.centreYMetres &&
    a.pxPerMetre === b.pxPerMetre &&
    a.widthPx === b.widthPx &&
    a.heightPx === b.heightPx
  );
}

export function boundsOf(points: Iterable<MapPoint>): Bounds | null {
  const bounds: Bounds = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const { xMetres, yMetres } of points) {
    bounds.minX = Math.min(bounds.minX, xMetres);
    bounds.minY = Math.min(bounds.minY, yMetres);
    bounds.maxX = Math.max(bounds.maxX, xMetres);
    bounds.maxY = Math.max(bounds.maxY, yMetres);
  }
  return bounds.minX <= bounds.maxX ? bounds : null;
}
