/**
 * Position of a plan image in the map frame. Pixels start at the top-left corner of the image, u right and v down. Metres
 * are right-handed, y up. The origin is the outer corner of the lower-left pixel, as in ROS `map_server`.
 */
export interface PlanGeometry {
  widthPixels: number;
  heightPixels: number;
  metresPerPixel: number;
  originXMetres: number;
  originYMetres: number;
  /** Rotation of the image in the map frame, counter-clockwise. */
  yawRadians: number;
}

export interface MapPoint {
  xMetres: number;
  yMetres: number;
}

export interface PixelPoint {
  u: number;
  v: number;
}

/** Map frame to image pixels: u = (cos ψ·dx + sin ψ·dy) / res, v = h − (−sin ψ·dx + cos ψ·dy) / res. */
export function mapToPixel(plan: PlanGeometry, { xMetres, yMetres }: MapPoint): PixelPoint {
  const dx = xMetres - plan.originXMetres;
  const dy = yMetres - plan.originYMetres;
  const cos = Math.cos(plan.yawRadians);
  const sin = Math.sin(plan.yawRadians);
  return {
    u: (cos * dx + sin * dy) / plan.metresPerPixel,
    v: plan.heightPixels - (cos * dy - sin * dx) / plan.metresPerPixel,
  };
}

/** The inverse of {@link mapToPixel}. */
export function pixelToMap(plan: PlanGeometry, { u, v }: PixelPoint): MapPoint {
  const along = u * plan.metresPerPixel;
  const up = (plan.heightPixels - v) * plan.metresPerPixel;
  const cos = Math.cos(plan.yawRadians);
  const sin = Math.sin(plan.yawRadians);
  return {
    xMetres: plan.originXMetres + cos * along - sin * up,
    yMetres: plan.originYMetres + sin * along + cos * up,
  };
}

/** The four corners of the image in the map frame: top-left, top-right, bottom-right, bottom-left. */
export function planCorners(plan: PlanGeometry): [MapPoint, MapPoint, MapPoint, MapPoint] {
  const { widthPixels: w, heightPixels: h } = plan;
  return [
    pixelToMap(plan, { u: 0, v: 0 }),
    pixelToMap(plan, { u: w, v: 0 }),
    pixelToMap(plan, { u: w, v: h }),
    pixelToMap(plan, { u: 0, v: h }),
  ];
}
