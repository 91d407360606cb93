import { viewShift } from '../geometry/viewChanges';
import type { Viewport } from '../geometry/viewport';
import { CanvasLayer } from '../paint/mapCanvas';

/**
 * One sheet in place of all others while the view moves and frames run late. Without a GPU the browser blends every
 * sheet over the whole screen anew for each frame; on a wall display of 3840 × 2160 that alone takes longer than a
 * frame. One sheet of fewer pixels, enlarged without smoothing, measured six times as many frames.
 */
export class MovingSheet {
  readonly #sheet: CanvasLayer;
  readonly #others: HTMLElement;

  /** @param others holds the sheets that are hidden meanwhile */
  constructor(host: HTMLElement, others: HTMLElement) {
    this.#others = others;
    this.#sheet = new CanvasLayer(host, 'moving');
    this.#sheet.canvas.style.imageRendering = 'pixelated';
    this.hide();
  }

  dispose(): void {
    this.#sheet.canvas.remove();
  }

  /** Shows the sheets, each where it belongs in this view, at this many device pixels a CSS pixel. */
  show(view: Viewport, ratio: number, sheets: readonly CanvasLayer[]): void {
    const pen = this.#sheet.begin(view, ratio);
    if (!pen) return;
    pen.imageSmoothingEnabled = false;
    for (const sheet of sheets) {
      if (!sheet.drawnFor) continue;
      const { scale, xPx, yPx } = viewShift(sheet.drawnFor, view);
      const perPixel = (scale / sheet.ratio) * ratio;
      pen.setTransform(perPixel, 0, 0, perPixel, xPx * ratio, yPx * ratio);
      pen.drawImage(sheet.canvas, 0, 0);
    }
    this.#others.style.display = 'none';
    this.#sheet.canvas.style.display = '';
  }

  hide(): void {
    this.#others.style.display = '';
    this.#sheet.canvas.style.display = 'none';
  }
}
