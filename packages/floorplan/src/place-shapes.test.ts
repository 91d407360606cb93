import { expect, it } from 'vitest';
import type { MapShape } from './map-shape.ts';
import { mapsOf, placeShapes } from './place-shapes.ts';

const station = (id: string, mapId: string | null): MapShape => ({
  type: 'station',
  id,
  name: id,
  kind: 'station',
  mapId,
  at: { xMetres: 0, yMetres: 0 },
  headingRadians: null,
});

it('uses the given map, else the one in the file, else the file name', () => {
  const mapIdOf = (shape: MapShape, mapId?: string) => placeShapes([shape], 'plans/ground.geojson', mapId)[0]?.mapId;
  expect(mapIdOf(station('a', 'hall'), 'wanted')).toBe('wanted');
  expect(mapIdOf(station('a', 'hall'))).toBe('hall');
  expect(mapIdOf(station('a', null))).toBe('ground');
});

it('rejects one map for a file with two maps', () => {
  const shapes = [station('a', 'hall'), station('b', 'mezzanine')];
  expect(() => placeShapes(shapes, 'site.lif', 'hall')).toThrow('site.lif: contains the maps hall, mezzanine');
});

it('rejects the same id twice on one map, and accepts it on two maps', () => {
  expect(() => placeShapes([station('a', 'hall'), station('a', null)], 'hall.json')).toThrow(
    'hall.json: station a of map hall is defined twice'
  );
  expect(placeShapes([station('a', 'hall'), station('a', null)], 'mezzanine.json')).toHaveLength(2);
});

it('lists the maps that a file names, also those without shapes', () => {
  const empty = { shapes: [], mapIds: ['hall'], leftOut: [] };
  const placed = placeShapes([station('a', 'attic')], 'zones.json');
  expect(mapsOf(empty, placed, 'zones.json')).toEqual(['hall', 'attic']);
  expect(mapsOf(empty, [], 'zones.json', 'wanted')).toEqual(['wanted']);
  expect(mapsOf({ ...empty, mapIds: [] }, [], 'plans/ground.geojson')).toEqual(['ground']);
});
