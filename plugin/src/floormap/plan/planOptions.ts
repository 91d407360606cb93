import type { CalibrationPoint } from '@floorwatch/floorplan/fit-placement';

export type PlanSource = 'database' | 'url' | 'none';

/** Where a plan image lies in the map frame, as the panel's options keep it, and the points that it was fitted to. */
export interface ImagePlacement {
  metresPerPixel: number;
  /** Outer corner of the lower-left pixel in the map frame. */
  originXMetres: number;
  originYMetres: number;
  /** Counter-clockwise. */
  yawDegrees: number;
  /** What it was fitted from; none when it was typed. */
  points: CalibrationPoint[];
}

/** The panel's options on its plan. */
export interface PlanOptions {
  planSource: PlanSource;
  planUrl: string;
  /** Place of an image that does not bring its own, as a ROS YAML does. */
  planPlacement: ImagePlacement;
}
