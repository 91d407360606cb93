import { t } from '@grafana/i18n';
import type { HeatPicture } from '../paint/scene';
import type { Cells } from './cells';
import { stepOf, type HeatScale } from './heatScale';

/** Cells along a side of a tile. Far-apart cells then cost what they are, not the floor between them. */
const TILE = 256;
/** 100 MB of pixels; a floor of 1 km² has 16. */
const MAX_TILES = 400;

/** Where a cell's pixel lies, pixels from the upper left of its tile, as an index into ImageData by pixel. */
export function placeCell(column: number, row: number): { tile: string; pixel: number } {
  const [across, up] = [Math.floor(column / TILE), Math.floor(row / TILE)];
  const [u, v] = [column - across * TILE, TILE - 1 - (row - up * TILE)];
  return { tile: `${across} ${up}`, pixel: v * TILE + u };
}

/** @throws Error in one sentence when the cells are too far apart for a floor */
export function drawHeat(cells: Cells, scale: HeatScale, opacity: number): HeatPicture {
  const pixels = new Map<string, Uint8ClampedArray<ArrayBuffer>>();
  cells.values.forEach((value, i) => {
    const { tile, pixel } = placeCell(cells.columns[i] ?? 0, cells.rows[i] ?? 0);
    let square = pixels.get(tile);
    if (!square) {
      if (pixels.size === MAX_TILES) {
        throw new Error(t('map.layers.far', 'its cells lie too far apart for one floor'));
      }
      pixels.set(tile, (square = new Uint8ClampedArray(TILE * TILE * 4)));
    }
    square.set(scale.colours[stepOf(scale, value)] ?? [0, 0, 0, 0], pixel * 4);
  });
  const tiles = [...pixels].flatMap(([tile, square]) => {
    const [across = 0, up = 0] = tile.split(' ').map(Number);
    const picture = document.createElement('canvas');
    picture.width = picture.height = TILE;
    const pen = picture.getContext('2d');
    if (!pen) return [];
    pen.putImageData(new ImageData(square, TILE, TILE), 0, 0);
    const side = TILE * cells.sideMetres;
    return [{ picture, minXMetres: across * side, maxYMetres: (up + 1) * side, sideMetres: side }];
  });
  return { tiles, opacity };
}
