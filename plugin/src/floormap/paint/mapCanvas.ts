import { viewShift } from '../geometry/viewChanges';
import type { Viewport } from '../geometry/viewport';
import { rasterSettings } from './raster';

/** One canvas of the map: it covers the whole panel and remembers the view that it was drawn for. */
export class MapCanvas {
  readonly canvas = document.createElement('canvas');
  readonly pen: CanvasRenderingContext2D | null;
  /** Device pixels per CSS pixel in the drawing as it stands. */
  ratio = 1;
  /** The view that the drawing was made for; null before the first one. */
  drawnFor: Viewport | null = null;
  #hasStrayPen = false;

  constructor(parent: HTMLElement, name: string) {
    this.canvas.dataset['layer'] = name;
    Object.assign(this.canvas.style, { position: 'absolute', left: '0', top: '0', transformOrigin: '0 0' });
    this.canvas.style.pointerEvents = 'none';
    parent.append(this.canvas);
    this.pen = this.canvas.getContext('2d', rasterSettings());
  }

  /** Sizes and clears the canvas for a view, with the pen in CSS pixels. Null when the browser gives no context. */
  begin(view: Viewport, ratio: number): CanvasRenderingContext2D | null {
    const { canvas, pen } = this;
    const [width, height] = [Math.round(view.widthPx * ratio), Math.round(view.heightPx * ratio)];
    // Setting the size, to the same one too, restores all settings of the pen.
    if (canvas.width !== width || canvas.height !== height || this.#hasStrayPen) {
      canvas.width = width;
      canvas.height = height;
      this.#hasStrayPen = false;
    }
    canvas.style.width = `${view.widthPx}px`;
    canvas.style.height = `${view.heightPx}px`;
    canvas.style.transform = '';
    this.ratio = ratio;
    this.drawnFor = view;
    if (!pen) return null;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    return pen;
  }

  /** A painting was broken off: the next one must not inherit the pen's settings. What was painted stays until then. */
  expectFreshPen(): void {
    this.#hasStrayPen = true;
  }

  /** Moves the finished drawing to where it belongs in another view, without drawing. */
  shiftTo(view: Viewport): void {
    if (!this.drawnFor) return;
    const { scale, xPx, yPx } = viewShift(this.drawnFor, view);
    this.canvas.style.transform =
      scale === 1 && xPx === 0 && yPx === 0 ? '' : `translate(${xPx}px, ${yPx}px) scale(${scale})`;
  }
}
