export interface Quaternion {
  x: number;
  y: number;
  z: number;
  w: number;
}

/**
 * Rotation about +z in radians, in [−π, π], or null for a quaternion without a direction (length 0).
 * It need not have unit length: published values are rounded. Formula: ZYX Euler angles, yaw.
 */
export function yawRadians({ x, y, z, w }: Quaternion): number | null {
  const squaredLength = x * x + y * y + z * z + w * w;
  if (!(squaredLength > 1e-12) || !Number.isFinite(squaredLength)) return null;
  return Math.atan2(2 * (w * z + x * y), w * w + x * x - y * y - z * z);
}
