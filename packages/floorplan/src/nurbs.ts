import type { MapPoint } from './transform.ts';

/** A trajectory of VDA 5050 or LIF as NURBS curve: knots in [0, 1], one weight per control point. */
export interface NurbsCurve {
  degree: number;
  knots: readonly number[];
  controlPoints: readonly (MapPoint & { weight: number })[];
}

/** The problem that makes the curve invalid, as text, or null. */
export function nurbsProblem({ degree, knots, controlPoints }: NurbsCurve): string | null {
  const expected = controlPoints.length + degree + 1;
  if (controlPoints.length <= degree) return `degree ${degree} needs at least ${degree + 1} control points`;
  if (knots.length !== expected) return `${expected} knots are expected, but there are ${knots.length}`;
  if (knots.some((knot, i) => knot < (knots[i - 1] ?? knot))) return 'its knots must not decrease';
  if (!((knots[degree] ?? 0) < (knots[controlPoints.length] ?? 0))) return 'its knots cover an empty interval';
  if (controlPoints.some(({ weight }) => !(weight > 0))) return 'its weights must be above 0';
  return null;
}

/** The curve as a path of straight pieces, including both ends. */
export function flattenNurbs(curve: NurbsCurve, pieces = 32): MapPoint[] {
  const first = curve.knots[curve.degree] ?? 0;
  const last = curve.knots[curve.controlPoints.length] ?? 1;
  return Array.from({ length: pieces + 1 }, (_, k) => pointAt(curve, first + ((last - first) * k) / pieces));
}

/**
 * De Boor's algorithm in homogeneous coordinates.
 * @see Piegl and Tiller, "The NURBS Book", algorithm A4.1
 */
function pointAt({ degree, knots, controlPoints }: NurbsCurve, at: number): MapPoint {
  const knot = (i: number): number => knots[i] ?? 0;
  let knotIndex = degree;
  while (knotIndex < controlPoints.length - 1 && at >= knot(knotIndex + 1)) knotIndex++;
  const points = controlPoints
    .slice(knotIndex - degree, knotIndex + 1)
    .map(({ xMetres, yMetres, weight }) => ({ x: xMetres * weight, y: yMetres * weight, w: weight }));
  for (let level = 1; level <= degree; level++) {
    for (let i = degree; i >= level; i--) {
      const left = knot(knotIndex - degree + i);
      const width = knot(knotIndex + 1 + i - level) - left;
      const share = width === 0 ? 0 : (at - left) / width;
      const [a, b] = [points[i - 1], points[i]];
      if (!a || !b) continue;
      points[i] = { x: mix(a.x, b.x, share), y: mix(a.y, b.y, share), w: mix(a.w, b.w, share) };
    }
  }
  const { x, y, w } = points[degree] ?? { x: NaN, y: NaN, w: 1 };
  return { xMetres: x / w, yMetres: y / w };
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
