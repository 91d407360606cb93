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

it('takes the wanted map, else the one in the file, else the name of the file', () => {
  const mapIdOf = (shape: MapShape, mapId?: string) => placeShapes([shape], 'plans/ground.geojson', mapId)[0]?.mapId;
  expect(mapIdOf(station('a', 'hall'), 'wanted')).toBe('wanted');
  expect(mapIdOf(station('a', 'hall'))).toBe('hall');
  expect(mapIdOf(station('a', null))).toBe('ground');
});

it('does not put two floors on one', () => {
  const shapes = [station('a', 'hall'), station('b', 'mezzanine')];
  expect(() => placeShapes(shapes, 'site.lif', 'hall')).toThrow('site.lif: holds the maps hall, mezzanine');
});

it('refuses one id twice on a map, and takes it on two', () => {
  expect(() => placeShapes([station('a', 'hall'), station('a', null)], 'hall.json')).toThrow(
    'hall.json: station a of map hall is there twice'
  );
  expect(placeShapes([station('a', 'hall'), station('a', null)], 'mezzanine.json')).toHaveLength(2);
});

it('names the maps that a file speaks for, though it has nothing on them', () => {
  const empty = { shapes: [], mapIds: ['hall'], leftOut: [] };
  const placed = placeShapes([station('a', 'attic')], 'zones.json');
  expect(mapsOf(empty, placed, 'zones.json')).toEqual(['hall', 'attic']);
  expect(mapsOf(empty, [], 'zones.json', 'wanted')).toEqual(['wanted']);
  expect(mapsOf({ ...empty, mapIds: [] }, [], 'plans/ground.geojson')).toEqual(['ground']);
});
