import { findStations } from '../src/fleet/stations.ts';
import type { Floor } from '../src/fleet/floor.ts';

/** Zones, aisles and stops of a floor, in metres from the lower-left corner of the plan. */
export interface Places {
  /** Name, kind, and left, bottom, right, top. */
  zones: readonly (readonly [string, string, number, number, number, number])[];
  /** Name and two ends. Robots drive in both directions. */
  aisles: readonly (readonly [string, number, number, number, number])[];
  /** Name and position. A robot there faces the lower edge of the plan. */
  stops: readonly (readonly [string, number, number])[];
}

export const hallPlaces: Places = {
  zones: [
    ['Charging', 'charging', 0.3, 15.5, 3.5, 39.7],
    ['Goods in', 'zone', 7, 0.3, 24, 7.7],
    ['Packing', 'zone', 24, 0.3, 40, 7.7],
    ['Goods out', 'zone', 40, 0.3, 51.5, 7.7],
    ['Storage A', 'zone', 8, 9, 19.5, 36],
    ['Storage B', 'zone', 22.5, 9, 34, 36],
    ['Storage C', 'zone', 37, 9, 48.5, 36],
    ['Buffer', 'zone', 52, 10, 59.7, 39.7],
    ['Office', 'speed_limit', 52.3, 0.3, 59.7, 9],
  ],
  aisles: [
    ['Dock way', 5.5, 2, 50, 2],
    ['South way', 5.5, 8.2, 50, 8.2],
    ['Aisle 1', 5.5, 12.5, 50, 12.5],
    ['Aisle 2', 5.5, 17.5, 50, 17.5],
    // Past the columns.
    ['Aisle 3', 5.5, 22.9, 50, 22.9],
    ['Aisle 4', 5.5, 27.5, 50, 27.5],
    ['Aisle 5', 5.5, 32.5, 50, 32.5],
    ['North way', 5.5, 38.5, 50, 38.5],
    ['West way', 5.5, 2, 5.5, 38.5],
    ['Cross A', 20.2, 8.2, 20.2, 38.5],
    ['Cross B', 34.6, 8.2, 34.6, 38.5],
    ['East way', 50, 2, 50, 38.5],
  ],
  stops: [
    ['In 1', 12.25, 5.75],
    ['In 2', 20.25, 5.75],
    ['Pack 1', 28.25, 5.75],
    ['Pack 2', 36.25, 5.75],
    ['Out 1', 44.25, 5.75],
  ],
};

export const mezzaninePlaces: Places = {
  zones: [
    ['Charging', 'charging', 0.3, 0.3, 3, 19.7],
    ['Lift', 'zone', 11, 2.3, 19, 4.8],
    ['Small parts A', 'zone', 5, 5, 14, 16],
    ['Small parts B', 'zone', 17, 5, 26, 16],
    ['Returns', 'zone', 27.2, 0.3, 29.7, 19.7],
  ],
  aisles: [
    ['South way', 4, 3.6, 26.6, 3.6],
    ['Aisle 1', 4, 8.25, 26.6, 8.25],
    ['Aisle 2', 4, 12.75, 26.6, 12.75],
    ['North way', 4, 17.75, 26.6, 17.75],
    ['West way', 4, 3.6, 4, 17.75],
    ['Middle way', 15.5, 3.6, 15.5, 17.75],
    ['East way', 26.6, 3.6, 26.6, 17.75],
  ],
  stops: [
    ['Lift 1', 13.25, 2.75],
    ['Lift 2', 16.75, 2.75],
  ],
};

/** Heading of a robot that faces the lower edge of the plan, in the frame of the plan. */
const DOWN_RADIANS = -Math.PI / 2;

/**
 * The places as GeoJSON in metres of the map frame, one feature per line, with the chargers that the simulated fleet uses.
 * @param origin x m, y m, yaw rad of the plan's lower-left corner
 */
export function drawPlaces(
  { zones, aisles, stops }: Places,
  floor: Floor,
  origin: readonly [number, number, number]
): string {
  const [originX, originY, yaw] = origin;
  const place = (x: number, y: number) => [
    millimetres(originX + x * Math.cos(yaw) - y * Math.sin(yaw)),
    millimetres(originY + x * Math.sin(yaw) + y * Math.cos(yaw)),
  ];
  const features = [
    ...zones.map(([name, kind, left, bottom, right, top]) => {
      const ring = [place(left, bottom), place(right, bottom), place(right, top), place(left, top)];
      return feature({ name, kind }, { type: 'Polygon', coordinates: [[...ring, ring[0]]] });
    }),
    ...aisles.flatMap(([name, x1, y1, x2, y2]) => {
      const ends = [place(x1, y1), place(x2, y2)];
      const way = (id: string, coordinates: unknown) => feature({ id, name }, { type: 'LineString', coordinates });
      return [way(name, ends), way(`${name}, back`, ends.toReversed())];
    }),
    ...stops.map(([name, x, y]) =>
      feature({ name, theta: millimetres(DOWN_RADIANS + yaw) }, { type: 'Point', coordinates: place(x, y) })
    ),
    ...findStations(floor).chargers.map((cell, index) => {
      const { xMetres, yMetres } = floor.positionOf(cell);
      const coordinates = [millimetres(xMetres), millimetres(yMetres)];
      return feature({ name: `C${index + 1}`, kind: 'charging' }, { type: 'Point', coordinates });
    }),
  ];
  return `{"type":"FeatureCollection","features":[\n${features.map((one) => JSON.stringify(one)).join(',\n')}\n]}\n`;
}

function feature(properties: { name: string } & Record<string, unknown>, geometry: object): object {
  return { type: 'Feature', properties: { id: properties.name, ...properties }, geometry };
}

function millimetres(metres: number): number {
  return Math.round(metres * 1_000) / 1_000;
}
