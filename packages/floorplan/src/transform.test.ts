import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapToPixel, pixelToMap, planCorners, type PlanGeometry } from './transform.ts';

const plan = (over: Partial<PlanGeometry> = {}): PlanGeometry => ({
  widthPixels: 200,
  heightPixels: 100,
  metresPerPixel: 0.05,
  originXMetres: -1,
  originYMetres: -2,
  yawRadians: 0,
  ...over,
});

describe('a plan without yaw', () => {
  it('has its origin at the lower-left corner of the image', () => {
    expect(mapToPixel(plan(), { xMetres: -1, yMetres: -2 })).toEqual({ u: 0, v: 100 });
  });

  it('u increases with x, and v decreases with y', () => {
    const { u, v } = mapToPixel(plan(), { xMetres: 0, yMetres: -1 });
    expect(u).toBeCloseTo(20, 9);
    expect(v).toBeCloseTo(80, 9);
  });
});

describe('a plan with yaw', () => {
  it('u increases with y when the yaw is 90 degrees', () => {
    const turned = plan({ yawRadians: Math.PI / 2 });
    const { u, v } = mapToPixel(turned, { xMetres: -1, yMetres: 3 });
    expect(u).toBeCloseTo(100, 9);
    expect(v).toBeCloseTo(100, 9);
  });

  it('matches a value computed by hand for 30 degrees', () => {
    const turned = plan({ yawRadians: Math.PI / 6, originXMetres: 0, originYMetres: 0, metresPerPixel: 0.1 });
    // (1, 2): along = cos30·1 + sin30·2 = 1.8660254, up = −sin30·1 + cos30·2 = 1.2320508
    const { u, v } = mapToPixel(turned, { xMetres: 1, yMetres: 2 });
    expect(u).toBeCloseTo(18.660254, 6);
    expect(v).toBeCloseTo(87.679492, 6);
  });

  it('planCorners returns the corners of the image in order', () => {
    const [topLeft, topRight, bottomRight, bottomLeft] = planCorners(plan({ yawRadians: Math.PI / 2 }));
    expect(bottomLeft).toEqual({ xMetres: -1, yMetres: -2 });
    expect(bottomRight.yMetres).toBeCloseTo(8, 9);
    expect(topLeft.xMetres).toBeCloseTo(-6, 9);
    expect(topRight.xMetres).toBeCloseTo(-6, 9);
  });
});

it('mapToPixel inverts pixelToMap within 1e-6 for any plan', () => {
  const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({
        metresPerPixel: finite(0.005, 1),
        originXMetres: finite(-1e3, 1e3),
        originYMetres: finite(-1e3, 1e3),
        yawRadians: finite(-Math.PI, Math.PI),
      }),
      finite(-100, 20_000),
      finite(-100, 20_000),
      (over, u, v) => {
        const back = mapToPixel(plan(over), pixelToMap(plan(over), { u, v }));
        expect(Math.abs(back.u - u)).toBeLessThan(1e-6);
        expect(Math.abs(back.v - v)).toBeLessThan(1e-6);
      }
    )
  );
});
