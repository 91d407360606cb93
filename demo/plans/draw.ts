import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRosMap } from '@floorwatch/floorplan/ros-map';
import { encode } from 'fast-png';
import { rosFloor } from '../src/fleet/ros-floor.ts';
import { drawPlaces, hallPlaces, mezzaninePlaces, type Places } from './places.ts';

/** Draws the demo warehouse as ROS maps, and its zones, lanes and stations as GeoJSON: `npm run plans -w demo`. */

interface Plan {
  name: string;
  widthMetres: number;
  heightMetres: number;
  /** x m, y m, yaw rad of the lower-left corner in the map frame. */
  origin: readonly [number, number, number];
  /** Racks, walls and columns: left, bottom, width, height in metres from the lower-left corner. */
  obstacles: readonly (readonly [number, number, number, number])[];
  places: Places;
}

const METRES_PER_PIXEL = 0.05;
const OCCUPIED = 0;
const FREE = 254;

function outerWalls(width: number, height: number): Plan['obstacles'] {
  const thick = 0.3;
  return [
    [0, 0, width, thick],
    [0, height - thick, width, thick],
    [0, 0, thick, height],
    [width - thick, 0, thick, height],
  ];
}

/** Blocks of double racks, 2 m deep, with cross aisles between the blocks. */
function racks(lefts: readonly number[], bottoms: readonly number[], width: number): Plan['obstacles'] {
  return bottoms.flatMap((bottom) => lefts.map((left) => [left, bottom, width, 2] as const));
}

const hall: Plan = {
  name: 'hall',
  widthMetres: 60,
  heightMetres: 40,
  origin: [-5, -3, 0],
  obstacles: [
    ...outerWalls(60, 40),
    ...racks([8, 22.5, 37], [9, 14, 19, 24, 29, 34], 11.5),
    // Packing tables along the docks, and the office in the corner.
    ...[10, 18, 26, 34, 42].map((left) => [left, 4, 4, 1.5] as const),
    [52, 0.3, 0.3, 9],
    [52, 9, 5.5, 0.3],
    // Columns of the hall.
    ...[20.8, 35.3].flatMap((left) => [7, 22, 37.5].map((bottom) => [left, bottom, 0.4, 0.4] as const)),
  ],
  places: hallPlaces,
};

/** Its origin is its own staircase, so its map frame is rotated. */
const mezzanine: Plan = {
  name: 'mezzanine',
  widthMetres: 30,
  heightMetres: 20,
  origin: [4, 2, 0.2],
  obstacles: [...outerWalls(30, 20), ...racks([5, 17], [5, 9.5, 14], 9), [12, 0.3, 6, 2]],
  places: mezzaninePlaces,
};

const toPixels = (metres: number) => Math.round(metres / METRES_PER_PIXEL);

/** The YAML and the image of a plan, as `map_server` reads them, and its zones, lanes and stations. */
function draw({ name, widthMetres, heightMetres, origin, obstacles, places }: Plan): {
  yaml: string;
  png: Uint8Array;
  geojson: string;
} {
  const width = widthMetres / METRES_PER_PIXEL;
  const height = heightMetres / METRES_PER_PIXEL;
  const grey = new Uint8Array(width * height).fill(FREE);
  for (const obstacle of obstacles) {
    const [left, bottom, across, up] = obstacle.map(toPixels) as [number, number, number, number];
    for (let v = height - bottom - up; v < height - bottom; v++) {
      grey.fill(OCCUPIED, v * width + left, v * width + left + across);
    }
  }
  const yaml = [
    `image: ${name}.png`,
    'mode: trinary',
    `resolution: ${METRES_PER_PIXEL}`,
    `origin: [${origin.join(', ')}]`,
    'negate: 0',
    'occupied_thresh: 0.65',
    'free_thresh: 0.25',
    '',
  ].join('\n');
  const floor = rosFloor(parseRosMap(yaml, name), { widthPixels: width, heightPixels: height, grey }, name);
  return {
    yaml,
    png: encode({ width, height, data: grey, channels: 1, depth: 8 }),
    geojson: drawPlaces(places, floor, origin),
  };
}

/** Every generated file, with its name in this folder. */
export function demoPlans(): { file: string; content: string | Uint8Array }[] {
  return [hall, mezzanine].flatMap((plan) => {
    const { yaml, png, geojson } = draw(plan);
    return [
      { file: `${plan.name}.yaml`, content: yaml },
      { file: `${plan.name}.png`, content: png },
      { file: `${plan.name}.geojson`, content: geojson },
    ];
  });
}

if (import.meta.main) {
  for (const { file, content } of demoPlans()) await writeFile(join(import.meta.dirname, file), content);
}
