import type { PlanGeometry } from '@floorwatch/floorplan/transform';
import { visiblePart } from './planLayer';

describe('the visible part of a plan', () => {
  const plan: PlanGeometry = {
    widthPixels: 1_000,
    heightPixels: 500,
    metresPerPixel: 0.1,
    originXMetres: 0,
    originYMetres: 0,
    yawRadians: 0,
  };
  const view = { widthPx: 200, heightPx: 100, centreXMetres: 50, centreYMetres: 25, pxPerMetre: 10 };

  it('is what the screen covers', () => {
    expect(visiblePart(plan, view)).toEqual({ u: 399, v: 199, w: 202, h: 102 });
  });

  it('is nothing when the plan is out of sight', () => {
    expect(visiblePart(plan, { ...view, centreXMetres: 900 })).toBeNull();
  });
});
