import { basename, extname } from 'node:path';
import type { MapShape, PlacedShape, PlanShapes } from './map-shape.ts';
import { PlanError } from './plan-error.ts';

/**
 * Sets the map of each shape: the given one, else the one in the file, else the file name without its extension.
 * @throws PlanError when one map is given for a file with several, or when two shapes of a map have the same id
 */
export function placeShapes(shapes: readonly MapShape[], file: string, mapId?: string): PlacedShape[] {
  const named = [...new Set(shapes.map((shape) => shape.mapId).filter((id) => id !== null))];
  if (mapId !== undefined && named.length > 1) {
    throw new PlanError(
      file,
      `contains the maps ${named.join(', ')}, and --map-id would merge them into one. Import the file without --map-id.`
    );
  }
  const placed = shapes.map((shape) => ({ ...shape, mapId: mapId ?? shape.mapId ?? mapOfFile(file) }));
  const seen = new Set<string>();
  for (const { type, mapId: map, id } of placed) {
    const key = `${type} ${id} of map ${map}`;
    if (seen.has(key)) throw new PlanError(file, `${key} is defined twice`);
    seen.add(key);
  }
  return placed;
}

/**
 * The maps of a file, so that an import can also empty a map: a zone set without zones still names its map.
 * @param placed the shapes of the file with their maps
 */
export function mapsOf(plan: PlanShapes, placed: readonly PlacedShape[], file: string, mapId?: string): string[] {
  if (mapId !== undefined) return [mapId];
  const mapIds = new Set([...plan.mapIds, ...placed.map((shape) => shape.mapId)]);
  return mapIds.size > 0 ? [...mapIds] : [mapOfFile(file)];
}

function mapOfFile(file: string): string {
  return basename(file, extname(file));
}
