import type { MapShape } from './map-shape.ts';
import type { MapPoint } from './transform.ts';

/** A shape as the command line prints it: field names of the contract, metres, radians. */
export interface ShapeJson {
  type: MapShape['type'];
  id: string;
  name: string;
  kind: string;
  map_id: string | null;
  points: { x: number; y: number }[];
  /** Set for a station that has a heading. */
  theta?: number;
}

export function shapeJson(shape: MapShape): ShapeJson {
  const { type, id, name, kind, mapId: map_id } = shape;
  const points = pointsOf(shape).map(({ xMetres: x, yMetres: y }) => ({ x, y }));
  const json: ShapeJson = { type, id, name, kind, map_id, points };
  if (shape.type === 'station' && shape.headingRadians !== null) json.theta = shape.headingRadians;
  return json;
}

function pointsOf(shape: MapShape): MapPoint[] {
  switch (shape.type) {
    case 'zone':
      return shape.corners;
    case 'lane':
      return shape.path;
    case 'station':
      return [shape.at];
  }
}
