import { fitClicks, placementOf, type ClickedPoint } from './imagePlacement';

const click = (uPixels: number, vPixels: number, xMetres: number | null, yMetres: number | null): ClickedPoint => ({
  uPixels,
  vPixels,
  xMetres,
  yMetres,
});
/** An image of 100 pixels height at 10 cm a pixel whose lower-left corner is (5, −2). */
const clicks = [click(0, 100, 5, -2), click(100, 100, 15, -2), click(0, 0, 5, 8)];

it('fits the placement and keeps the points that tell how', () => {
  const fit = fitClicks(clicks, 100);
  if (!fit.ok) throw new Error(fit.reason);
  const { points, ...placement } = placementOf(fit, clicks);
  expect(placement.metresPerPixel).toBeCloseTo(0.1, 12);
  expect(placement.originXMetres).toBeCloseTo(5, 9);
  expect(placement.originYMetres).toBeCloseTo(-2, 9);
  expect(placement.yawDegrees).toBeCloseTo(0, 9);
  expect(points).toEqual(clicks);
  expect(fit.rmsCentimetres).toBeLessThan(1e-6);
});

it('keeps a scale that is known, and says by how much each point is off', () => {
  const fit = fitClicks(clicks, 100, 0.11);
  if (!fit.ok) throw new Error(fit.reason);
  expect(fit.placement.metresPerPixel).toBe(0.11);
  expect(Math.max(...fit.residualsCentimetres)).toBeGreaterThan(10);
});

it.each([
  ['Type the metres of point 2.', [clicks[0], click(1, 1, 2, null)] as ClickedPoint[], undefined],
  ['got 1', clicks.slice(0, 1), undefined],
  ['mirrored', clicks.map((one) => ({ ...one, xMetres: -(one.xMetres ?? 0) })), undefined],
  ['on one line', [clicks[0], clicks[1], click(50, 100, 10, -2)] as ClickedPoint[], undefined],
  ['above 0', clicks, 0],
])('refuses: %s', (reason, points, scale) => {
  const fit = fitClicks(points, 100, scale);
  expect(fit.ok ? 'fitted' : fit.reason).toContain(reason);
});
