import { expect, it } from 'vitest';
import { hasArea } from './map-shape.ts';

const corners = (...points: [number, number][]) => points.map(([xMetres, yMetres]) => ({ xMetres, yMetres }));

it.each([
  [true, 'a triangle', corners([0, 0], [1, 0], [0, 1])],
  [true, 'a bow tie, whose signed areas cancel', corners([0, 0], [4, 4], [4, 0], [0, 4])],
  [true, 'a triangle one millimetre wide', corners([0, 0], [100, 0], [100, 0.001])],
  [false, 'a line, back and forth', corners([5, 5], [1, 1], [9, 9], [3, 3])],
  [false, 'one point', corners([1, 1], [1, 1], [1, 1])],
  [false, 'no corners', []],
])('%s: %s', (isArea, _, points) => {
  expect(hasArea(points)).toBe(isArea);
});
