import type { PlanGeometry } from '@floorwatch/ingestor/plans/transform';

/** A plan as it was loaded, before it takes the theme's colours. */
export interface RawPlan {
  image: CanvasImageSource;
  geometry: PlanGeometry;
}

/** Wider or higher images cannot be drawn by every browser's canvas. */
export const MAX_SIDE_PIXELS = 16_384;

/** @throws Error in one sentence that names the plan when the image is too large to be drawn */
export function checkSize(name: string, widthPixels: number, heightPixels: number): void {
  if (widthPixels > MAX_SIDE_PIXELS || heightPixels > MAX_SIDE_PIXELS) {
    throw new Error(
      `${name}: ${widthPixels} × ${heightPixels} pixels are too many; the limit is ${MAX_SIDE_PIXELS} on a side.`
    );
  }
}
