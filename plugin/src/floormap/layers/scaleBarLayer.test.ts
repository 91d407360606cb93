import { scaleBar } from './scaleBarLayer';

it('labels the scale bar with a round length', () => {
  expect(scaleBar(10, 140)).toEqual({ metres: 10, widthPx: 100 });
  expect(scaleBar(100, 140)).toEqual({ metres: 1, widthPx: 100 });
  expect(scaleBar(0.1, 140).metres).toBe(1_000);
});
