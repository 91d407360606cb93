import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGeoJson } from '@floorwatch/floorplan/geojson';
import type { Lane, MapShape, Station, Zone } from '@floorwatch/floorplan/map-shape';
import { placeShapes } from '@floorwatch/floorplan/place-shapes';
import { expect, it } from 'vitest';
import type { Floor } from './floor.ts';
import { loadDemoFloors } from './plans.ts';
import { findStations } from './stations.ts';

const floors = await loadDemoFloors();

function placesOf({ mapId }: Floor): readonly MapShape[] {
  const file = join(import.meta.dirname, `../../plans/${mapId}.geojson`);
  return placeShapes(parseGeoJson(JSON.parse(readFileSync(file, 'utf8')), file).shapes, file);
}

const isZone = (shape: MapShape): shape is Zone => shape.type === 'zone';
const isLane = (shape: MapShape): shape is Lane => shape.type === 'lane';
const isStation = (shape: MapShape): shape is Station => shape.type === 'station';

/** The free cell at a position; undefined where no robot can be. */
function cellAt(floor: Floor, { xMetres, yMetres }: { xMetres: number; yMetres: number }): number | undefined {
  return floor.cells.find((cell) => {
    const centre = floor.positionOf(cell);
    // Half the diagonal of a cell, because the map frame can be rotated relative to the grid.
    return Math.hypot(centre.xMetres - xMetres, centre.yMetres - yMetres) <= Math.SQRT1_2 * 0.5 + 1e-3;
  });
}

it.each(floors)('the chargers on the plan of $mapId are where the simulated fleet charges', (floor) => {
  const marked = placesOf(floor).filter((shape) => isStation(shape) && shape.kind === 'charging');
  const used = findStations(floor).chargers;
  expect(marked.map((shape) => isStation(shape) && cellAt(floor, shape.at))).toEqual(used);
});

it.each(floors)('every other station of $mapId is where the fleet picks and drops', (floor) => {
  const work = new Set(findStations(floor).work);
  const stops = placesOf(floor)
    .filter(isStation)
    .filter(({ kind }) => kind === 'station');
  expect(stops.length).toBeGreaterThan(0);
  for (const { name, at } of stops) expect(work.has(cellAt(floor, at) ?? -1), name).toBe(true);
});

it.each(floors)('the lanes of $mapId run over free cells in both directions', (floor) => {
  const lanes = placesOf(floor).filter(isLane);
  expect(lanes.length).toBeGreaterThan(0);
  for (const { name, path } of lanes) {
    const [start, end] = path;
    if (!start || !end) throw new Error(`${name} has no ends`);
    for (let share = 0; share <= 1; share += 0.005) {
      const xMetres = start.xMetres + share * (end.xMetres - start.xMetres);
      const yMetres = start.yMetres + share * (end.yMetres - start.yMetres);
      expect(cellAt(floor, { xMetres, yMetres }), `${name} at ${xMetres}, ${yMetres}`).toBeDefined();
    }
    expect(lanes, name).toContainEqual(expect.objectContaining({ name, path: [end, start] }));
  }
});

it.each(floors)('the zones of $mapId have unique names', (floor) => {
  const names = placesOf(floor)
    .filter(isZone)
    .map(({ name }) => name);
  expect(names).toContain('Charging');
  expect(new Set(names).size).toBe(names.length);
});
