import { viewShift } from '../geometry/viewChanges';
import type { Viewport } from '../geometry/viewport';
import { MapCanvas } from '../paint/mapCanvas';

/**
 * One canvas in place of all others while the view moves and frames run late. Without a GPU the browser blends every
 * canvas over the whole screen again for each frame; on a wall display of 3840 × 2160 that alone takes longer than a
 * frame. One canvas of fewer pixels, enlarged without smoothing, measured six times as many frames.
 */
export class MovingCanvas {
  readonly #canvas: MapCanvas;
  readonly #others: HTMLElement;

  /** @param others holds the canvases that are hidden meanwhile */
  constructor(host: HTMLElement, others: HTMLElement) {
    this.#others = others;
    this.#canvas = new MapCanvas(host, 'moving');
    this.#canvas.canvas.style.imageRendering = 'pixelated';
    this.hide();
  }

  dispose(): void {
    this.#canvas.canvas.remove();
  }

  /** Shows the canvases, each where it belongs in this view, at this many device pixels per CSS pixel. */
  show(view: Viewport, ratio: number, canvases: readonly MapCanvas[]): void {
    const pen = this.#canvas.begin(view, ratio);
    if (!pen) return;
    pen.imageSmoothingEnabled = false;
    for (const source of canvases) {
      if (!source.drawnFor) continue;
      const { scale, xPx, yPx } = viewShift(source.drawnFor, view);
      const perPixel = (scale / source.ratio) * ratio;
      pen.setTransform(perPixel, 0, 0, perPixel, xPx * ratio, yPx * ratio);
      pen.drawImage(source.canvas, 0, 0);
    }
    this.#others.style.display = 'none';
    this.#canvas.canvas.style.display = '';
  }

  hide(): void {
    this.#others.style.display = '';
    this.#canvas.canvas.style.display = 'none';
  }
}
