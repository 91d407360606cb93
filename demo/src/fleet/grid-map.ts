import { createFloor, type Floor } from './floor.ts';
import { InputError } from '@floorwatch/servers/errors';

/** Free cells in maps of the League of Robot Runners: open floor and two kinds of work stations. */
const FREE = new Set(['.', 'E', 'S']);

/**
 * Reads a grid in the `.map` format (header `type`, `height`, `width`, `map`, then one line per row).
 * A cell is one metre wide: x = column + 0.5, y = height − 1 − row + 0.5.
 * @throws InputError with the file, the line and the problem
 */
export function parseGridMap(text: string, file: string, mapId: string): Floor {
  const lines = text.split(/\r?\n/);
  const start = lines.indexOf('map');
  if (start < 0) throw new InputError(`${file}: no line "map": this is not a .map grid`);
  const header = new Map(lines.slice(0, start).map((line) => line.split(/\s+/, 2) as [string, string]));
  const rows = size(header, 'height', file);
  const columns = size(header, 'width', file);
  const grid = lines.slice(start + 1, start + 1 + rows);
  const short = grid.findIndex((line) => line.length !== columns);
  if (grid.length < rows || short >= 0) {
    const line = short >= 0 ? short : grid.length;
    throw new InputError(`${file}:${start + 2 + line}: expected ${rows} rows of ${columns} cells`);
  }
  const positionOf = (cell: number) => ({
    xMetres: (cell % columns) + 0.5,
    yMetres: rows - 1 - Math.floor(cell / columns) + 0.5,
  });
  const free = grid.flatMap((line) => Array.from(line, (symbol) => FREE.has(symbol)));
  return createFloor({ mapId, columns, rows, positionOf }, free);
}

function size(header: ReadonlyMap<string, string>, key: 'height' | 'width', file: string): number {
  const cells = Number(header.get(key));
  if (Number.isInteger(cells) && cells > 0) return cells;
  throw new InputError(`${file}: "${key}" must be a whole number of cells, got "${header.get(key) ?? ''}"`);
}
