import type { MapPoint } from './transform.ts';

/** Something drawn on a floor, in metres of the map frame: an area, a way that robots drive, or a place they stop at. */
export type MapShape = Zone | Lane | Station;

interface Named {
  /** Unique among shapes of its type on its map. */
  id: string;
  name: string;
  /** What it is for, in lower case: 'blocked', 'speed_limit', 'lane' ... */
  kind: string;
  /** Null where the file does not say: then whoever imports it must. */
  mapId: string | null;
}

export interface Zone extends Named {
  type: 'zone';
  /** At least three corners; the last one joins the first. */
  corners: MapPoint[];
}

export interface Lane extends Named {
  type: 'lane';
  /** At least two points, in the direction of travel. */
  path: MapPoint[];
}

export interface Station extends Named {
  type: 'station';
  at: MapPoint;
  /** Direction in which a robot stands there, counter-clockwise from +x; null when it does not matter. */
  headingRadians: number | null;
}

/** A shape whose map is known. */
export type PlacedShape = MapShape & { mapId: string };

/** What a plan file holds. */
export interface PlanShapes {
  shapes: MapShape[];
  /** The maps that the file names, those on which it has nothing too. */
  mapIds: string[];
  /** What the file holds but no floor can show, each with the reason in one sentence. */
  leftOut: { id: string; reason: string }[];
}

/** A tenth of a millimetre: what is narrower is a line. */
const NARROWEST_METRES = 1e-4;

/** Whether corners enclose anything: not when all of them lie on one line, or in one point. */
export function hasArea(corners: readonly MapPoint[]): boolean {
  const [first] = corners;
  if (!first) return false;
  const from = corners.map(({ xMetres, yMetres }) => ({ x: xMetres - first.xMetres, y: yMetres - first.yMetres }));
  const farthest = from.reduce((a, b) => (Math.hypot(b.x, b.y) > Math.hypot(a.x, a.y) ? b : a));
  const length = Math.hypot(farthest.x, farthest.y);
  return from.some(({ x, y }) => Math.abs(farthest.x * y - farthest.y * x) > NARROWEST_METRES * length);
}
