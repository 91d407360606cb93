import type { Palette } from '../paint/palette';
import type { DrawablePlan } from '../paint/scene';
import type { RawPlan } from './rawPlan';

/** How far the channels of a pixel may lie apart to count as grey: JPEG leaves a little colour in grey. */
const GREY_TOLERANCE = 12;
const SAMPLES = 4_096;

/**
 * The plan in the theme's colours. Grey plans (occupancy maps, line drawings) become floor and walls of the theme, so
 * that a white hall does not glare at night; plans with colours of their own are left as they are.
 */
export function tintPlan(plan: RawPlan, palette: Palette): DrawablePlan {
  const { widthPixels, heightPixels } = plan.geometry;
  const canvas = document.createElement('canvas');
  canvas.width = widthPixels;
  canvas.height = heightPixels;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return { picture: plan.image, geometry: plan.geometry };
  const pixels = readPixels(pen, plan.image, widthPixels, heightPixels);
  if (pixels === 'not drawn') return { picture: plan.image, geometry: plan.geometry };
  if (!pixels || !isGrey(pixels.data)) return { picture: canvas, geometry: plan.geometry };
  recolour(pixels.data, palette);
  pen.putImageData(pixels, 0, 0);
  return { picture: canvas, geometry: plan.geometry };
}

/**
 * Null where the browser keeps the pixels to itself, as of an SVG that holds a page: then the plan stays as it is. A browser
 * that cannot draw it here, without memory for a canvas of that size, must not take the whole panel down.
 */
function readPixels(
  pen: CanvasRenderingContext2D,
  image: RawPlan['image'],
  widthPixels: number,
  heightPixels: number
): ImageData | null | 'not drawn' {
  try {
    pen.drawImage(image, 0, 0, widthPixels, heightPixels);
  } catch {
    return 'not drawn';
  }
  try {
    return pen.getImageData(0, 0, widthPixels, heightPixels);
  } catch {
    return null;
  }
}

export function isGrey(rgba: Uint8ClampedArray): boolean {
  const step = Math.max(1, Math.floor(rgba.length / 4 / SAMPLES)) * 4;
  for (let at = 0; at < rgba.length; at += step) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = [rgba[at], rgba[at + 1], rgba[at + 2], rgba[at + 3]];
    if (alpha > 0 && Math.max(red, green, blue) - Math.min(red, green, blue) > GREY_TOLERANCE) return false;
  }
  return true;
}

/** White becomes the theme's floor, black its walls, in place. */
export function recolour(rgba: Uint8ClampedArray, { floor, wall }: Pick<Palette, 'floor' | 'wall'>): void {
  for (let at = 0; at < rgba.length; at += 4) {
    const white = (rgba[at] ?? 0) / 255;
    for (let channel = 0; channel < 3; channel++) {
      const dark = wall[channel] ?? 0;
      rgba[at + channel] = dark + ((floor[channel] ?? 0) - dark) * white;
    }
  }
}
