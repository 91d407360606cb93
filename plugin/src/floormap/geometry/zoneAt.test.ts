import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { zoneAt, zonesOf } from './zoneAt';

const square = (name: string, from: number, to: number): MapShape => ({
  type: 'zone',
  id: name,
  name,
  kind: 'zone',
  mapId: 'hall',
  corners: [
    [from, from],
    [to, from],
    [to, to],
    [from, to],
  ].map(([xMetres = NaN, yMetres = NaN]) => ({ xMetres, yMetres })),
});
const lane: MapShape = { ...square('Way', 0, 1), type: 'lane', path: [{ xMetres: 50, yMetres: 0 }] };

it('takes the smallest of zones that lie over one another', () => {
  const nested = [square('Dock', 4, 6), square('Hall', 0, 20), lane];
  expect(zoneAt(nested, { xMetres: 5, yMetres: 5 })?.name).toBe('Dock');
  expect(zoneAt(nested.toReversed(), { xMetres: 5, yMetres: 5 })?.name).toBe('Dock');
  expect(zoneAt(nested, { xMetres: 10, yMetres: 10 })?.name).toBe('Hall');
  expect(zoneAt(nested, { xMetres: 50, yMetres: 0 })).toBeNull();
});

it('lists zones by name, numbers by their size', () => {
  const names = ['Dock 10', 'Aisle', 'Dock 9'].map((name) => square(name, 0, 1));
  expect(zonesOf([...names, lane]).map(({ name }) => name)).toEqual(['Aisle', 'Dock 9', 'Dock 10']);
});
