import type { Floor } from '../fleet/placement';

/** Place of a floor in the rotation, from 1. */
export interface RotationPlace {
  nth: number;
  /** Floors with robots. */
  floors: number;
  /** The floor that comes next; null where there is no other. */
  next: string | null;
}

/**
 * Floors rotate in the order of their names: their usual order, by robots, changes while robots move, and a floor would be left out.
 * A floor that its last robot has left while it is shown has nth 0, and the rotation continues where it would stand.
 */
export function placeInRotation(floors: readonly Floor[], mapId: string | null): RotationPlace {
  const names = floors.map((floor) => floor.mapId).sort(compareNames);
  const place = mapId === null ? -1 : names.indexOf(mapId);
  const after = mapId === null ? 0 : names.findIndex((name) => compareNames(name, mapId) > 0);
  const next = names[after < 0 ? 0 : after] ?? null;
  return { nth: place + 1, floors: names.length, next: next === mapId ? null : next };
}

/** 0 for the same name only: `hall-1` and `hall-01` are two floors, and a language sorts them alike. */
function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : Number(a > b));
}
