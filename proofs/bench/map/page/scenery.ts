import type { Cells } from '../../../../plugin/src/floormap/heatmap/cells';
import { drawHeat } from '../../../../plugin/src/floormap/heatmap/heatPicture';
import { STATUSES } from '../../../../plugin/src/floormap/fleet/status';
import type { Palette } from '../../../../plugin/src/floormap/paint/palette';
import type { DrawablePlan, HeatPicture } from '../../../../plugin/src/floormap/paint/scene';
import { HALL } from './syntheticFleet';

/** Colours of the dark theme. They do not affect the result. */
export const BENCH_PALETTE: Palette = {
  isDark: true,
  statusFill: STATUSES.map((_, i) => `hsl(${i * 36}, 70%, 60%)`),
  outline: 'rgba(12, 14, 18, 0.9)',
  sign: '#111217',
  text: '#ccccdc',
  textHalo: '#181b1f',
  selection: '#6e9fff',
  warning: '#ff9830',
  floor: [30, 34, 41],
  wall: [104, 116, 135],
};

/** A plan with racks at 10 cm per pixel, 5,000 × 2,800 pixels. */
export function benchPlan(): DrawablePlan {
  const metresPerPixel = 0.1;
  const picture = document.createElement('canvas');
  picture.width = HALL.widthMetres / metresPerPixel;
  picture.height = HALL.heightMetres / metresPerPixel;
  const pen = picture.getContext('2d', { willReadFrequently: true });
  if (pen) {
    pen.fillStyle = `rgb(${BENCH_PALETTE.floor.join()})`;
    pen.fillRect(0, 0, picture.width, picture.height);
    pen.fillStyle = `rgb(${BENCH_PALETTE.wall.join()})`;
    for (let x = 100; x < picture.width - 400; x += 500)
      for (let y = 100; y < picture.height - 100; y += 80) pen.fillRect(x, y, 400, 30);
  }
  return {
    picture,
    geometry: {
      widthPixels: picture.width,
      heightPixels: picture.height,
      metresPerPixel,
      originXMetres: 0,
      originYMetres: 0,
      yawRadians: 0,
    },
  };
}

/** A heat map that covers most of the hall, as a week of dwell times does. */
export function benchHeat(): HeatPicture {
  const found: Array<[number, number]> = [];
  for (let x = 0; x < HALL.widthMetres; x++)
    for (let y = 0; y < HALL.heightMetres; y++) if ((x + y) % 3 > 0) found.push([x, y]);
  const cells: Cells = {
    sideMetres: 1,
    columns: Int32Array.from(found, ([x]) => x),
    rows: Int32Array.from(found, ([, y]) => y),
    values: Float64Array.from(found, ([x, y]) => (x * y) % 600),
    leftOut: 0,
  };
  const colours = Array.from({ length: 64 }, (_, k) => [4 * k, 160, 250 - 3 * k, 255] as const);
  return drawHeat(cells, { min: 0, max: 600, colours, isOver: false, isUnder: false }, 0.7);
}
