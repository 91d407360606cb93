import { Halvings } from './halvings';

jest.mock('./raster', () => ({ rasterSettings: () => ({}) }));

const picture = document.createElement('canvas');
/** jsdom has no canvas: a pen that takes what is drawn is enough to make levels. */
const pen = { drawImage: jest.fn() };

beforeEach(() => {
  jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never);
});

it('takes the smallest level that still has a pixel for each device pixel', () => {
  const levels = new Halvings(picture, 4_000, 2_001);
  expect(levels.levelFor(3)).toEqual({ picture, perPixel: { x: 1, y: 1 } });
  expect(levels.levelFor(0.6).perPixel.x).toBe(1);
  expect(levels.levelFor(0.5).perPixel).toEqual({ x: 2, y: 2_001 / 1_001 });
  expect(levels.levelFor(0.3).perPixel.x).toBe(2);
});

it('does not halve what is small already', () => {
  const levels = new Halvings(picture, 4_000, 2_001);
  expect(levels.levelFor(0.001).perPixel.x).toBe(4);
  expect(new Halvings(picture, 300, 300).levelFor(0.001).perPixel.x).toBe(1);
});
