import {
  fitPlacement,
  MAX_CALIBRATION_POINTS,
  MIN_CALIBRATION_POINTS,
  type CalibrationPoint,
  type PlacementFit,
  type PlacementRefusal,
} from '@floorwatch/floorplan/fit-placement';
import { t } from '@grafana/i18n';
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
  if (unmeasured >= 0) {
    const number = unmeasured + 1;
    return { ok: false, reason: t('map.calibration.no_metres', 'Type the metres of point {{number}}.', { number }) };
  }
  if (metresPerPixel !== undefined && !(metresPerPixel > 0)) {
    return {
      ok: false,
      reason: t('map.calibration.no_scale', 'The known scale must be above 0 metres per pixel.'),
    };
  }
  const known = metresPerPixel === undefined ? {} : { metresPerPixel };
  const fit = fitPlacement(measured(clicks), { imageHeightPixels, ...known });
  return fit.ok ? fit : { ok: false, reason: refusalText(fit.reason, clicks.length) };
}

/** What the fit says in English, as people read it. */
function refusalText(reason: string, points: number): string {
  if (points < MIN_CALIBRATION_POINTS || points > MAX_CALIBRATION_POINTS) {
    return t('map.calibration.count', 'Calibration takes {{least}} to {{most}} points, got {{points}}.', {
      least: MIN_CALIBRATION_POINTS,
      most: MAX_CALIBRATION_POINTS,
      points,
    });
  }
  switch (true) {
    case reason.includes('mirrored:'):
      return t(
        'map.calibration.mirrored',
        'The points are mirrored: check the sign of x or y, or whether x and y are swapped.'
      );
    case reason.includes('one spot'):
      return t('map.calibration.one_spot', 'The points lie on one spot of the image: click them far apart.');
    case reason.includes('the same place'):
      return t('map.calibration.one_place', 'The points have the same place on the floor: type the metres of each.');
    case reason.includes('one line'):
      return t(
        'map.calibration.one_line',
        'The points lie on one line, which fits the plan and its mirror image alike: click one well off the line.'
      );
    default:
      return reason;
  }
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
