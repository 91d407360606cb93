/** Marker diameters in CSS pixels for which sprites are drawn; in between, the next smaller one is used unscaled. */
const SIZES_PX = [6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 34, 40] as const;

/** A robot's usual footprint: markers grow with the floor once they would be larger than their minimum. */
const ROBOT_LENGTH_METRES = 0.9;

/**
 * Marker diameter in CSS pixels: as large as the robot itself within bounds, and smaller for a large fleet so that
 * robots side by side stay apart.
 */
export function markerSizePx(pxPerMetre: number, robots: number): number {
  const smallest = robots > 20_000 ? 6 : robots > 2_000 ? 8 : robots > 300 ? 12 : robots > 120 ? 17 : 20;
  const wanted = Math.max(smallest, ROBOT_LENGTH_METRES * pxPerMetre);
  return SIZES_PX.findLast((size) => size <= wanted) ?? SIZES_PX[0];
}
