import { isSameView } from '../geometry/viewport';
import type { Frame, MapLayer } from '../layers/mapLayer';
import { MapCanvas } from '../paint/mapCanvas';
import { LayerStack } from './layerStack';

/** The canvas over the robots. It rests while nothing on it can have moved: robots glide in nearly every frame. */
export class OverlayCanvas {
  readonly canvas: MapCanvas;
  readonly layers: LayerStack;
  #isStale = true;

  constructor(parent: HTMLElement, layers: readonly MapLayer[]) {
    this.canvas = new MapCanvas(parent, 'overlay');
    this.layers = new LayerStack(layers, 'overlay');
  }

  expire(): void {
    this.#isStale = true;
  }

  paint(frame: Frame): void {
    const { view, ratio, scene } = frame;
    const { drawnFor } = this.canvas;
    const isSame = drawnFor !== null && isSameView(drawnFor, view) && this.canvas.ratio === ratio;
    if (isSame && !this.#isStale && !this.layers.followsRobots(scene)) return;
    const pen = this.canvas.begin(view, ratio);
    this.#isStale = false;
    if (pen) this.layers.paint(pen, frame);
  }
}
