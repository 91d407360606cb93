export interface Quaternion {
  x: number;
  y: number;
  z: number;
  w: number;
}

/**
 * Rotation about +z in radians, in [−π, π], or null for a quaternion without a direction (length 0).
 * It may have any other length, because published values are rounded. Formula: ZYX Euler angles, yaw.
 */
export function yawRadians(quaternion: Quaternion): number | null {
  const largest = Math.max(...Object.values(quaternion).map(Math.abs));
  if (!(largest > 1e-6)) return null;
  // Very large components overflow when squared.
  const [x, y, z, w] = [quaternion.x, quaternion.y, quaternion.z, quaternion.w].map((part) => part / largest) as [
    number,
    number,
    number,
    number,
  ];
  return Math.atan2(2 * (w * z + x * y), w * w + x * x - y * y - z * z);
}
