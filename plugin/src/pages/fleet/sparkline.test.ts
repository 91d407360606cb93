import { sparklinePath } from './sparkline';

it('draws a line from 0 to the highest value, and no line over a gap', () => {
  const points = [0, 10, null, 5, 10];
  expect(sparklinePath(points, points)).toBe('M0 23L25 1M75 12L100 1');
});

it('draws a single point as a short line, and nothing for no point', () => {
  expect(sparklinePath([null, 4, null], [4])).toBe('M50 1h1');
  expect(sparklinePath([null, null], [])).toBe('');
});

it('draws a value that is always 0 at the bottom', () => {
  expect(sparklinePath([0, 0], [0, 0])).toBe('M0 23L100 23');
});
