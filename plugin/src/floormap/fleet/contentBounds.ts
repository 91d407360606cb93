import { planCorners, type PlanGeometry } from '@floorwatch/ingestor/plans/transform';
import { boundsOf, type Bounds } from '../geometry/viewport';
import type { Fleet } from './fleet';

/** Robots' bounds are widened to this grid, so that a fleet on the move does not refit the view at each update. */
const GRID_METRES = 20;

/** What a fitted view shows: the plan when there is one, else the placed robots; null when there is neither. */
export function contentBounds(plan: PlanGeometry | null, fleet: Fleet, isPlaced: Uint8Array): Bounds | null {
  if (plan) return boundsOf(planCorners(plan));
  const bounds = boundsOf(placedPoints(fleet, isPlaced));
  if (!bounds) return null;
  return {
    minX: Math.floor(bounds.minX / GRID_METRES) * GRID_METRES,
    minY: Math.floor(bounds.minY / GRID_METRES) * GRID_METRES,
    maxX: Math.ceil(bounds.maxX / GRID_METRES) * GRID_METRES,
    maxY: Math.ceil(bounds.maxY / GRID_METRES) * GRID_METRES,
  };
}

function* placedPoints(fleet: Fleet, isPlaced: Uint8Array) {
  for (let i = 0; i < fleet.count; i++) {
    if (isPlaced[i] === 1) yield { xMetres: fleet.xMetres[i] ?? NaN, yMetres: fleet.yMetres[i] ?? NaN };
  }
}
