import type { Viewport } from '../geometry/viewport';
import type { PaintedRobots } from '../paint/paintedRobots';
import type { Scene } from '../paint/scene';

/** What a layer is painted from at one moment. */
export interface Frame {
  view: Viewport;
  /** Device pixels per CSS pixel. The pen is in CSS pixels. */
  ratio: number;
  scene: Scene;
  robots: PaintedRobots;
  /** Robots that are at least partly on screen; the whole fleet on canvases other than `robots`. */
  drawnRobots: number;
  /** Marker diameter in CSS pixels. */
  markerPx: number;
}

export type PaintLayer = (pen: CanvasRenderingContext2D, frame: Frame) => void;

/**
 * One layer of the map. To add one, write a file that exports it and name it in `registry.ts`.
 * The pen's settings are the layer's own: they are restored after it.
 */
export interface MapLayer {
  /** What messages call it: "The map cannot paint its …". */
  name: string;
  /**
   * The canvas that it lies on. `plan` is painted for another view or scene only, below the robots, and must not depend
   * on where they are; `robots` whenever robots are, above their markers; `overlay` on top, for a change of the scene and,
   * while `followsRobots`, in each frame.
   */
  canvas: 'plan' | 'robots' | 'overlay';
  /** Parts of the scene that it shows: a change of one of them paints its canvas again. All layers show the palette. */
  shows: ReadonlyArray<keyof Scene>;
  followsRobots?: (scene: Scene) => boolean;
  /** Called once per map, so that a layer can keep what is expensive to work out. */
  create: () => PaintLayer;
}
