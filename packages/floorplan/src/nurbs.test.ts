import { describe, expect, it } from 'vitest';
import { flattenNurbs, nurbsProblem, type NurbsCurve } from './nurbs.ts';

const at = (x: number, y: number, weight = 1) => ({ xMetres: x, yMetres: y, weight });
/** A quarter of the unit circle, exact with the middle weight √½. */
const quarter: NurbsCurve = {
  degree: 2,
  knots: [0, 0, 0, 1, 1, 1],
  controlPoints: [at(1, 0), at(1, 1, Math.SQRT1_2), at(0, 1)],
};

describe('flattenNurbs', () => {
  it('keeps every point of a rational quarter circle on the circle', () => {
    const path = flattenNurbs(quarter, 8);
    expect(path).toHaveLength(9);
    for (const { xMetres, yMetres } of path) expect(Math.hypot(xMetres, yMetres)).toBeCloseTo(1, 12);
    expect(path.at(-1)?.yMetres).toBeCloseTo(1, 12);
  });

  it('has the computed position at the knot between two pieces', () => {
    // Example 16 of LIF.md: at the double knot's middle the curve is the mean of the inner control points.
    const curve: NurbsCurve = {
      degree: 2,
      knots: [0, 0, 0, 0.5, 1, 1, 1],
      controlPoints: [at(0, 0), at(0, 1.8), at(3.6, 1.8), at(3.6, 0)],
    };
    const [first, middle, last] = flattenNurbs(curve, 2);
    expect(first).toEqual({ xMetres: 0, yMetres: 0 });
    expect(middle).toEqual({ xMetres: 1.8, yMetres: 1.8 });
    expect(last).toEqual({ xMetres: 3.6, yMetres: 0 });
  });
});

it.each([
  ['2 control points', { ...quarter, degree: 1, controlPoints: [at(0, 0)] }],
  ['6 knots are expected, but there are 5', { ...quarter, knots: [0, 0, 0, 1, 1] }],
  ['must not decrease', { ...quarter, knots: [0, 0, 0, 1, 0.5, 1] }],
  ['cover an empty interval', { ...quarter, knots: [0, 0, 0, 0, 0, 0] }],
  ['weights', { ...quarter, controlPoints: [at(1, 0), at(1, 1, 0), at(0, 1)] }],
])('reports a problem of an invalid curve: %s', (problem, curve) => {
  expect(nurbsProblem(curve)).toContain(problem);
});
