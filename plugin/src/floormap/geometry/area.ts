import type { MapPoint } from '@floorwatch/floorplan/transform';

/** True when the point lies inside the closed polygon (even-odd rule). */
export function isInside(polygon: readonly MapPoint[], xMetres: number, yMetres: number): boolean {
  let inside = false;
  polygon.forEach((corner, k) => {
    const before = polygon.at(k - 1) ?? corner;
    const crosses = corner.yMetres > yMetres !== before.yMetres > yMetres;
    if (!crosses) return;
    const share = (yMetres - corner.yMetres) / (before.yMetres - corner.yMetres);
    if (xMetres < corner.xMetres + share * (before.xMetres - corner.xMetres)) inside = !inside;
  });
  return inside;
}

/** The corners of the upright rectangle between two points. */
export function boxBetween(a: MapPoint, b: MapPoint): MapPoint[] {
  return [a, { xMetres: b.xMetres, yMetres: a.yMetres }, b, { xMetres: a.xMetres, yMetres: b.yMetres }];
}

/** Length in metres of the line through the points. */
export function pathLength(points: readonly MapPoint[]): number {
  return points.reduce((sum, point, k) => {
    const before = points[k - 1];
    return before ? sum + Math.hypot(point.xMetres - before.xMetres, point.yMetres - before.yMetres) : sum;
  }, 0);
}

/** Indices of the shown robots inside the polygon. */
export function robotsInside(
  polygon: readonly MapPoint[],
  xMetres: Float64Array,
  yMetres: Float64Array,
  isShown: Uint8Array
): number[] {
  const found: number[] = [];
  isShown.forEach((shown, i) => {
    if (shown === 1 && isInside(polygon, xMetres[i] ?? NaN, yMetres[i] ?? NaN)) found.push(i);
  });
  return found;
}
