import { STATUSES } from '../fleet/status';
import type { Palette } from './palette';
import { rasterSettings } from './raster';
import { drawMarker } from './markers';

/** Headings a marker is drawn in: 48 steps of 7.5° are finer than a marker of 40 pixels can show. */
const HEADINGS = 48;
/** Column after the headings: a robot whose heading is not known. */
const NO_HEADING = HEADINGS;

/** All markers of one size, drawn once and then copied: a copy costs a fiftieth of drawing the path. */
export interface SpriteAtlas {
  image: HTMLCanvasElement;
  /** Side of one sprite in device pixels, a whole number. */
  cellPx: number;
  /** Width of the whole atlas in device pixels. */
  widthPx: number;
  /** The atlas as ImageData holds it, read when it is first asked for. */
  pixels: () => Uint32Array;
}

/** @param markerPx marker diameter in device pixels */
export function buildSpriteAtlas(palette: Palette, markerPx: number): SpriteAtlas {
  const cellPx = Math.ceil(markerPx * 1.25) + 2;
  const image = document.createElement('canvas');
  image.width = cellPx * (HEADINGS + 1);
  image.height = cellPx * STATUSES.length;
  // Both sides of a copy must lie in the same memory, or each sprite would wait for a read-back.
  const pen = image.getContext('2d', rasterSettings());
  let pixels: Uint32Array | undefined;
  const readPixels = () => {
    pixels ??= pen
      ? new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer)
      : new Uint32Array(0);
    return pixels;
  };
  const atlas = { image, cellPx, widthPx: image.width, pixels: readPixels };
  if (!pen) return atlas;
  STATUSES.forEach((status, row) => {
    const colours = { fill: palette.statusFill[row] ?? '', outline: palette.outline, sign: palette.sign };
    for (let column = 0; column <= HEADINGS; column++) {
      const heading = column === NO_HEADING ? NaN : (column * 2 * Math.PI) / HEADINGS;
      pen.save();
      pen.translate((column + 0.5) * cellPx, (row + 0.5) * cellPx);
      drawMarker(pen, status, heading, markerPx, colours);
      pen.restore();
    }
  });
  return atlas;
}

/** The column of the atlas for a heading. */
export function spriteColumn(headingRadians: number): number {
  if (Number.isNaN(headingRadians)) return NO_HEADING;
  const step = Math.round((headingRadians * HEADINGS) / (2 * Math.PI)) % HEADINGS;
  return step < 0 ? step + HEADINGS : step;
}
