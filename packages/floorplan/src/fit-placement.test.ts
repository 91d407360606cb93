import { describe, expect, it } from 'vitest';
import { type CalibrationPoint, fitPlacement, type PlanPlacement } from './fit-placement.ts';

const IMAGE_HEIGHT_PIXELS = 1674;
const expected: PlanPlacement = { metresPerPixel: 0.03, originXMetres: -15.1, originYMetres: -25, yawRadians: 0.4 };
const clicks = [
  [100, 200],
  [900, 250],
  [500, 1500],
  [120, 1400],
] as const;

/** formats.md: dx = res (cos ψ·u − sin ψ·(h − v)), dy = res (sin ψ·u + cos ψ·(h − v)). */
function pointAt(u: number, v: number, errorMetres = 0): CalibrationPoint {
  const cos = Math.cos(expected.yawRadians) * expected.metresPerPixel;
  const sin = Math.sin(expected.yawRadians) * expected.metresPerPixel;
  const up = IMAGE_HEIGHT_PIXELS - v;
  return {
    uPixels: u,
    vPixels: v,
    xMetres: expected.originXMetres + cos * u - sin * up + errorMetres,
    yMetres: expected.originYMetres + sin * u + cos * up,
  };
}

const options = { imageHeightPixels: IMAGE_HEIGHT_PIXELS };
const exact = clicks.map(([u, v]) => pointAt(u, v));

function reasonOf(points: CalibrationPoint[]): string {
  const fit = fitPlacement(points, options);
  return fit.ok ? 'fitted' : fit.reason;
}

describe('fitPlacement', () => {
  it('finds scale, rotation and offset from exact points', () => {
    const fit = fitPlacement(exact, options);
    if (!fit.ok) throw new Error(fit.reason);
    expect(fit.placement.metresPerPixel).toBeCloseTo(expected.metresPerPixel, 9);
    expect(fit.placement.yawRadians).toBeCloseTo(expected.yawRadians, 9);
    expect(fit.placement.originXMetres).toBeCloseTo(expected.originXMetres, 6);
    expect(fit.placement.originYMetres).toBeCloseTo(expected.originYMetres, 6);
    expect(fit.rmsCentimetres).toBeLessThan(1e-6);
  });

  it('has the largest residual at an inaccurate click', () => {
    const sloppy = [...exact.slice(0, 3), pointAt(120, 1400, 0.5)];
    const fit = fitPlacement(sloppy, options);
    if (!fit.ok) throw new Error(fit.reason);
    expect(Math.max(...fit.residualsCentimetres)).toBe(fit.residualsCentimetres[3]);
    expect(fit.rmsCentimetres).toBeGreaterThan(5);
    expect(fit.rmsCentimetres).toBeLessThan(50);
  });

  it('keeps a known scale', () => {
    const fit = fitPlacement(exact, { ...options, metresPerPixel: 0.05 });
    expect(fit).toMatchObject({ ok: true, placement: { metresPerPixel: 0.05 } });
  });

  it.each([
    ['mirrored', exact.map((p) => ({ ...p, xMetres: -p.xMetres }))],
    ['mirrored', exact.map((p) => ({ ...p, xMetres: p.yMetres, yMetres: p.xMetres }))],
    ['on one line', [pointAt(0, 0), pointAt(100, 100), pointAt(900, 905)]],
    ['one spot of the image', exact.map((p) => ({ ...p, uPixels: 5, vPixels: 5 }))],
    ['same place on the floor', exact.map((p) => ({ ...p, xMetres: 5, yMetres: 5 }))],
    ['3 to 8 points, got 2', exact.slice(0, 2)],
    ['3 to 8 points, got 9', Array.from({ length: 9 }, (_, i) => pointAt(i * 50, i * i * 10))],
    ['Point 2 has a coordinate', [pointAt(0, 0), { ...pointAt(9, 9), xMetres: Number.NaN }, pointAt(0, 900)]],
  ])('rejects points with the reason: %s', (reason, points) => {
    expect(reasonOf(points)).toContain(reason);
  });
});
