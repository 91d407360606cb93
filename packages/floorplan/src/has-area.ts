import type { MapPoint } from './transform.ts';

/** A tenth of a millimetre: what is narrower is a line. */
const NARROWEST_METRES = 1e-4;

/** Whether corners enclose anything: not when all of them lie on one line, or in one point. */
export function hasArea(corners: readonly MapPoint[]): boolean {
  const [first] = corners;
  if (!first) return false;
  const from = corners.map(({ xMetres, yMetres }) => ({ x: xMetres - first.xMetres, y: yMetres - first.yMetres }));
  const farthest = from.reduce((a, b) => (Math.hypot(b.x, b.y) > Math.hypot(a.x, a.y) ? b : a));
  const length = Math.hypot(farthest.x, farthest.y);
  return from.some(({ x, y }) => Math.abs(farthest.x * y - farthest.y * x) > NARROWEST_METRES * length);
}
