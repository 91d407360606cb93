import { MAX_COORDINATE_METRES } from '@floorwatch/contract';
import { viewShift } from './viewChanges';
import { boundsOf, fitBounds, isSameView, panBy, toMap, toScreen, zoomAt, type Viewport } from './viewport';

const view: Viewport = { widthPx: 800, heightPx: 600, centreXMetres: 10, centreYMetres: 20, pxPerMetre: 10 };

it('puts the centre in the middle and y up', () => {
  expect(toScreen(view, { xMetres: 10, yMetres: 20 })).toEqual({ xPx: 400, yPx: 300 });
  expect(toScreen(view, { xMetres: 11, yMetres: 21 })).toEqual({ xPx: 410, yPx: 290 });
});

it('comes back from the screen to the same point', () => {
  const point = toMap(view, { xPx: 123, yPx: 456 });
  expect(toScreen(view, point)).toEqual({ xPx: 123, yPx: 456 });
});

it('moves the content with the pointer', () => {
  const before = toMap(view, { xPx: 100, yPx: 100 });
  const after = toScreen(panBy(view, 30, -40), before);
  expect(after.xPx).toBeCloseTo(130, 9);
  expect(after.yPx).toBeCloseTo(60, 9);
});

it('keeps the point under the cursor when it zooms', () => {
  const cursor = { xPx: 700, yPx: 50 };
  const before = toMap(view, cursor);
  const after = toMap(zoomAt(view, 3, cursor), cursor);
  expect(after.xMetres).toBeCloseTo(before.xMetres, 9);
  expect(after.yMetres).toBeCloseTo(before.yMetres, 9);
});

it('zooms within limits', () => {
  expect(zoomAt(view, 1e9, { xPx: 0, yPx: 0 }).pxPerMetre).toBe(2_000);
  expect(zoomAt(view, 1e-9, { xPx: 0, yPx: 0 }).pxPerMetre).toBe(0.000_005);
});

it('fits all of the bounds into the panel', () => {
  const fitted = fitBounds(800, 600, { minX: 0, minY: 0, maxX: 60, maxY: 40 });
  const low = toScreen(fitted, { xMetres: 0, yMetres: 0 });
  const high = toScreen(fitted, { xMetres: 60, yMetres: 40 });
  expect(low.xPx).toBeCloseTo(24, 6);
  expect(high.xPx).toBeCloseTo(776, 6);
  expect(high.yPx).toBeGreaterThanOrEqual(24);
});

it('shows every place that the contract takes, in a small panel too', () => {
  const [least, most] = [-MAX_COORDINATE_METRES, MAX_COORDINATE_METRES];
  const fitted = fitBounds(280, 220, { minX: least, minY: least, maxX: most, maxY: most });
  for (const metres of [least, most]) {
    const { xPx, yPx } = toScreen(fitted, { xMetres: metres, yMetres: metres });
    expect(xPx).toBeGreaterThan(0);
    expect(xPx).toBeLessThan(280);
    expect(yPx).toBeGreaterThan(0);
    expect(yPx).toBeLessThan(220);
  }
});

it('gives a single robot a surrounding, and a panel without size a finite view', () => {
  expect(fitBounds(800, 600, { minX: 5, minY: 5, maxX: 5, maxY: 5 }).pxPerMetre).toBeCloseTo(50.4, 6);
  expect(Number.isFinite(fitBounds(0, 0, { minX: 0, minY: 0, maxX: 1, maxY: 1 }).pxPerMetre)).toBe(true);
});

it('has no bounds of nothing', () => {
  expect(boundsOf([])).toBeNull();
});

it('moves a finished drawing by CSS to exactly where it would be drawn again', () => {
  const moved = zoomAt(panBy(view, 37, -12), 1.7, { xPx: 200, yPx: 500 });
  const shift = viewShift(view, moved);
  const point = { xMetres: 3, yMetres: 44 };
  const old = toScreen(view, point);
  const again = toScreen(moved, point);
  expect(old.xPx * shift.scale + shift.xPx).toBeCloseTo(again.xPx, 6);
  expect(old.yPx * shift.scale + shift.yPx).toBeCloseTo(again.yPx, 6);
});

it('recognises a view that a refresh sets again', () => {
  expect(isSameView(view, { ...view })).toBe(true);
  expect(isSameView(view, panBy(view, 1, 0))).toBe(false);
});
