import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { planCorners, type PlanGeometry } from '@floorwatch/floorplan/transform';
import { pointsOfShape } from '../geometry/shapeGeometry';
import { boundsOf, type Bounds } from '../geometry/viewport';
import { findBulk } from './bulk';
import type { Fleet } from './fleet';

/** Robots' bounds are widened to this grid, so that a fleet on the move does not refit the view at each update. */
const GRID_METRES = 20;

/**
 * What a fitted view shows: the plan when there is one, else the floor's zones, lanes and stations with the placed robots;
 * null when there is none of them. A robot far from all others is left out: it would leave nothing to see of these.
 */
export function contentBounds(
  plan: PlanGeometry | null,
  shapes: readonly MapShape[],
  fleet: Fleet,
  isPlaced: Uint8Array
): Bounds | null {
  if (plan) return boundsOf(planCorners(plan));
  const robots = boundsOf(placedPoints(fleet, findBulk(fleet, isPlaced)));
  const floor = boundsOf(shapes.flatMap(pointsOfShape));
  if (!robots) return floor;
  const around = {
    minX: Math.floor(robots.minX / GRID_METRES) * GRID_METRES,
    minY: Math.floor(robots.minY / GRID_METRES) * GRID_METRES,
    maxX: Math.ceil(robots.maxX / GRID_METRES) * GRID_METRES,
    maxY: Math.ceil(robots.maxY / GRID_METRES) * GRID_METRES,
  };
  if (!floor) return around;
  // Robots within the zones need no more room than these.
  if (holds(floor, robots)) return floor;
  return {
    minX: Math.min(floor.minX, around.minX),
    minY: Math.min(floor.minY, around.minY),
    maxX: Math.max(floor.maxX, around.maxX),
    maxY: Math.max(floor.maxY, around.maxY),
  };
}

function holds(outer: Bounds, inner: Bounds): boolean {
  return inner.minX >= outer.minX && inner.minY >= outer.minY && inner.maxX <= outer.maxX && inner.maxY <= outer.maxY;
}

function* placedPoints(fleet: Fleet, isPlaced: Uint8Array) {
  for (let i = 0; i < fleet.count; i++) {
    if (isPlaced[i] === 1) yield { xMetres: fleet.xMetres[i] ?? NaN, yMetres: fleet.yMetres[i] ?? NaN };
  }
}
