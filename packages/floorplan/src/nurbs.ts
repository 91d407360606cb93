import type { MapPoint } from './transform.ts';

/** A NURBS curve as VDA 5050 and LIF write trajectories: knots in [0, 1], one weight a control point (1 when absent). */
export interface NurbsCurve {
  degree: number;
  knots: readonly number[];
  controlPoints: readonly (MapPoint & { weight: number })[];
}

/** One sentence on what makes the curve unusable; null when nothing does. */
export function nurbsProblem({ degree, knots, controlPoints }: NurbsCurve): string | null {
  const expected = controlPoints.length + degree + 1;
  if (controlPoints.length <= degree) return `degree ${degree} needs at least ${degree + 1} control points`;
  if (knots.length !== expected) return `${expected} knots are expected, it has ${knots.length}`;
  if (knots.some((knot, i) => knot < (knots[i - 1] ?? knot))) return 'its knots must not fall';
  if (!((knots[degree] ?? 0) < (knots[controlPoints.length] ?? 0))) return 'its knots span nothing';
  if (controlPoints.some(({ weight }) => !(weight > 0))) return 'its weights must be above 0';
  return null;
}

/** The curve as a path of straight pieces, its two ends included. */
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
  let span = degree;
  while (span < controlPoints.length - 1 && at >= knot(span + 1)) span++;
  const points = controlPoints
    .slice(span - degree, span + 1)
    .map(({ xMetres, yMetres, weight }) => ({ x: xMetres * weight, y: yMetres * weight, w: weight }));
  for (let level = 1; level <= degree; level++) {
    for (let i = degree; i >= level; i--) {
      const left = knot(span - degree + i);
      const width = knot(span + 1 + i - level) - left;
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
