import { basename, extname } from 'node:path';
import type { MapShape, PlacedShape, PlanShapes } from './map-shape.ts';
import { PlanError } from './plan-error.ts';

/**
 * Gives shapes a map: the wanted one, else the one that the file says, else the file's name without its ending.
 * @throws PlanError when one map is wanted for a file that holds several, or two shapes of a map have one id
 */
export function placeShapes(shapes: readonly MapShape[], file: string, mapId?: string): PlacedShape[] {
  const named = [...new Set(shapes.map((shape) => shape.mapId).filter((id) => id !== null))];
  if (mapId !== undefined && named.length > 1) {
    throw new PlanError(file, `holds the maps ${named.join(', ')}: --map-id would put them on one floor`);
  }
  const placed = shapes.map((shape) => ({ ...shape, mapId: mapId ?? shape.mapId ?? mapOfFile(file) }));
  const seen = new Set<string>();
  for (const { type, mapId: map, id } of placed) {
    const key = `${type} ${id} of map ${map}`;
    if (seen.has(key)) throw new PlanError(file, `${key} is there twice`);
    seen.add(key);
  }
  return placed;
}

/**
 * The maps that a file speaks for, so that replacing can empty one: a zone set without zones is about its map all the same.
 * @param placed the file's shapes with their maps
 */
export function mapsOf(plan: PlanShapes, placed: readonly PlacedShape[], file: string, mapId?: string): string[] {
  if (mapId !== undefined) return [mapId];
  const mapIds = new Set([...plan.mapIds, ...placed.map((shape) => shape.mapId)]);
  return mapIds.size > 0 ? [...mapIds] : [mapOfFile(file)];
}

function mapOfFile(file: string): string {
  return basename(file, extname(file));
}
