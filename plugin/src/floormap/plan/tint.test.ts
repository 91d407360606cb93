import { escapeText } from './askDatabase';
import { checkSize } from './rawPlan';
import { isGrey, recolour } from './tint';

const pixels = (...rgba: number[]) => Uint8ClampedArray.from(rgba);

it('takes an occupancy map for grey, and a coloured drawing for itself', () => {
  expect(isGrey(pixels(0, 0, 0, 255, 205, 205, 205, 255))).toBe(true);
  expect(isGrey(pixels(0, 0, 0, 255, 200, 40, 40, 255))).toBe(false);
});

it('does not look at the colour of transparent pixels', () => {
  expect(isGrey(pixels(255, 0, 0, 0))).toBe(true);
});

it('turns white into floor and black into wall', () => {
  const rgba = pixels(255, 255, 255, 255, 0, 0, 0, 255);
  recolour(rgba, { floor: [10, 20, 30], wall: [100, 110, 120] });
  expect([...rgba]).toEqual([10, 20, 30, 255, 100, 110, 120, 255]);
});

it('refuses an image of 20,000 × 20,000 pixels in one sentence', () => {
  expect(() => checkSize('hall.png', 20_000, 20_000)).toThrow(
    'hall.png: 20000 × 20000 pixels are too many; the limit is 16384 on a side.'
  );
});

it('quotes a map id for SQL', () => {
  expect(escapeText("O'Hara\\1")).toBe("O\\'Hara\\\\1");
});
