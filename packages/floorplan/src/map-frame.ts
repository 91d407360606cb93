/** The map frame: metres, right-handed, y up; directions in radians, counter-clockwise from +x. */

/** Largest |x| and |y| in metres: far beyond any floor, and well inside Float32. */
export const MAX_COORDINATE_METRES = 1e7;

/** The same direction in (−π, π]. */
export function normaliseRadians(angle: number): number {
  if (angle > -Math.PI && angle <= Math.PI) return angle;
  const turned = angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
  return turned <= -Math.PI ? Math.PI : turned;
}
