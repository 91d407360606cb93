import {
  fitPlacement,
  type CalibrationPoint,
  type PlacementFit,
  type PlacementRefusal,
} from '@floorwatch/floorplan/fit-placement';
import type { ImagePlacement } from '../plan/planOptions';

/** A point clicked on the image; null until its metres are typed. */
export interface ClickedPoint {
  uPixels: number;
  vPixels: number;
  xMetres: number | null;
  yMetres: number | null;
}

/**
 * Fits the image to the clicked points. Points without metres are named, not left out in silence.
 * @param metresPerPixel a scale that is known: then only turn and shift are fitted
 */
export function fitClicks(
  clicks: readonly ClickedPoint[],
  imageHeightPixels: number,
  metresPerPixel?: number
): PlacementFit | PlacementRefusal {
  const unmeasured = clicks.findIndex(({ xMetres, yMetres }) => xMetres === null || yMetres === null);
  if (unmeasured >= 0) return { ok: false, reason: `Type the metres of point ${unmeasured + 1}.` };
  if (metresPerPixel !== undefined && !(metresPerPixel > 0)) {
    return { ok: false, reason: 'The known scale must be above 0 metres per pixel.' };
  }
  const known = metresPerPixel === undefined ? {} : { metresPerPixel };
  return fitPlacement(measured(clicks), { imageHeightPixels, ...known });
}

/** The fit as the options keep it. */
export function placementOf({ placement }: PlacementFit, clicks: readonly ClickedPoint[]): ImagePlacement {
  const { metresPerPixel, originXMetres, originYMetres, yawRadians } = placement;
  // Digits that people can read: a micrometre over 10,000 pixels.
  return {
    metresPerPixel: rounded(metresPerPixel, 10),
    originXMetres: rounded(originXMetres, 6),
    originYMetres: rounded(originYMetres, 6),
    yawDegrees: rounded((yawRadians * 180) / Math.PI, 8),
    points: measured(clicks),
  };
}

function measured(clicks: readonly ClickedPoint[]): CalibrationPoint[] {
  return clicks.map((click) => ({ ...click, xMetres: click.xMetres ?? NaN, yMetres: click.yMetres ?? NaN }));
}

function rounded(number: number, digits: number): number {
  return Number(number.toFixed(digits));
}
