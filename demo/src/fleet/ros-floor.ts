import type { GreyImage } from '@floorwatch/floorplan/pgm';
import { occupancyOf } from '@floorwatch/floorplan/ros-map';
import { rosMapGeometry, type RosMap } from '@floorwatch/floorplan/ros-map';
import { pixelToMap } from '@floorwatch/floorplan/transform';
import { createFloor, type Floor } from './floor.ts';

/** The footprint of a robot and the width of a grid cell. */
const CELL_METRES = 0.5;

/** The drivable grid of a ROS map: a cell is free if all of its pixels are free. */
export function rosFloor(map: RosMap, image: GreyImage, mapId: string): Floor {
  const { widthPixels, heightPixels, grey } = image;
  const geometry = rosMapGeometry(map, widthPixels, heightPixels);
  const cellPixels = Math.max(1, CELL_METRES / map.metresPerPixel);
  const columns = Math.floor(widthPixels / cellPixels);
  const rows = Math.floor(heightPixels / cellPixels);

  const isFreePixel = (u: number, v: number) => occupancyOf(map, grey[v * widthPixels + u] ?? 0) === 'free';
  const isFreeCell = (column: number, row: number) => {
    for (let v = Math.floor(row * cellPixels); v < (row + 1) * cellPixels; v++) {
      for (let u = Math.floor(column * cellPixels); u < (column + 1) * cellPixels; u++) {
        if (!isFreePixel(u, v)) return false;
      }
    }
    return true;
  };
  const free = Array.from({ length: columns * rows }, (_, cell) =>
    isFreeCell(cell % columns, Math.floor(cell / columns))
  );
  const positionOf = (cell: number) =>
    pixelToMap(geometry, {
      u: ((cell % columns) + 0.5) * cellPixels,
      v: (Math.floor(cell / columns) + 0.5) * cellPixels,
    });
  return createFloor({ mapId, columns, rows, positionOf }, free);
}
