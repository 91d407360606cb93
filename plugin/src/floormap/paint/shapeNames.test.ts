import type { MapShape } from '@floorwatch/ingestor/plans/map-shape';
import { createTheme } from '@grafana/data';
import { paletteOf } from './palette';
import { namesToDraw } from './shapeNames';
import { prepareShapes } from './zoneLayer';

const at = (xMetres: number, yMetres: number) => ({ xMetres, yMetres });
const named = (name: string) => ({ id: name, name, kind: 'zone', mapId: 'hall' });
/** Eight metres high around this middle. */
const zone = (name: string, left: number, right: number, middle = 0): MapShape => ({
  type: 'zone',
  ...named(name),
  corners: [at(left, middle - 4), at(right, middle - 4), at(right, middle + 4), at(left, middle + 4)],
});
const lane: MapShape = { type: 'lane', ...named('Way'), path: [at(0, 0), at(20, 0)] };
const station = (name: string, x: number, y: number): MapShape => ({
  type: 'station',
  ...named(name),
  at: at(x, y),
  headingRadians: null,
});
const palette = paletteOf(createTheme());

function names(shapes: MapShape[], pxPerMetre: number, robotsIn: number[] = []): string[] {
  const view = { widthPx: 800, heightPx: 800, centreXMetres: 10, centreYMetres: 0, pxPerMetre };
  return namesToDraw(view, prepareShapes(shapes), Uint32Array.from(robotsIn), palette).map(({ text }) => text);
}

it('names a place with the robots in it, where the name fits', () => {
  expect(names([zone('Dock', 0, 10)], 10, [3])).toEqual(['Dock · 3']);
  expect(names([zone('Dock', 0, 10)], 2, [3])).toEqual([]);
});

it('gives the room to the zone where the name of a lane would cover its own', () => {
  expect(names([lane, zone('Dock', 5, 15, 3)], 10)).toEqual(['Dock', 'Way']);
  expect(names([lane, zone('Dock', 5, 15, -1)], 10)).toEqual(['Dock']);
});

it('names stations in a dense row only from nearby', () => {
  const row = [0, 1, 2].map((y) => station(`C${y}`, 10, y));
  expect(names(row, 12)).toEqual([]);
  expect(names(row, 26)).toEqual(['C0', 'C1', 'C2']);
  expect(names([station('Alone', 10, 0)], 12)).toEqual(['Alone']);
});

it('names two stations of one place once', () => {
  expect(names([station('Pick', 10, 0), station('Drop', 10, 0)], 20)).toEqual(['Pick']);
});
