import { mapToPixel, planCorners, type MapPoint, type PlanGeometry } from '@floorwatch/floorplan/transform';
import { boundsOf, type Bounds } from '../geometry/viewport';
import type { Fleet } from './fleet';

export interface OffPlan {
  /** Placed robots that stand beside the plan: a view of the plan does not show them. */
  robots: number;
  /** Of the plan with those robots; null when there are none. */
  bounds: Bounds | null;
}

const NONE: OffPlan = { robots: 0, bounds: null };

/** Robots that report places beyond the plan: it is the wrong one, lies wrong, or is smaller than the floor. */
export function findOffPlan(plan: PlanGeometry | null, fleet: Fleet, isPlaced: Uint8Array): OffPlan {
  if (!plan) return NONE;
  const off: MapPoint[] = [];
  for (let i = 0; i < fleet.count; i++) {
    if (isPlaced[i] !== 1) continue;
    const point = { xMetres: fleet.xMetres[i] ?? NaN, yMetres: fleet.yMetres[i] ?? NaN };
    const { u, v } = mapToPixel(plan, point);
    if (u < 0 || v < 0 || u > plan.widthPixels || v > plan.heightPixels) off.push(point);
  }
  return off.length === 0 ? NONE : { robots: off.length, bounds: boundsOf([...planCorners(plan), ...off]) };
}
