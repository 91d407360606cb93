/** Narrower, the name of a tile takes three lines. */
const MIN_TILE_PX = 118;
/** On a wall display, tiles are read from afar. */
const MIN_TILE_SHARE = 0.06;
const GAP_PX = 8;

/**
 * In how many columns tiles stand: as few rows as there is room for, and these as equal as they can be, instead of a full row and
 * two tiles below it.
 * @param windowPx width of the window
 */
export function evenColumns(tiles: number, widthPx: number, windowPx: number): number {
  const tilePx = Math.max(MIN_TILE_PX, MIN_TILE_SHARE * windowPx);
  const most = Math.max(1, Math.floor((widthPx + GAP_PX) / (tilePx + GAP_PX)));
  const rows = Math.max(1, Math.ceil(tiles / most));
  return Math.max(1, Math.ceil(tiles / rows));
}
