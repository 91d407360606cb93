import { MAX_PLAN_PIXELS } from '@floorwatch/floorplan/pgm';
import type { PlanGeometry } from '@floorwatch/floorplan/transform';

/** A plan as it was loaded, before it takes the theme's colours. */
export interface RawPlan {
  image: CanvasImageSource;
  geometry: PlanGeometry;
}

/** Wider or higher images cannot be drawn by every browser's canvas. */
export const MAX_SIDE_PIXELS = 16_384;

/** @throws Error in one sentence that names the plan when the image is of no size, or too large to be drawn */
export function checkSize(name: string, widthPixels: number, heightPixels: number): void {
  if (!(widthPixels > 0 && heightPixels > 0)) {
    throw new Error(`${name} has no size: an SVG needs a width and a height in pixels.`);
  }
  const size = `${widthPixels} × ${heightPixels} pixels are too many`;
  if (widthPixels > MAX_SIDE_PIXELS || heightPixels > MAX_SIDE_PIXELS) {
    throw new Error(`${name}: ${size}; the limit is ${MAX_SIDE_PIXELS} on a side.`);
  }
  if (widthPixels * heightPixels > MAX_PLAN_PIXELS) {
    throw new Error(`${name}: ${size}; the limit is ${MAX_PLAN_PIXELS / 1e6} million.`);
  }
}
