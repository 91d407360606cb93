import type { MapShape } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';

/**
 * A place inside for a name: the middle of the widest part of the polygon at half its height. Unlike the centroid it is
 * never outside, however bent the polygon is.
 */
export function labelPoint(corners: readonly MapPoint[]): MapPoint {
  const ys = corners.map(({ yMetres }) => yMetres);
  const yMetres = (Math.min(...ys) + Math.max(...ys)) / 2;
  const { leftMetres, rightMetres } = widestAt(corners, yMetres);
  return { xMetres: (leftMetres + rightMetres) / 2, yMetres };
}

/** The widest part of a polygon at one height; without width where the polygon does not reach. */
export function widestAt(corners: readonly MapPoint[], yMetres: number): { leftMetres: number; rightMetres: number } {
  const crossings = corners
    .map((corner, k) => ({ corner, next: corners[(k + 1) % corners.length] ?? corner }))
    .filter(({ corner, next }) => corner.yMetres > yMetres !== next.yMetres > yMetres)
    .map(({ corner, next }) => crossingX(corner, next, yMetres))
    .sort((a, b) => a - b);
  const outside = corners[0]?.xMetres ?? NaN;
  let widest = { leftMetres: outside, rightMetres: outside };
  for (let k = 0; k + 1 < crossings.length; k += 2) {
    const [leftMetres = NaN, rightMetres = NaN] = [crossings[k], crossings[k + 1]];
    if (rightMetres - leftMetres > widest.rightMetres - widest.leftMetres) widest = { leftMetres, rightMetres };
  }
  return widest;
}

function crossingX(a: MapPoint, b: MapPoint, yMetres: number): number {
  return a.xMetres + ((yMetres - a.yMetres) / (b.yMetres - a.yMetres)) * (b.xMetres - a.xMetres);
}

/** Distance of a point from a path of straight pieces, metres. */
export function distanceToPath(path: readonly MapPoint[], xMetres: number, yMetres: number): number {
  let nearest = Infinity;
  for (let k = 1; k < path.length; k++) {
    const [a, b] = [path[k - 1], path[k]];
    if (!a || !b) continue;
    const [dx, dy] = [b.xMetres - a.xMetres, b.yMetres - a.yMetres];
    const squared = dx * dx + dy * dy;
    const along = squared === 0 ? 0 : ((xMetres - a.xMetres) * dx + (yMetres - a.yMetres) * dy) / squared;
    const share = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, Math.hypot(a.xMetres + share * dx - xMetres, a.yMetres + share * dy - yMetres));
  }
  return nearest;
}

/** The point half-way along a path. */
export function midOfPath(path: readonly MapPoint[]): MapPoint & { headingRadians: number } {
  const lengths = path.slice(1).map((b, k) => {
    const a = path[k] ?? b;
    return Math.hypot(b.xMetres - a.xMetres, b.yMetres - a.yMetres);
  });
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  const piece = Math.max(
    0,
    lengths.findIndex((length) => (left -= length) <= 0)
  );
  const length = lengths[piece] ?? 0;
  const [a, b] = [path[piece], path[piece + 1]];
  if (!a || !b) return { xMetres: NaN, yMetres: NaN, headingRadians: NaN };
  const share = length === 0 ? 0 : 1 + left / length;
  const [dx, dy] = [b.xMetres - a.xMetres, b.yMetres - a.yMetres];
  return { xMetres: a.xMetres + share * dx, yMetres: a.yMetres + share * dy, headingRadians: Math.atan2(dy, dx) };
}

/** Corners of a zone, points of a lane, place of a station. */
export function pointsOfShape(shape: MapShape): readonly MapPoint[] {
  if (shape.type === 'zone') return shape.corners;
  return shape.type === 'lane' ? shape.path : [shape.at];
}
