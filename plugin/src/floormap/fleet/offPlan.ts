import { mapToPixel, planCorners, type MapPoint, type PlanGeometry } from '@floorwatch/floorplan/transform';
import { boundsOf, type Bounds } from '../geometry/viewport';
import { findBulk } from './bulk';
import type { Fleet } from './fleet';

export interface OffPlan {
  /** Placed robots that stand beside the plan, or far from the others: a fitted view does not show them. */
  robots: number;
  /** With those robots; null when there are none. */
  bounds: Bounds | null;
}

const NONE: OffPlan = { robots: 0, bounds: null };

/**
 * Robots that report places beyond the plan: it is the wrong one, lies wrong, or is smaller than the floor. Without a plan those
 * that are far from all others.
 */
export function findOffPlan(plan: PlanGeometry | null, fleet: Fleet, isPlaced: Uint8Array): OffPlan {
  const off: MapPoint[] = [];
  if (!plan) return farFromOthers(fleet, isPlaced);
  for (let i = 0; i < fleet.count; i++) {
    if (isPlaced[i] !== 1) continue;
    const point = { xMetres: fleet.xMetres[i] ?? NaN, yMetres: fleet.yMetres[i] ?? NaN };
    const { u, v } = mapToPixel(plan, point);
    if (u < 0 || v < 0 || u > plan.widthPixels || v > plan.heightPixels) off.push(point);
  }
  return off.length === 0 ? NONE : { robots: off.length, bounds: boundsOf([...planCorners(plan), ...off]) };
}

function farFromOthers(fleet: Fleet, isPlaced: Uint8Array): OffPlan {
  const isNear = findBulk(fleet, isPlaced);
  const robots = isPlaced.reduce((sum, placed, i) => sum + placed - (isNear[i] ?? 0), 0);
  if (robots === 0) return NONE;
  const points = Array.from(fleet.xMetres, (xMetres, i) => ({ xMetres, yMetres: fleet.yMetres[i] ?? NaN }));
  return { robots, bounds: boundsOf(points.filter((_, i) => isPlaced[i] === 1)) };
}
