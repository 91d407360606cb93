import { pixelToMap, type PlanGeometry } from './transform.ts';

/** Scale, position and rotation of an image in the map frame, without its size. */
export type PlanPlacement = Omit<PlanGeometry, 'widthPixels' | 'heightPixels'>;

/** A point seen in the image (u right, v down, pixels from the top-left corner) and measured on the floor. */
export interface CalibrationPoint {
  uPixels: number;
  vPixels: number;
  xMetres: number;
  yMetres: number;
}

export interface PlacementFit {
  ok: true;
  placement: PlanPlacement;
  rmsCentimetres: number;
  /** One per point, in the given order. */
  residualsCentimetres: number[];
}

export interface PlacementRefusal {
  ok: false;
  reason: string;
}

export const MIN_CALIBRATION_POINTS = 3;
export const MAX_CALIBRATION_POINTS = 8;

/** If the points are closer to a line than this share of their spread, a plan and its mirror image fit equally well. */
const COLLINEAR_SHARE = 0.02;

/**
 * Least-squares placement of an image from three to eight points: a similarity, or a rigid motion when
 * `metresPerPixel` is known. Closed form in two dimensions, after Umeyama, "Least-squares estimation of transformation
 * parameters between two point patterns" (1991): with centred complex numbers p (image, y up) and q (floor),
 * rotation and scale are Σ q·p̄ / Σ |p|².
 */
export function fitPlacement(
  points: readonly CalibrationPoint[],
  options: { imageHeightPixels: number; metresPerPixel?: number }
): PlacementFit | PlacementRefusal {
  const problem = problemOf(points);
  if (problem !== null) return { ok: false, reason: problem };

  const image = points.map((p) => ({ x: p.uPixels, y: options.imageHeightPixels - p.vPixels }));
  const floor = points.map((p) => ({ x: p.xMetres, y: p.yMetres }));
  const sums = crossSums(image, floor);

  // A mirrored floor fits the conjugate of the image better: |Σ q·p| against |Σ q·p̄|.
  if (sums.mirroredMagnitude > sums.magnitude) {
    return { ok: false, reason: 'The points are mirrored: check the sign of x or y, or whether x and y are swapped.' };
  }
  const metresPerPixel = options.metresPerPixel ?? sums.magnitude / sums.imageSpread;
  const yawRadians = Math.atan2(sums.imaginary, sums.real);
  const placement = placeCentroid(sums, metresPerPixel, yawRadians);
  const geometry = { ...placement, widthPixels: 0, heightPixels: options.imageHeightPixels };
  const residualsCentimetres = points.map((point) => {
    const placed = pixelToMap(geometry, { u: point.uPixels, v: point.vPixels });
    return 100 * Math.hypot(placed.xMetres - point.xMetres, placed.yMetres - point.yMetres);
  });
  const meanSquare = residualsCentimetres.reduce((sum, r) => sum + r * r, 0) / points.length;
  return { ok: true, placement, rmsCentimetres: Math.sqrt(meanSquare), residualsCentimetres };
}

interface Vector {
  x: number;
  y: number;
}

function problemOf(points: readonly CalibrationPoint[]): string | null {
  if (points.length < MIN_CALIBRATION_POINTS || points.length > MAX_CALIBRATION_POINTS) {
    return `Calibration takes ${MIN_CALIBRATION_POINTS} to ${MAX_CALIBRATION_POINTS} points, got ${points.length}.`;
  }
  const broken = points.findIndex((p) => ![p.uPixels, p.vPixels, p.xMetres, p.yMetres].every(Number.isFinite));
  if (broken >= 0) return `Point ${broken + 1} has a coordinate that is not a number.`;
  const onImage = thinness(points.map((p) => ({ x: p.uPixels, y: p.vPixels })));
  const onFloor = thinness(points.map((p) => ({ x: p.xMetres, y: p.yMetres })));
  if (onImage === null) return 'The points lie on one spot of the image: click them far apart.';
  if (onFloor === null) return 'The points have the same place on the floor: type the metres of each.';
  if (Math.min(onImage, onFloor) < COLLINEAR_SHARE) {
    return 'The points lie on one line, which fits the plan and its mirror image alike: click one well off the line.';
  }
  return null;
}

/** Smaller over larger standard deviation of the points along their principal axes; null when they coincide. */
function thinness(points: readonly Vector[]): number | null {
  const centre = centroid(points);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (const p of points) {
    xx += (p.x - centre.x) ** 2;
    yy += (p.y - centre.y) ** 2;
    xy += (p.x - centre.x) * (p.y - centre.y);
  }
  const half = (xx + yy) / 2;
  const radius = Math.hypot((xx - yy) / 2, xy);
  if (half + radius < 1e-9) return null;
  return Math.sqrt(Math.max(0, half - radius) / (half + radius));
}

function centroid(points: readonly Vector[]): Vector {
  const sum = points.reduce((a, p) => ({ x: a.x + p.x, y: a.y + p.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

interface CrossSums {
  real: number;
  imaginary: number;
  magnitude: number;
  mirroredMagnitude: number;
  imageSpread: number;
  imageCentre: Vector;
  floorCentre: Vector;
}

function crossSums(image: readonly Vector[], floor: readonly Vector[]): CrossSums {
  const imageCentre = centroid(image);
  const floorCentre = centroid(floor);
  let real = 0;
  let imaginary = 0;
  let mirroredReal = 0;
  let mirroredImaginary = 0;
  let imageSpread = 0;
  for (const [i, pixel] of image.entries()) {
    const place = floor[i] ?? floorCentre;
    const p = { x: pixel.x - imageCentre.x, y: pixel.y - imageCentre.y };
    const q = { x: place.x - floorCentre.x, y: place.y - floorCentre.y };
    real += q.x * p.x + q.y * p.y;
    imaginary += q.y * p.x - q.x * p.y;
    mirroredReal += q.x * p.x - q.y * p.y;
    mirroredImaginary += q.y * p.x + q.x * p.y;
    imageSpread += p.x * p.x + p.y * p.y;
  }
  return {
    real,
    imaginary,
    magnitude: Math.hypot(real, imaginary),
    mirroredMagnitude: Math.hypot(mirroredReal, mirroredImaginary),
    imageSpread,
    imageCentre,
    floorCentre,
  };
}

function placeCentroid(sums: CrossSums, metresPerPixel: number, yawRadians: number): PlanPlacement {
  const cos = metresPerPixel * Math.cos(yawRadians);
  const sin = metresPerPixel * Math.sin(yawRadians);
  const { imageCentre, floorCentre } = sums;
  return {
    metresPerPixel,
    originXMetres: floorCentre.x - (cos * imageCentre.x - sin * imageCentre.y),
    originYMetres: floorCentre.y - (sin * imageCentre.x + cos * imageCentre.y),
    yawRadians,
  };
}
