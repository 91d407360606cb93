import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { allocateFleet } from './fleet';
import { countOccupancy } from './shapeOccupancy';

const named = { id: 'a', name: 'a', kind: 'a', mapId: 'hall' };
const at = (xMetres: number, yMetres: number) => ({ xMetres, yMetres });
const shapes: MapShape[] = [
  { type: 'zone', ...named, corners: [at(0, 0), at(10, 0), at(0, 10)] },
  { type: 'lane', ...named, path: [at(0, 20), at(10, 20)] },
  { type: 'station', ...named, at: at(5, 20), headingRadians: null },
];

it('counts placed robots in zones, on lanes and at stations', () => {
  const fleet = allocateFleet(5, 0);
  fleet.xMetres.set([1, 9, 5, 2, NaN]);
  fleet.yMetres.set([1, 9, 20.5, 2, NaN]);
  // The fourth is inside the zone but not placed on this floor; the second inside its bounding box only.
  expect([...countOccupancy(shapes, fleet, Uint8Array.from([1, 1, 1, 0, 0]))]).toEqual([1, 1, 1]);
});
