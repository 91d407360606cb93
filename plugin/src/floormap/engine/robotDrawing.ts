import { toScreen, type Viewport } from '../geometry/viewport';
import type { PixelBuffer } from '../paint/pixelBuffer';
import type { PaintedRobots } from '../paint/paintedRobots';
import { spriteColumn, type SpriteAtlas } from '../paint/spriteAtlas';

/** Robots copied between two looks at the clock. */
const CHUNK_ROBOTS = 500;

/**
 * Thousands of robots copied to a buffer of pixels, some milliseconds in each frame, so that the view goes on at the
 * screen's own rate whatever the fleet's size.
 */
export class RobotDrawing {
  readonly view: Viewport;
  readonly ratio: number;
  /** Robots that are at least partly on screen, once the drawing is finished. */
  drawn = 0;
  readonly robots: PaintedRobots;
  readonly #buffer: PixelBuffer;
  readonly #atlas: SpriteAtlas;
  /** Position in the painting order from which to go on. */
  #next = 0;

  /** @param buffer is cleared, and holds the finished drawing */
  constructor(view: Viewport, ratio: number, robots: PaintedRobots, atlas: SpriteAtlas, buffer: PixelBuffer) {
    this.view = view;
    this.ratio = ratio;
    this.robots = robots;
    this.#atlas = atlas;
    this.#buffer = buffer;
    buffer.begin(Math.round(view.widthPx * ratio), Math.round(view.heightPx * ratio));
  }

  /** Draws on until `budgetMs` is used up; true while the drawing is not finished. */
  proceed(budgetMs: number): boolean {
    const { order } = this.robots;
    const deadline = performance.now() + budgetMs;
    while (this.#next < order.length) {
      this.#drawChunk(Math.min(this.#next + CHUNK_ROBOTS, order.length));
      if (performance.now() > deadline) break;
    }
    return this.#next < order.length;
  }

  #drawChunk(end: number): void {
    const { view, ratio, robots } = this;
    const { cellPx, widthPx: stridePx } = this.#atlas;
    const origin = toScreen(view, { xMetres: 0, yMetres: 0 });
    const scale = view.pxPerMetre * ratio;
    const [originX, originY] = [origin.xPx * ratio - cellPx / 2, origin.yPx * ratio - cellPx / 2];
    const { widthPx: right, heightPx: bottom } = this.#buffer;
    const cell = { pixels: this.#atlas.pixels(), stridePx, xPx: 0, yPx: 0, sidePx: cellPx };
    for (; this.#next < end; this.#next++) {
      const i = robots.order[this.#next] ?? 0;
      if (robots.isShown[i] === 0) continue;
      const x = Math.round(originX + (robots.xMetres[i] ?? NaN) * scale);
      const y = Math.round(originY - (robots.yMetres[i] ?? NaN) * scale);
      if (!(x > -cellPx && y > -cellPx && x < right && y < bottom)) continue;
      cell.xPx = spriteColumn(robots.headingRadians[i] ?? NaN) * cellPx;
      cell.yPx = (robots.fleet.statuses[i] ?? 0) * cellPx;
      this.#buffer.copy(cell, x, y, robots.opacity[i] ?? 1);
      this.drawn++;
    }
  }
}
