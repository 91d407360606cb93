import type { MapPoint } from './transform.ts';

/** A shape on a floor, in metres of the map frame: an area, a lane that robots drive, or a station where they stop. */
export type MapShape = Zone | Lane | Station;

interface Named {
  /** Unique among shapes of its type on its map. */
  id: string;
  name: string;
  /** Purpose in lower case, such as 'blocked', 'speed_limit', 'lane'. */
  kind: string;
  /** Null if the file does not name the map. The import then sets it. */
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
  /** Heading of a robot at the station, counter-clockwise from +x. Null: any heading. */
  headingRadians: number | null;
}

/** A shape whose map is known. */
export type PlacedShape = MapShape & { mapId: string };

/** The content of a plan file. */
export interface PlanShapes {
  shapes: MapShape[];
  /** All maps that the file names, also those without shapes. */
  mapIds: string[];
  /** Entries that a floor cannot show, each with the reason in one sentence. */
  leftOut: { id: string; reason: string }[];
}

/** A tenth of a millimetre. A narrower polygon is a line. */
const NARROWEST_METRES = 1e-4;

/** False if all corners are on one line or at one point. */
export function hasArea(corners: readonly MapPoint[]): boolean {
  const [first] = corners;
  if (!first) return false;
  const from = corners.map(({ xMetres, yMetres }) => ({ x: xMetres - first.xMetres, y: yMetres - first.yMetres }));
  const farthest = from.reduce((a, b) => (Math.hypot(b.x, b.y) > Math.hypot(a.x, a.y) ? b : a));
  const length = Math.hypot(farthest.x, farthest.y);
  return from.some(({ x, y }) => Math.abs(farthest.x * y - farthest.y * x) > NARROWEST_METRES * length);
}
