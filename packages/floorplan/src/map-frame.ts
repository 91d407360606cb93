/** The map frame: metres, right-handed, y up. Directions are radians, counter-clockwise from +x. */

/** Largest |x| and |y| in metres: far larger than any floor, and exact enough in Float32. */
export const MAX_COORDINATE_METRES = 1e7;

/** The same direction in (−π, π]. */
export function normaliseRadians(angle: number): number {
  if (angle > -Math.PI && angle <= Math.PI) return angle;
  const turned = angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
  return turned <= -Math.PI ? Math.PI : turned;
}
