import type { Frame, MapLayer } from '../layers/mapLayer';
import { MapCanvas } from '../paint/mapCanvas';
import { PaintBudget } from '../paint/paintBudget';
import { LayerStack } from './layerStack';
import type { Pace } from './viewPace';

/** While the view moves, this canvas is moved by CSS and painted no more often than this. */
const REPAINT_MS = 120;

/** The canvas under the robots. It is painted for another view or content only. */
export class PlanCanvas {
  readonly canvas: MapCanvas;
  readonly layers: LayerStack;
  #isStale = true;
  readonly #budget = new PaintBudget(REPAINT_MS);

  constructor(parent: HTMLElement, layers: readonly MapLayer[]) {
    this.canvas = new MapCanvas(parent, 'plan');
    this.layers = new LayerStack(layers, 'plan');
  }

  /** What the canvas shows is no longer right: another view, or other content. */
  expire(): void {
    this.#isStale = true;
  }

  paint(frame: Frame, { nowMs, isMoving, fullRatio }: Pace): void {
    const { view, ratio } = frame;
    this.canvas.shiftTo(view);
    const isBlurred = !isMoving && this.canvas.ratio !== fullRatio;
    if (!this.#isStale && !isBlurred) return;
    if (isMoving && !this.#budget.isDue(nowMs)) return;
    const pen = this.canvas.begin(view, ratio);
    if (pen) this.layers.paint(pen, frame);
    this.#budget.note(nowMs, performance.now());
    this.#isStale = false;
  }
}
