import { hitTest, markerSizePx } from './markers';
import { toScreen, type Viewport } from './viewport';

const view: Viewport = { widthPx: 800, heightPx: 600, centreXMetres: 10, centreYMetres: 20, pxPerMetre: 10 };
const x = Float64Array.from([10, 12, NaN, 30]);
const y = Float64Array.from([20, 20, NaN, 20]);
const all = Uint8Array.from([1, 1, 1, 1]);

it('finds the robot where it is drawn', () => {
  const at = toScreen(view, { xMetres: 12, yMetres: 20 });
  expect(hitTest(view, x, y, all, { xPx: at.xPx + 3, yPx: at.yPx - 2 }, 8)).toBe(1);
});

it('takes the nearer of two markers, and none out of reach', () => {
  expect(hitTest(view, x, y, all, { xPx: 408, yPx: 300 }, 15)).toBe(0);
  expect(hitTest(view, x, y, all, { xPx: 500, yPx: 100 }, 15)).toBe(-1);
});

it('does not find a robot that is not shown', () => {
  expect(hitTest(view, x, y, Uint8Array.from([0, 1, 1, 1]), { xPx: 400, yPx: 300 }, 8)).toBe(-1);
});

it('draws a large fleet smaller, and robots at their own size once that is larger', () => {
  expect(markerSizePx(1, 50_000)).toBe(6);
  expect(markerSizePx(1, 50)).toBe(20);
  expect(markerSizePx(40, 50_000)).toBe(34);
});
