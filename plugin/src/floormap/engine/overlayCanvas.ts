import { isSameView, type Viewport } from '../geometry/viewport';
import type { Annotation } from '../annotations/readAnnotations';
import { CanvasLayer } from '../paint/mapCanvas';
import { drawAnnotations } from '../layers/annotationsLayer';
import { drawRings, drawScaleBar } from '../layers/ringsLayer';
import type { Palette } from '../paint/palette';
import type { PaintedRobots } from '../paint/paintedRobots';
import { drawSketch, type Sketch } from '../layers/drawingLayer';

/** What lies over the robots: rings, annotations, what the user draws, and the scale. */
export interface Overlay {
  /** Index of the robot under the pointer; −1 for none. */
  hovered: number;
  selected: ReadonlySet<string>;
  sketch: Sketch | null;
  annotations: readonly Annotation[];
  focusedAnnotation: Annotation | null;
}

/** The sheet of the overlay. It rests while nothing on it can have moved: robots glide in nearly every frame. */
export class OverlaySheet {
  readonly layer: CanvasLayer;
  #overlay: Overlay = { hovered: -1, selected: new Set(), sketch: null, annotations: [], focusedAnnotation: null };
  #isStale = true;

  constructor(parent: HTMLElement) {
    this.layer = new CanvasLayer(parent, 'overlay');
  }

  get selected(): ReadonlySet<string> {
    return this.#overlay.selected;
  }

  change(part: Partial<Overlay>): void {
    this.#overlay = { ...this.#overlay, ...part };
    this.#isStale = true;
  }

  /** What the sheet shows has other colours now. */
  expire(): void {
    this.#isStale = true;
  }

  paint(view: Viewport, ratio: number, robots: PaintedRobots, palette: Palette, markerPx: number): void {
    const { hovered, selected, sketch, annotations, focusedAnnotation } = this.#overlay;
    const { drawnFor } = this.layer;
    const isSame = drawnFor !== null && isSameView(drawnFor, view) && this.layer.ratio === ratio;
    const followsRobots = hovered >= 0 || selected.size > 0 || annotations.length > 0;
    if (isSame && !this.#isStale && !followsRobots) return;
    const pen = this.layer.begin(view, ratio);
    this.#isStale = false;
    if (!pen) return;
    drawRings(pen, view, robots, palette, { hovered, selected, markerPx });
    drawAnnotations(pen, view, annotations, focusedAnnotation, robots, palette);
    if (sketch) drawSketch(pen, view, palette, sketch);
    drawScaleBar(pen, view, palette);
  }
}
