/** Of sums and means: Float32 columns keep 7 digits. Counts and texts must be equal. */
const RELATIVE_TOLERANCE = 1e-5;
const ABSOLUTE_TOLERANCE = 1e-3;

/** True when a measured number is as it should be, but for what Float32 and the order of a sum change. */
export function isClose(expected: number, actual: number): boolean {
  return Math.abs(expected - actual) <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * Math.abs(expected);
}
