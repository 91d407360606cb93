import { viewShift } from '../geometry/viewChanges';
import type { Viewport } from '../geometry/viewport';
import { rasterSettings } from './raster';

/** One sheet of the map: a canvas over the whole panel that remembers the view it was drawn for. */
export class CanvasLayer {
  readonly canvas = document.createElement('canvas');
  readonly pen: CanvasRenderingContext2D | null;
  /** Device pixels a CSS pixel in the drawing as it stands. */
  ratio = 1;
  /** The view that the drawing was made for; null before the first one. */
  drawnFor: Viewport | null = null;

  constructor(parent: HTMLElement, name: string) {
    this.canvas.dataset['layer'] = name;
    Object.assign(this.canvas.style, { position: 'absolute', left: '0', top: '0', transformOrigin: '0 0' });
    this.canvas.style.pointerEvents = 'none';
    parent.append(this.canvas);
    this.pen = this.canvas.getContext('2d', rasterSettings());
  }

  /** Sizes and clears the sheet for a view, with the pen in CSS pixels. Null when the browser gives no context. */
  begin(view: Viewport, ratio: number): CanvasRenderingContext2D | null {
    const { canvas, pen } = this;
    const [width, height] = [Math.round(view.widthPx * ratio), Math.round(view.heightPx * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
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

  /** Moves the finished drawing to where it belongs in another view, without drawing. */
  shiftTo(view: Viewport): void {
    if (!this.drawnFor) return;
    const { scale, xPx, yPx } = viewShift(this.drawnFor, view);
    this.canvas.style.transform =
      scale === 1 && xPx === 0 && yPx === 0 ? '' : `translate(${xPx}px, ${yPx}px) scale(${scale})`;
  }
}
