import { createTheme } from '@grafana/data';
import { paletteOf } from '../paint/palette';
import { checkSize } from './rawPlan';
import { isGrey, recolour, tintPlan } from './tint';

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

it.each([
  [0, 100, 'plan.svg has no size: an SVG needs a width and a height in pixels.'],
  [16_000, 16_000, 'plan.svg: 16000 × 16000 pixels are too many; the limit is 100 million.'],
])('refuses an image of %d × %d pixels', (width, height, problem) => {
  expect(() => checkSize('plan.svg', width, height)).toThrow(problem);
});

it('leaves a plan as it is that the browser cannot draw, instead of taking the panel down', () => {
  const pen = {
    drawImage: () => {
      throw new Error('no memory left');
    },
  };
  const context = jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never);
  const image = document.createElement('canvas');
  const geometry = { widthPixels: 2, heightPixels: 2 } as never;
  expect(tintPlan({ image, geometry }, paletteOf(createTheme())).picture).toBe(image);
  context.mockRestore();
});

it('leaves a plan as it is whose pixels the browser keeps to itself', () => {
  const pen = {
    drawImage: jest.fn(),
    getImageData: () => {
      throw new DOMException('The canvas has been tainted', 'SecurityError');
    },
  };
  jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never);
  const geometry = { widthPixels: 2, heightPixels: 1, metresPerPixel: 1, originXMetres: 0, originYMetres: 0 };
  const image = document.createElement('canvas');
  const { picture } = tintPlan({ image, geometry: { ...geometry, yawRadians: 0 } }, paletteOf(createTheme()));
  expect(picture).toBeInstanceOf(HTMLCanvasElement);
  expect(pen.drawImage).toHaveBeenCalledWith(image, 0, 0, 2, 1);
});
