import { MAX_PLAN_PIXELS } from '@floorwatch/floorplan/pgm';
import type { PlanGeometry } from '@floorwatch/floorplan/transform';
import { t } from '@grafana/i18n';
import { UNESCAPED } from '../../grafana/showText';

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
    throw new Error(
      t('map.plan.no_size', '{{name}} has no size: an SVG needs a width and a height in pixels.', {
        name,
        ...UNESCAPED,
      })
    );
  }
  const said = { name, width: widthPixels, height: heightPixels, ...UNESCAPED };
  if (widthPixels > MAX_SIDE_PIXELS || heightPixels > MAX_SIDE_PIXELS) {
    throw new Error(
      t(
        'map.plan.too_wide',
        '{{name}}: {{width}} × {{height}} pixels are too many; the limit is {{limit}} on a side.',
        { ...said, limit: MAX_SIDE_PIXELS }
      )
    );
  }
  if (widthPixels * heightPixels > MAX_PLAN_PIXELS) {
    throw new Error(
      t('map.plan.too_large', '{{name}}: {{width}} × {{height}} pixels are too many; the limit is {{limit}} million.', {
        ...said,
        limit: MAX_PLAN_PIXELS / 1e6,
      })
    );
  }
}
