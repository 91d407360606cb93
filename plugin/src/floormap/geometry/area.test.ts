import { boxBetween, isInside, pathLength, robotsInside } from './area';

const p = (xMetres: number, yMetres: number) => ({ xMetres, yMetres });
// An L: the notch at the upper right is outside.
const ell = [p(0, 0), p(4, 0), p(4, 2), p(2, 2), p(2, 4), p(0, 4)];

it.each([
  [1, 1, true],
  [3, 1, true],
  [1, 3, true],
  [3, 3, false],
  [-1, 1, false],
  [NaN, NaN, false],
])('places %d, %d in an L-shaped lasso: %s', (x, y, expected) => {
  expect(isInside(ell, x, y)).toBe(expected);
});

it('works whichever way a box was drawn', () => {
  expect(isInside(boxBetween(p(5, 5), p(1, 1)), 3, 3)).toBe(true);
});

it('measures a line in metres', () => {
  expect(pathLength([p(0, 0), p(3, 4), p(3, 6)])).toBe(7);
  expect(pathLength([p(1, 1)])).toBe(0);
});

it('selects shown robots only', () => {
  const x = Float64Array.from([1, 1, 3]);
  const y = Float64Array.from([1, 1, 3]);
  expect(robotsInside(ell, x, y, Uint8Array.from([1, 0, 1]))).toEqual([0]);
});
